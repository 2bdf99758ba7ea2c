"""One HTTP exchange after another with one scanner, bounded in time and size, and ended from outside."""

import hashlib
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection

from station.errors import AccessDenied, DeviceError, DeviceLost, DeviceOffline, DeviceTimeout, DriverFault

CHUNK_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class Address:
    """Where a scanner is. `root` is the path of its resources, without a slash at its end.

    `certificate` is the SHA-256 (64 hex digits, lower case) of the one certificate that is trusted; without it
    a scanner on TLS must have one that this machine's authorities vouch for.
    """

    secure: bool
    host: str
    port: int
    root: str
    certificate: str | None = None

    @property
    def authority(self) -> str:
        """The header Host: always with the port, which some devices insist on."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; names of headers are in lower case."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


class Line:
    """The way to one scanner, used on one thread; `hang_up` may come from any.

    Each exchange has a connection of its own: devices close it anyway, and nothing is left open between scans.
    """

    def __init__(self, address: Address, device: str, connect_timeout_s: float) -> None:
        """Connect at the first exchange."""
        self._address = address
        self._device = device
        self._connect_timeout_s = connect_timeout_s
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._hung_up = False
        self._answered = False
        self.kept = 0
        """How many pages are safe; every failure says it."""

    def ask(
        self,
        method: str,
        path: str,
        *,
        limit_s: float,
        most_bytes: int,
        body: bytes | None = None,
        host: str | None = None,
    ) -> Answer:
        """Send a request and read its answer within `limit_s` seconds; `host` is written in place of our own.

        With `most_bytes` 0 the body is not read: some devices drop the connection after the headers.

        Raises:
            DeviceOffline: nobody is there; DeviceLost when somebody was, or when the connection broke.
            DeviceTimeout: no answer in time.
            AccessDenied: the certificate is not the trusted one. DriverFault: not HTTP, or a longer body.
        """
        connection = self._connected()
        late = threading.Event()

        def give_up() -> None:
            late.set()
            self._shut()

        watch = threading.Timer(limit_s, give_up)
        watch.start()
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            connection.putheader("Host", host or self._address.authority)
            connection.putheader("Connection", "close")
            if body is not None:
                connection.putheader("Content-Type", "text/xml")
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            response = connection.getresponse()
            self._answered = True
            headers = {name.lower(): value for name, value in response.getheaders()}
            answer = Answer(response.status, headers, self._body(response, most_bytes))
            if late.is_set():  # cut in its headers, an answer looks like one that ends there
                raise TimeoutError
            return answer
        except (OSError, HTTPException, ValueError) as error:  # ValueError: chunks of no size
            if late.is_set():
                raise DeviceTimeout(device=self._device, kept=self.kept, seconds=limit_s) from error
            raise DeviceLost(device=self._device, kept=self.kept, detail=type(error).__name__) from error
        finally:
            watch.cancel()
            watch.join()
            with self._lock:
                self._socket = None
            connection.close()

    def hang_up(self) -> None:
        """End the exchange that is going on, and every later one as soon as it begins; from any thread."""
        with self._lock:
            self._hung_up = True
        self._shut()

    def _body(self, response: HTTPResponse, most_bytes: int) -> bytes:
        body = bytearray()
        while most_bytes and (chunk := response.read(CHUNK_BYTES)):
            body += chunk
            if len(body) > most_bytes:
                raise DriverFault(device=self._device, kept=self.kept, detail=f"more than {most_bytes} bytes")
        if most_bytes and response.length:  # an early end is taken for the end
            raise DeviceLost(device=self._device, kept=self.kept, detail="IncompleteRead")
        return bytes(body)

    def _connected(self) -> HTTPConnection:
        address = self._address
        connection: HTTPConnection
        if address.secure:
            context = _context(address)
            connection = HTTPSConnection(
                address.host, address.port, timeout=self._connect_timeout_s, context=context
            )
        else:
            connection = HTTPConnection(address.host, address.port, timeout=self._connect_timeout_s)
        try:
            connection.connect()
            self._prove(connection)
        except ssl.SSLError as error:
            raise self._closed(connection, AccessDenied, detail="certificate") from error
        except (OSError, ValueError) as error:  # ValueError: a host that no name can be
            raise self._closed(connection, DeviceLost if self._answered else DeviceOffline) from error
        connection.sock.settimeout(None)  # from here on the watch counts
        with self._lock:
            self._socket = connection.sock
            hung_up = self._hung_up
        if hung_up:
            raise self._closed(connection, DeviceLost)  # the caller hung up and knows why
        return connection

    def _prove(self, connection: HTTPConnection) -> None:
        """See that the certificate is the one that the technician wrote down."""
        pinned = self._address.certificate
        if pinned is None or not isinstance(connection.sock, ssl.SSLSocket):
            return
        shown = hashlib.sha256(connection.sock.getpeercert(binary_form=True) or b"").hexdigest()
        if shown != pinned:
            raise ssl.SSLError(f"another certificate: {shown}")

    def _closed(self, connection: HTTPConnection, kind: type[DeviceError], **facts: object) -> DeviceError:
        with self._lock:
            self._socket = None
        connection.close()
        return kind(device=self._device, kept=self.kept, **facts)

    def _shut(self) -> None:
        with self._lock:
            if self._socket is not None:
                try:
                    # The plain one: that of TLS would take its state away from under the reading thread.
                    socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
                except OSError:  # the other side was faster
                    return


def _context(address: Address) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if address.certificate is not None:
        # Scanners sign their certificates themselves, for no name: what is trusted is this one certificate.
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
