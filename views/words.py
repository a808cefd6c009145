"""Words for people in place of codes, numbers and times."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from nlp.named import gazetteer

LONDON = ZoneInfo("Europe/London")
SURE, FAIRLY = 0.85, 0.6
CHANGES = {
    "figure_changed": "figure changed", "attribution_changed": "speaker changed", "correction_noted": "corrected",
    "softened": "softened", "strengthened": "strengthened", "reworded": "reworded", "moved": "moved",
    "added": "added", "removed": "removed", "unchanged": "unchanged",
}  # fmt: skip
DIRECTIONS = {
    "improved": "↑ improved", "worsened": "↓ worsened", "no_effect": "→ no effect", "mixed": "↕ mixed",
    "unclear": "? unclear",
}  # fmt: skip
SORTS = {
    "relevance": "Most relevant", "newest": "Newest", "changed": "Recently changed", "repeated": "Most repeated",
}  # fmt: skip
MODES = {"both": "Words and meaning", "words": "Words", "meaning": "Meaning"}
THINGS = frozenset({"outcome", "programme", "model", "place"})  # facets whose values the gazetteers name
VERDICTS = {"met": "kept", "missed": "missed", "opposite": "the opposite happened", "open": "cannot be told"}


def plain(code: str) -> str:
    """Return a code as words: ``information_sharing`` is *Information sharing*."""
    words = code.replace("_", " ").replace("-", " ")
    return words[:1].upper() + words[1:]


def theme_of(value: str) -> str:
    """Return ``workforce:barrier`` as *Workforce, barrier*."""
    code, _, polarity = value.partition(":")
    return f"{theme_title(code)}, {polarity}" if polarity else theme_title(code)


@lru_cache(maxsize=1)
def theme_titles() -> dict[str, str]:
    """Return the codebook's themes by code, with their titles."""
    from commands.tables import codes

    return {code.code: code.title for code in codes()}


def theme_title(code: str) -> str:
    """Return a theme's title."""
    return theme_titles().get(code) or plain(code)


def thing(code: str, *, first: bool = True) -> str:
    """Return a programme, care model, outcome or place by its name: ``uk`` is *United Kingdom*.

    ``first``: as a line begins with it, in a capital.
    """
    known = gazetteer().get(code)
    name = known.name if known else code.replace("-", " ")
    return name[:1].upper() + name[1:] if first else name


def facet_value(facet: str, value: str) -> str:
    """Return a facet's value as people read it; names of people, bodies and publishers stay as they are."""
    if facet == "theme":
        return theme_of(value)
    if facet == "direction":
        return DIRECTIONS.get(value, plain(value))
    if facet == "change":
        return plain(CHANGES.get(value, value))
    if facet in THINGS:
        return thing(value)
    return value if facet in ("publisher", "speaker") else plain(value)


def confidence(score: float) -> str:
    """Return how sure the machine is, in words and as a number."""
    words = "sure" if score >= SURE else "fairly sure" if score >= FAIRLY else "unsure"
    return f"machine {words} ({score:.0%})"


def day(moment: date | datetime | None) -> str:
    """Return a day as *2 March 2017*."""
    if moment is None:
        return "no date"
    local = at_home(moment) if isinstance(moment, datetime) else moment
    return f"{local.day} {local:%B %Y}"


def day_of(stamp: str) -> str:
    """Return the day of an ISO 8601 time."""
    return day(datetime.fromisoformat(stamp))


def stamp(text: str) -> str:
    """Return a publisher's time as people read it; what is no time stays as it is."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return text
    return time(found.astimezone(UTC) if found.tzinfo else found)


def time(moment: datetime | None) -> str:
    """Return a time as people in the UK read it: *2 March 2017, 14:05*."""
    return "never" if moment is None else f"{day(moment)}, {at_home(moment):%H:%M}"


def at_home(moment: datetime) -> datetime:
    """Return a time, kept as UTC, on London's clocks."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(LONDON)


def figure(value: float, unit: str) -> str:
    """Return a figure with its unit: *£511,000,000*, *12%*, *a share of 0.333*, *87,000 admissions*."""
    number = f"{value:,.10g}" if abs(value) < 1e15 else f"{value:.3g}"
    if unit == "GBP":
        return f"-£{number[1:]}" if number.startswith("-") else f"£{number}"
    if unit == "share":
        return f"{value:.1%}"
    return f"{number}%" if unit == "%" else f"{number} {unit}"


def moved(value: float, unit: str, way: str | None) -> str:
    """Return a figure with the way it went or was to go: *a rise of 87,000 admissions*; bare where it is not said."""
    said = {"rise": "a rise of ", "fall": "a fall of "}.get(way or "", "")
    return said + figure(value, unit)


def count(number: int, one: str, many: str | None = None) -> str:
    """Return *1 claim*, *2 claims*."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
