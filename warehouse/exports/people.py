"""People's decisions joined to the machine's rows: a person's value wins, and the row says so."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Literal

from warehouse.exports.citing import archive_link, place_link
from warehouse.exports.columns import PEOPLE_FIELDS
from warehouse.exports.text import as_text
from warehouse.people import Decision, Overlay, is_rejected
from warehouse.times import as_date

Row = dict[str, Any]
Maker = Literal["machine", "person", ""]
DOCUMENT_FIELDS = ("published", "title", "publisher")
LISTS = frozenset({"geography", "authors"})


class Joined:
    """Rows with people's values, without what they rejected; ``rejected`` counts those left out.

    ``rejected_threads`` are such claims with their copies, which go as well.
    """

    def __init__(
        self, rows: Iterable[Row], overlay: Mapping[str, Overlay], rejected_threads: Collection[str] = ()
    ) -> None:
        self.rows, self.overlay, self.rejected, self.rejected_threads = rows, overlay, 0, rejected_threads

    def __iter__(self) -> Iterator[Row]:
        for row in self.rows:
            said = self.overlay.get(row["thread"])
            if row["thread"] in self.rejected_threads or is_rejected(said):
                self.rejected += 1
                continue
            yield with_people(row, said, self.overlay.get(row["document"]))


def made_by(row: Mapping[str, Any], name: str) -> Maker:
    """Return who made a value of a joined row: formats that can show it do, whatever their columns."""
    origin = (row.get("origin_of_each_value") or {}).get(name, "")
    return "person" if "person (" in origin else "machine" if origin.startswith("machine") else ""


def with_people(row: Row, said: Overlay | None, of_document: Overlay | None) -> Row:
    """Return a row with links completed, a person's values in place, and the origin of each value in words."""
    page = str(row["location"] or "").removeprefix("page ")
    tagger = row.get("tagger") or "unknown tagger"
    joined = {
        **row, "archive_url": row["archive_url"] or archive_link(row["url"], row["last_seen"]),
        "deep_link": place_link(row["url"], row["deep_link"], int(page) if page.isdigit() else None),
        "origin_of_each_value": dict.fromkeys(row["origin_of_each_value"], f"machine ({tagger})"),
    }  # fmt: skip
    for name, decision in (of_document.values if of_document else {}).items():
        if name in DOCUMENT_FIELDS:
            _set(joined, name, _typed(name, decision.value), decision)
    if joined["published"] and joined["published"] != row["published"]:
        joined["year"] = joined["published"].year
    if said:
        _join_claim(joined, said)
    return joined


def _join_claim(row: Row, said: Overlay) -> None:
    for name, decision in said.values.items():
        if name.startswith("theme:"):
            code = name.removeprefix("theme:")
            themes = [theme for theme in row["themes"] if theme.partition(":")[0] != code]
            added = [f"{code}:{decision.value}"] if decision.value not in (None, "none") else []
            _set(row, "themes", [*themes, *added], decision)
        elif name == "verdict":
            row["review_verdict"] = decision.value
        elif name in PEOPLE_FIELDS or name.startswith("figure_"):
            _set(row, name, _typed(name, decision.value), decision)
    notes = [d.note for d in said.values.values() if d.note]
    row["note"] = "; ".join([*([row["note"]] if row["note"] else []), *notes]) or None
    by_time = sorted(said.values.values(), key=lambda decision: decision.seq)
    row["reviewer"] = "; ".join(dict.fromkeys(decision.by for decision in by_time))
    row["review_date"] = datetime.fromisoformat(by_time[-1].at).date()
    if said.conflicts:
        row["origin_of_each_value"]["conflicts"] = "people differ on " + ", ".join(sorted(said.conflicts))


def _set(row: Row, name: str, value: Any, decision: Decision) -> None:
    origin = row["origin_of_each_value"]
    had = as_text(row.get(name)) or "nothing"
    made = f"person ({decision.by}, {decision.at[:10]})"
    before = origin.get(name, "")
    machine = f"; machine had said {had}" if before.startswith("machine") else ""
    origin[name] = f"{made}{machine}" if not before.startswith("person") else f"{before}, {made}"
    row[name] = value


def _typed(name: str, value: str | None) -> Any:
    if value is None:
        return [] if name in LISTS else None
    if name in LISTS:
        return [part.strip() for part in value.split(";") if part.strip()]
    if name == "published":
        return as_date(value)
    if name == "figure_value":
        return _number(value)
    if name == "peer_reviewed":
        return value in ("yes", "true")
    return value


def _number(value: str) -> float | None:
    try:
        return float(value)
    except ValueError:
        return None
