"""One HTTP exchange after another with one scanner, bounded in time and size, and ended from outside."""

import hashlib
import io
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

from station.errors import (
    AccessDenied,
    DeviceError,
    DeviceLost,
    DeviceOffline,
    DeviceTimeout,
    DriverFault,
    StationError,
)

CHUNK_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class Address:
    """Where a scanner is. `root` is the path of its resources, without a slash at its end."""

    secure: bool
    host: str
    port: int
    root: str

    @property
    def authority(self) -> str:
        """The header Host: always with the port, which some devices insist on."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def url(self) -> str:
        """The address in one line, always with the port."""
        return f"{'https' if self.secure else 'http'}://{self.authority}{self.root}"


Prove = Callable[[str], None]
"""Takes the SHA-256 (64 hex digits, lower case) of the certificate that was shown.

Raises:
    CertificateChanged: it is not the trusted one.
"""


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

    def __init__(self, address: Address, device: str, connect_timeout_s: float, prove: Prove) -> None:
        """Connect at the first exchange."""
        self._address = address
        self._prove = prove
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
            CertificateChanged: the certificate is not the trusted one. AccessDenied: no common TLS.
            DriverFault: a longer body.
        """
        connection = self._connected(time.monotonic() + limit_s)
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
            return Answer(response.status, headers, self._body(response, most_bytes))
        except TimeoutError as error:
            raise DeviceTimeout(device=self._device, kept=self.kept, seconds=limit_s) from error
        except (OSError, HTTPException, ValueError) as error:  # ValueError: chunks of no size
            raise DeviceLost(device=self._device, kept=self.kept, detail=type(error).__name__) from error
        finally:
            with self._lock:
                self._socket = None
            connection.close()

    def hang_up(self) -> None:
        """End the exchange that is going on, and every later one as soon as it begins; from any thread."""
        with self._lock:
            self._hung_up = True
        self._shut()

    def _body(self, response: HTTPResponse, most_bytes: int) -> bytes:
        """Read the body, which is refused by its announced length before a byte of it is read."""
        if not most_bytes:
            return b""
        if response.length is not None:
            self._bound(response.length, most_bytes)
            return response.read()
        body = bytearray()
        while chunk := response.read(CHUNK_BYTES):
            body += chunk
            self._bound(len(body), most_bytes)
        return bytes(body)

    def _bound(self, count: int, most_bytes: int) -> None:
        if count > most_bytes:
            raise DriverFault(device=self._device, kept=self.kept, detail=f"more than {most_bytes} bytes")

    def _connected(self, until: float) -> HTTPConnection:
        address = self._address
        connection: HTTPConnection
        if address.secure:
            connection = HTTPSConnection(
                address.host, address.port, timeout=self._connect_timeout_s, context=_any_certificate()
            )
        else:
            connection = HTTPConnection(address.host, address.port, timeout=self._connect_timeout_s)
        try:
            connection.connect()
            if isinstance(connection.sock, ssl.SSLSocket):
                shown = connection.sock.getpeercert(binary_form=True) or b""
                self._prove(hashlib.sha256(shown).hexdigest())
        except ssl.SSLError as error:
            raise self._closed(connection, AccessDenied, detail="TLS") from error
        except StationError:  # the certificate
            connection.close()
            raise
        except (OSError, ValueError) as error:  # ValueError: a host that no name can be
            raise self._closed(connection, DeviceLost if self._answered else DeviceOffline) from error
        with self._lock:
            self._socket = connection.sock
            hung_up = self._hung_up
        connection.sock = _Timed(connection.sock, until)
        if hung_up:
            raise self._closed(connection, DeviceLost)  # the caller hung up and knows why
        return connection

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


class _Timed:
    """What HTTP needs of a socket, until a moment (time.monotonic): who drips for ever is cut off then."""

    def __init__(self, connected: socket.socket, until: float) -> None:
        self._connected = connected
        self._until = until
        self.close = connected.close

    def sendall(self, sent: bytes) -> None:
        self.armed().sendall(sent)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Incoming(self))

    def armed(self) -> socket.socket:
        """Return the socket, which from now on gives up at the moment."""
        self._connected.settimeout(max(self._until - time.monotonic(), 0.001))
        return self._connected


class _Incoming(io.RawIOBase):
    """What comes in through a timed socket."""

    def __init__(self, timed: _Timed) -> None:
        self._timed = timed

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        return self._timed.armed().recv_into(buffer)


def _any_certificate() -> ssl.SSLContext:
    """Return a context that checks nothing: scanners sign their certificates themselves, for no name.

    What is trusted is one certificate, the one written down or the first that was seen; see `Prove`.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
