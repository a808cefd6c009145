"""E-mail addresses and telephone numbers that may be a person's, out of what is stored.

Each letter and digit becomes an ``x``, so that the length and every offset stay. An office's own ways in are no
person's and stay: ``enquiries@…``, ``press.office@…``, numbers beginning 03, 08 and 09. By-lines keep names alone.
"""

from __future__ import annotations

import re
from dataclasses import replace

from warehouse.models import Document

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_PHONE = re.compile(
    r"(?<![\w/.+-])(?:\(?0[127]\d{1,4}\)?|\+44[ -]?(?:\(0\))?[ -]?[127]\d{1,4}|\+(?!44)[1-9]\d{0,2}[ -]?\(?\d{1,4}\)?)"
    r"(?:[ -]?\d{2,6}){1,4}(?![\w/-])"
)
_DIGITS = (10, 13)  # least and most digits of a number, a country's prefix and the nought in brackets included
_SIGN = re.compile(r"\w")
_OFFICES = frozenset(
    "admin board careers comms communications complaints consultation consultations contact contactus council "  # noqa: SIM905 - one word a line would say no more
    "customer customerservices dataprotection dpo editor editorial editors enquiries enquiry events feedback foi hello "
    "help helpdesk info information inquiries jobs library mail media news newsletter noreply office policy post press "
    "pressoffice privacy publications recruitment reception reply research secretariat service services support team "
    "webmaster".split()
)


def without_contacts(text: str) -> str:
    """Return ``text`` with what may be a person's address or number crossed out, sign by sign."""
    if "@" in text:
        text = _EMAIL.sub(lambda found: found[0] if _is_office(found[0]) else _crossed(found[0]), text)
    return _PHONE.sub(lambda found: _crossed(found[0]) if _is_number(found[0]) else found[0], text)


def spare_persons(document: Document) -> Document:
    """Return ``document`` without such addresses and numbers in its texts."""
    states = tuple(replace(state, text=without_contacts(state.text)) for state in document.states)
    return replace(document, text=without_contacts(document.text), states=states)


def _is_office(address: str) -> bool:
    return not _OFFICES.isdisjoint(re.split(r"[.+_-]", address.partition("@")[0].lower()))


def _is_number(found: str) -> bool:
    """Tell a number from a run of digits: an ISBN has ten that stand together, a table's cells too many."""
    digits = sum(sign.isdigit() for sign in found)
    return _DIGITS[0] <= digits <= _DIGITS[1] and not (digits == 10 and found.isdigit())


def _crossed(found: str) -> str:
    return _SIGN.sub("x", found)
