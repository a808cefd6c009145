"""People's decisions as trends and the map count them: what is rejected is left out, what is corrected is moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from warehouse.people import Overlay, is_rejected
from warehouse.queries.reader import Reader

THEME = "theme:"
NONE = "none"

# How a query on themes begins: `named` are passages' themes people's over the machine's, without what they rejected.
NAMED = """
with said as (select unnest($threads::varchar[]) as thread, unnest($codes::varchar[]) as code,
    unnest($polarities::varchar[]) as polarity),
gone as (select passage from claim where thread in (select unnest($rejected::varchar[]))),
decided as (select c.passage, s.code, s.polarity from said s join claim c on c.thread = s.thread),
named as (
    select x.passage, x.code, x.polarity from (
        select t.passage, t.code, t.polarity from tag t
        anti join decided s on s.passage = t.passage and s.code = t.code
        union all select passage, code, polarity from decided where polarity <> 'none'
    ) x anti join gone on gone.passage = x.passage
)
"""

# The same words in a copy of the document are the same claim to whoever rejected it.
COPIES = """
with member as (select row, unnest(members) as n from entry), placed as (
    select m.row, c.thread from member m join current_claim c on c.n = m.n
)
select distinct thread from placed where row in (
    select row from placed where thread in (select unnest(?::varchar[])))
"""


@dataclass(frozen=True, slots=True)
class Decided:
    """``rejected`` are threads; the others are columns of equal length: (threads, codes, polarities) and the like.

    A polarity ``none`` takes a theme off; a kind ``none`` says that it is no claim.
    """

    rejected: tuple[str, ...] = ()
    themes: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]] = ((), (), ())
    kinds: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    directions: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())

    def values(self) -> dict[str, Any]:
        """Return what ``NAMED`` takes."""
        threads, codes, polarities = self.themes
        return {"threads": threads, "codes": codes, "polarities": polarities, "rejected": self.rejected}


NOTHING = Decided()


def decided(reader: Reader, overlay: Mapping[str, Overlay] | None) -> Decided:
    """Return what people said, as queries take it."""
    if not overlay:
        return NOTHING
    themes = sorted(
        (thread, name.removeprefix(THEME), decision.value or NONE)
        for thread, said in overlay.items() for name, decision in said.values.items() if name.startswith(THEME)
    )  # fmt: skip
    return Decided(
        rejected=tuple(sorted(rejected(reader, overlay))),
        themes=(tuple(t for t, _, _ in themes), tuple(c for _, c, _ in themes), tuple(p for _, _, p in themes)),
        kinds=_column(overlay, "kind"), directions=_column(overlay, "direction"),
    )  # fmt: skip


def rejected(reader: Reader, overlay: Mapping[str, Overlay]) -> frozenset[str]:
    """Return the threads that people rejected, with their copies in other documents where nobody accepted those."""
    said = sorted(thread for thread, over in overlay.items() if is_rejected(over))
    if not said:
        return frozenset()
    copies = {row["thread"] for row in reader.rows(COPIES, [said])}
    accepted = {thread for thread in copies if thread in overlay and overlay[thread].value("verdict") == "accept"}
    return frozenset(copies - accepted | set(said))


def _column(overlay: Mapping[str, Overlay], field: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    found = sorted((thread, value) for thread, said in overlay.items() if (value := said.value(field)))
    return tuple(thread for thread, _ in found), tuple(value for _, value in found)
