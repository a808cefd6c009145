"""Addresses: what may be asked for, and when two spellings name one page.

``normalise`` gives the identity of a page (ids, aliases, the frontier's key). It is not what is fetched: some servers
answer at one spelling alone, so the spelling first seen is the one that is asked for.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from courlan.clean import TRACKERS_RE
from w3lib.url import canonicalize_url, safe_url_string

SCHEMES = ("http", "https")
MAX_CHARS = 2083
MAX_DEPTH = 24
_DEFAULT_PORT = {"http": 80, "https": 443}
_AMP_PATH = re.compile(r"(?:/amp|\.amp)(?=/?$)|\.amp(?=\.html?$)")
_SESSION = re.compile(r";jsessionid=[^/?#]*", re.IGNORECASE)
_NO_MEANING = re.compile(r"amp|outputtype|jsessionid|phpsessid|aspsessionid\w*|sessionid|sid|mkt_tok", re.IGNORECASE)
_REPEATED = re.compile(r"((?:/[^/]+){1,3})\1{2}(?=/|$)")
_SECRET = re.compile(r"([?&](?:api[-_]?key|key|token|access_token|mailto)=)[^&#]*", re.IGNORECASE)


def normalise(url: str) -> str:
    """Return the one spelling that stands for every address of the same page.

    http and https, ``www.``, an AMP copy, a trailing slash, a fragment, tracking and session parameters, the order of
    the query and the spelling of escapes make no difference. Idempotent. What is no web address comes back stripped.
    """
    for _ in range(8):  # taking one thing off can bare another
        before, url = url, _spelt(url.strip())
        if url == before:
            break
    return url


def _spelt(url: str) -> str:
    try:
        parts = urlsplit(safe_url_string(url))
        scheme, host, port = parts.scheme.lower(), (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return url
    if scheme not in SCHEMES or not host:
        return url
    if ":" in host:
        host = f"[{host}]"
    if port in (None, *_DEFAULT_PORT.values()):
        scheme, port = "https", None
    while re.match(r"(?:www|amp)\..+\.", host):
        host = host.split(".", 1)[1]
    netloc = f"{host}:{port}" if port else host
    plain = urlunsplit((scheme, netloc, _plain_path(parts.path), _plain_query(parts.query), ""))
    return canonicalize_url(plain) if plain.isascii() else plain


def _plain_path(path: str) -> str:
    path, before = _SESSION.sub("", path), None
    while path != before:
        before, path = path, _AMP_PATH.sub("", path).rstrip("/")
    return path or "/"


def _plain_query(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True)
    return urlencode(sorted(pair for pair in pairs if not _means_nothing(pair[0])))


def _means_nothing(name: str) -> bool:
    return bool(_NO_MEANING.fullmatch(name) or TRACKERS_RE.search(name.lower()))


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
