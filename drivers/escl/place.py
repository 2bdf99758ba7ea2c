"""Addresses of scanners as people and announcements write them: taken whole, or not at all."""

import re
from urllib.parse import urlsplit

from drivers.escl.line import Address

PORTS = {"http": 80, "https": 443}

_HOST = re.compile(r"[A-Za-z0-9._:%-]+")
_ROOT = re.compile(r"(/[!-~]*)?")


def place(url: str) -> Address | None:
    """Return the address that a URL is, up to and with the scanner's root; None when it is none of ours."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    plain = not (parts.query or parts.fragment or parts.username or parts.password)
    if parts.scheme not in PORTS or not plain:
        return None
    return at(parts.scheme == "https", parts.hostname or "", port or PORTS[parts.scheme], parts.path)


def at(secure: bool, host: str, port: int, root: str) -> Address | None:
    """Return the address of these parts; None when one of them cannot be."""
    root = root.rstrip("/")
    if not _HOST.fullmatch(host) or not _ROOT.fullmatch(root) or not 0 < port < 1 << 16:
        return None
    return Address(secure, host, port, root)
