"""The way to a database server: TLS that proves who answers, unless nothing leaves this machine."""

import os
from ipaddress import ip_address
from pathlib import Path

import sqlalchemy as sa

from station.errors import SettingsError

_PROTECTED = ("require", "verify-ca", "verify-full")
_DEFAULT = "verify-full"
_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)
"""Where systems keep the certificates that they trust: Debian, Fedora, SUSE, Alpine and macOS.

libpq's own `sslrootcert=system` looks where its OpenSSL was built, which in psycopg's wheels is on no computer.
"""


def safe_transport(url: sa.URL, *, tls: bool = True) -> sa.URL:
    """Return the address with TLS asked for where it leads to another machine: `verify-full` unless it says.

    Raises:
        SettingsError: it asks for less than `require`, and `tls` does not allow that.
    """
    if _stays_here(url) or (not tls and not is_protected(url)):
        return url
    mode = _query(url, "sslmode")
    if mode and mode not in _PROTECTED:
        raise SettingsError(where="", key="database_url", problem="no_tls", suggestion=", ".join(_PROTECTED))
    asked = {"sslmode": mode or _DEFAULT}
    bundle = next(filter(os.path.isfile, _BUNDLES), "")
    if asked["sslmode"] == _DEFAULT and bundle and not _own_roots(url):
        asked["sslrootcert"] = bundle
    return url.update_query_dict(asked)


def is_protected(url: sa.URL) -> bool:
    """Tell whether what is sent stays on this machine or is encrypted."""
    return _stays_here(url) or _query(url, "sslmode") in _PROTECTED


def _stays_here(url: sa.URL) -> bool:
    """Tell whether every host is a socket or this machine; a service file could name any."""
    if "service" in url.query or os.environ.get("PGSERVICE"):
        return False
    # What the address leaves open the surroundings say (PostgreSQL, 34.15).
    names = [url.host or "", *_values(url, "host")]
    addresses = _values(url, "hostaddr") or (os.environ.get("PGHOSTADDR", ""),)
    named = [*(names if any(names) else [os.environ.get("PGHOST", "")]), *addresses]
    return all(_is_here(host) for given in named for host in given.split(",") if host)


def _is_here(host: str) -> bool:
    # A path or an abstract name is a Unix socket (PostgreSQL, 34.1.2, host).
    if host.startswith(("/", "@")) or host == "localhost":
        return True
    try:
        return ip_address(host.split("%")[0]).is_loopback
    except ValueError:
        return False


def _own_roots(url: sa.URL) -> bool:
    configured = _query(url, "sslrootcert") or os.environ.get("PGSSLROOTCERT")
    return bool(configured) or (Path.home() / ".postgresql" / "root.crt").exists()


def _query(url: sa.URL, name: str) -> str:
    return next(reversed(_values(url, name)), "")


def _values(url: sa.URL, name: str) -> tuple[str, ...]:
    value = url.query.get(name, ())
    return (value,) if isinstance(value, str) else tuple(value)
