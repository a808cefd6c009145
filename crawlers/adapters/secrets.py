"""Keys of interfaces: named in an address, put in only when it is sent, so that no file or log ever holds one.

An adapter writes ``api_key=ENV.OPENALEX_API_KEY``; that is what frontier, ledger and run log keep. ``reveal`` fills it
in at the moment of sending, for the one host that the key belongs to: a page that links to another host gets nothing.
"""

from __future__ import annotations

import os
import re
from urllib.parse import quote, urlsplit

from warehouse.errors import ConfigError

KEYS = {
    "api.openalex.org": ("api_key", "OPENALEX_API_KEY"),
    "content.guardianapis.com": ("api-key", "GUARDIAN_API_KEY"),
}
_NAMED = re.compile(r"(?<=[?&])([a-z_-]{1,20})=ENV\.([A-Z_]{1,40})(?=&|#|$)")
_SECRET = re.compile(r"(?<=[?&])(api[-_]?key|apikey|key|token|access_token)=([^&#]*)", re.IGNORECASE)


def placeholder(host: str) -> dict[str, str]:
    """Return the parameter that stands for the key of ``host``; none where it needs none."""
    return {KEYS[host][0]: f"ENV.{KEYS[host][1]}"} if host in KEYS else {}


def need_key(source: str, host: str) -> None:
    """Raise ConfigError, saying how to get one, where ``host`` wants a key and the environment has none."""
    if host in KEYS and not os.environ.get(KEYS[host][1], "").strip():
        raise ConfigError(
            f"{source}: {host} answers only with a key, and the environment variable {KEYS[host][1]} is not set; "
            f"get a free one from the service and set it, or put `enabled: false` in the source's file"
        )


def reveal(url: str) -> str:
    """Return ``url`` with the key filled in where it is named for its own https host; else as it is."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if host not in KEYS or parts.scheme != "https":
        return url
    name, variable = KEYS[host]

    def fill(match: re.Match[str]) -> str:
        key = os.environ.get(variable, "").strip()
        return f"{name}={quote(key, safe='')}" if key and match.groups() == (name, variable) else match.group()

    return _NAMED.sub(fill, url)


def mask(url: str) -> str:
    """Return ``url`` fit to be kept: what ``reveal`` filled in is a name again, any other key or token is ``***``."""
    host = urlsplit(url).hostname or ""

    def hide(match: re.Match[str]) -> str:
        name, value = match.groups()
        if host in KEYS and name == KEYS[host][0]:
            return f"{name}=ENV.{KEYS[host][1]}"
        return match.group() if value.startswith("ENV.") else f"{name}=***"

    return _SECRET.sub(hide, url)
