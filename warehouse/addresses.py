"""The identity of an address: what stays the same over the spellings under which one page is met."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from w3lib.url import canonicalize_url, safe_url_string

# Names that only say where a reader came from, or who reads; a page is the same without them.
_MEANS_NOTHING = re.compile(
    r"utm_.*|(?:mtm|pk|piwik|matomo|hsa|at|oly|vero|wt)_.*|fbclid|gclid|gclsrc|dclid|msclkid|yclid|wbraid|gbraid|twclid|"
    r"mc_[ce]id|mkt_tok|igshid|ref_src|cmpid|s_cid|_ga|_gl|_hsenc|_hsmi|"
    r"amp|outputtype|jsessionid|phpsessid|aspsessionid\w*|sessionid|sid",
    re.IGNORECASE,
)
_AMP_PATH = re.compile(r"(?:/amp|\.amp)(?=/?$)|\.amp(?=\.html?$)")
_SESSION_PATH = re.compile(r";jsessionid=[^/?#]*", re.IGNORECASE)
_COPY_HOST = re.compile(r"(?:www|amp)\..+\.")
_SCHEMES = ("http", "https")
_PORTS = (None, 80, 443)


@lru_cache(maxsize=8192)  # a batch asks several times for the key of each of its addresses
def address_key(url: str) -> str:
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
    if scheme not in _SCHEMES or not host:
        return url
    if ":" in host:
        host = f"[{host}]"
    if port in _PORTS:
        scheme, port = "https", None
    while _COPY_HOST.match(host):
        host = host.split(".", 1)[1]
    netloc = f"{host}:{port}" if port else host
    plain = urlunsplit((scheme, netloc, _plain_path(parts.path), _plain_query(parts.query), ""))
    return canonicalize_url(plain) if plain.isascii() else plain


def _plain_path(path: str) -> str:
    path, before = _SESSION_PATH.sub("", path), None
    while path != before:
        before, path = path, _AMP_PATH.sub("", path).rstrip("/")
    return path or "/"


def _plain_query(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True)
    return urlencode(sorted(pair for pair in pairs if not _MEANS_NOTHING.fullmatch(pair[0])))


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
