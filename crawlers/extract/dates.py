"""Dates as pages write them, day first, to ISO 8601."""

from __future__ import annotations

import re
from datetime import date

_ISO = re.compile(r"(?<!\d)((?:19|20)\d{2})-?(0[1-9]|1[0-2])-?(0[1-9]|[12]\d|3[01])(?!\d)")
_SLASH = re.compile(r"(?<!\d)((?:19|20)\d{2})[/.](0?[1-9]|1[0-2])[/.](0?[1-9]|[12]\d|3[01])(?!\d)")
_DMY = re.compile(r"(?<!\d)(0?[1-9]|[12]\d|3[01])[./-](0?[1-9]|[12]\d|3[01])[./-]((?:19|20)\d{2})(?!\d)")
_MONTHS = {name[:3]: n for n, name in enumerate(
    ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
     "december"), 1)}  # fmt: skip
_NAMED = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\b"
)
_DAY_MONTH = re.compile(
    rf"(?<!\d)(0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th|\.)?[\s-](?:of\s)?{_NAMED}\.?,?[\s-]((?:19|20)\d{{2}})(?!\d)", re.I
)
_MONTH_DAY = re.compile(rf"\b{_NAMED}\.?\s(0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?,?\s((?:19|20)\d{{2}})(?!\d)", re.I)
_MONTH_YEAR = re.compile(rf"\b{_NAMED}\.?,?\s((?:19|20)\d{{2}})(?!\d)", re.I)
_YEAR_MONTH = re.compile(r"(?<!\d)((?:19|20)\d{2})-(0[1-9]|1[0-2])(?![\d-])")


def iso_date(text: str | None, *, day_first: bool = True) -> str | None:
    """Return the first date in ``text`` as YYYY-MM-DD, or None.

    Slashed and dotted dates are read day first, as the UK writes them, unless ``day_first`` is false; where only month
    and year stand, the first of the month.
    """
    if not text:
        return None
    text = " ".join(text[:500].split())
    numbers = "dmy" if day_first else "mdy"
    for pattern, order in ((_ISO, "ymd"), (_SLASH, "ymd"), (_DMY, numbers), (_DAY_MONTH, "dmy"), (_MONTH_DAY, "mdy")):
        if found := pattern.search(text):
            parts = dict(zip(order, found.groups(), strict=True))
            return build_date(parts["y"], parts["m"], parts["d"]) or build_date(parts["y"], parts["d"], parts["m"])
    if found := _MONTH_YEAR.search(text):
        return build_date(found[2], found[1], "1")
    if found := _YEAR_MONTH.search(text):
        return build_date(found[1], found[2], "1")
    return None


def build_date(year: str, month: str, day: str) -> str | None:
    """Return the ISO date of the parts (month as a number or a name), or None where there is no such day."""
    year, month, day = year.strip(), month.strip(), day.strip()
    if not (year.isdecimal() and day.isdecimal() and (month.isdecimal() or month[:3].lower() in _MONTHS)):
        return None
    number = int(month) if month.isdecimal() else _MONTHS[month[:3].lower()]
    try:
        return date(int(year), number, int(day)).isoformat()
    except ValueError:
        return None
