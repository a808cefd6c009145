"""What goes wrong with outside bytes."""

from __future__ import annotations

from warehouse.errors import ClaimwatchError


class UnreadableError(ClaimwatchError):
    """A body that is not read, with a short reason that the ledger and the run log can count by.

    ``reason`` is one of REASONS; the message says more.
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(reason, message)
        self.reason = reason

    def __str__(self) -> str:
        return str(self.args[1])


REASONS = {
    "empty": "no bytes, or no text in them",
    "unknown type": "neither HTML, PDF, Word, JATS, Markdown nor plain text",
    "hostile markup": "refused before parsing: attributes, nesting or elements past any real page",
    "too large": "more bytes, pages or unpacked bytes than the limits allow",
    "entities": "XML that declares entities",
    "hostile archive": "an archive with names that lead out of it",
    "broken": "cannot be parsed",
    "encrypted": "needs a password",
    "timeout": "the parser was stopped at its time limit",
    "memory": "the parser was stopped at its memory limit",
    "crashed": "the parser process ended by itself",
}
