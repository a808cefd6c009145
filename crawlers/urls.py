"""Addresses: what may be asked for, and when two spellings name one page.

``normalise`` gives the identity of a page (ids, aliases, the frontier's key). It is not what is fetched: some servers
answer at one spelling alone, so the spelling first seen is the one that is asked for.
"""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit, urlunsplit

from w3lib.url import safe_url_string

from warehouse.addresses import address_key

SCHEMES = ("http", "https")
MAX_CHARS = 2083
MAX_DEPTH = 24
_DEFAULT_PORT = {"http": 80, "https": 443}
_REPEATED = re.compile(r"((?:/[^/]+){1,3})\1{2}(?=/|$)")
_SECRET = re.compile(r"([?&](?:api[-_]?key|key|token|access_token|mailto)=)[^&#]*", re.IGNORECASE)


def normalise(url: str) -> str:
    """Return the identity of a page's address: the store's key, so that frontier and store never disagree."""
    return address_key(url)


def resolve(url: str, base: str | None = None) -> str:
    """Return ``url`` made absolute and safe to send, without its fragment. Raises ValueError where it is no address."""
    joined = urljoin(base, url.strip()) if base else url.strip()
    parts = urlsplit(joined)
    if parts.scheme.lower() not in SCHEMES:
        return joined
    return safe_url_string(urlunsplit((*parts[:4], "")))


def site_of(url: str) -> str:
    """Return host and port, as politeness counts them: ``example.org:443``."""
    parts = urlsplit(url)
    port = parts.port or _DEFAULT_PORT.get(parts.scheme.lower(), 0)
    return f"{(parts.hostname or '').rstrip('.')}:{port}"


def origin_of(url: str) -> str:
    """Return scheme, host and port: what one robots.txt covers."""
    return f"{urlsplit(url).scheme.lower()}://{site_of(url)}"


def without_secrets(url: str) -> str:
    """Return ``url`` fit to be kept and shown: keys, tokens and people's addresses blanked."""
    return _SECRET.sub(r"\1…", url)


def is_trap(url: str) -> bool:
    """Tell whether an address looks endless: too long, too deep, or the same one to three segments three times running.

    ``/a/a/a`` and ``/a/b/a/b/a/b`` are what a relative link resolved against itself makes of a site.
    """
    if len(url) > MAX_CHARS:
        return True
    path = urlsplit(url).path
    return path.count("/") > MAX_DEPTH or _REPEATED.search(path) is not None
