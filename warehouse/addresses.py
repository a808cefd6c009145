"""The identity of an address: what stays the same over the spellings under which one page is met."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit

# Names that only say where a reader came from; a page is the same without them.
TRACKERS = frozenset({"fbclid", "gclid", "dclid", "msclkid", "mc_cid", "mc_eid", "igshid", "ref_src", "cmpid", "yclid"})
DEFAULT_PORTS = {"http": "80", "https": "443"}


def address_key(url: str) -> str:
    """Return the key of ``url``: scheme, ``www.``, fragment, trackers and a last slash make no difference.

    Idempotent. An address that cannot be split (or has no host) is its own key.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = (parts.hostname or "").lower().rstrip("."), parts.port
    except ValueError:
        return url.strip()
    if parts.scheme.lower() not in DEFAULT_PORTS or not host:
        return url.strip()
    host = host.removeprefix("www.")
    if port is not None and str(port) not in DEFAULT_PORTS.values():
        host = f"{host}:{port}"
    kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if not _is_tracker(name)]
    query = f"?{urlencode(sorted(kept))}" if kept else ""
    return f"https://{host}{parts.path.rstrip('/') or '/'}{query}"


def doi_key(doi: str) -> str:
    """Return the key under which a DOI is kept beside addresses."""
    return f"doi:{doi.strip().lower().removeprefix('https://doi.org/').removeprefix('doi:')}"


def same_site(one: str, other: str) -> bool:
    """Whether two addresses lie on one host (``www.`` aside): only there is a page's word on its own name taken."""
    return _host(one) == _host(other)


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower().removeprefix("www.")
    except ValueError:
        return ""


def _is_tracker(name: str) -> bool:
    return name.lower().startswith("utm_") or name.lower() in TRACKERS
