"""What a PDF/A file says of itself: XMP and the same in the old information dictionary.

Neither holds anything personal: item titles are the checklist's own text, the record's id says nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.sax.saxutils import escape

from station.delivery.pdf_file import text

_PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
    xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
{properties}
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""
_IN_ONE_LANGUAGE = '<rdf:Alt><rdf:li xml:lang="x-default">{}</rdf:li></rdf:Alt>'


@dataclass(frozen=True, slots=True)
class About:
    """What is said: `remarks` in sentences, `software` that wrote the file, `at` its content is complete."""

    title: str
    remarks: tuple[str, ...]
    software: str
    at: datetime

    def packet(self) -> bytes:
        """Write the XMP packet (ISO 16684-1) with the PDF/A identification (ISO 19005-2, 6.6.4)."""
        lines = (f"   <{name}>{value}</{name}>" for name, value in self._properties())
        return _PACKET.format(properties="\n".join(lines)).encode()

    def information(self) -> bytes:
        """Write the information dictionary (ISO 32000-1:2008, 14.3.3)."""
        at = self.at.astimezone(UTC).strftime("(D:%Y%m%d%H%M%S+00'00')").encode()
        values = {b"Title": text(self.title), b"Creator": text(self.software), b"Producer": text(self.software)}
        values |= {b"CreationDate": at, b"ModDate": at}
        return b"<< %s >>" % b" ".join(b"/%s %s" % entry for entry in values.items())

    def _properties(self) -> Iterator[tuple[str, str]]:
        at = self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00")
        yield "pdfaid:part", "2"
        yield "pdfaid:conformance", "B"
        yield "dc:format", "application/pdf"
        yield "dc:title", _IN_ONE_LANGUAGE.format(escape(self.title))
        if self.remarks:
            yield "dc:description", _IN_ONE_LANGUAGE.format(escape(" ".join(self.remarks)))
        yield "pdf:Producer", escape(self.software)
        yield "xmp:CreatorTool", escape(self.software)
        yield from ((name, at) for name in ("xmp:CreateDate", "xmp:ModifyDate", "xmp:MetadataDate"))
