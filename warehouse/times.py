"""Times and dates as the database keeps them: naive UTC, whole days."""

from __future__ import annotations

from datetime import UTC, date, datetime


def utc(at: str | datetime) -> datetime:
    """Return a time as naive UTC, the way the database keeps it."""
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def as_date(text: str | None) -> date | None:
    """Return an ISO date, or the first day of an ISO month or year; None where it is none of them."""
    for candidate in (text or "", f"{text}-01", f"{text}-01-01"):
        try:
            return datetime.fromisoformat(candidate).date()
        except ValueError:
            continue
    return None
