"""Why a request is not made, or its answer not taken: a short word to count by, and a sentence."""

from __future__ import annotations

from scrapy.exceptions import IgnoreRequest


class RefusedError(IgnoreRequest):
    """A request or an answer that is refused. ``reason`` is a word of REASONS; the message says more."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(reason, message)
        self.reason = reason

    def __str__(self) -> str:
        return str(self.args[1])


REASONS = {
    "blocked_scheme": "neither http nor https",
    "blocked_port": "a port that web pages are not served on",
    "private_address": "not on the public internet",
    "bad_address": "not an address",
    "dns": "the name has no address",
    "robots": "robots.txt asks not to",
    "redirects": "too many redirects, or a loop of them",
    "trap": "an address that looks endless",
    "truncated": "the compressed body ends too early",
    "encoding": "the body is not in the encoding that the server names",
    "bomb": "unpacks to far more than it is",
    "too_large": "over the size limit",
    "timeout": "took longer than the time limit",
    "connection": "the connection was refused, lost or cut",
    "tls": "the certificate is expired, self-signed or another host's",
    "headers": "headers that are no HTTP, or too many",
    "empty": "an empty body",
    "not_modified": "304 to a question that did not ask",
    "circuit": "the host failed too often; left alone for a while",
}
