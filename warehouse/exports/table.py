"""One evidence table on its way to a file: columns, rows that stream, and what it says about itself."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from warehouse.exports.about import About
from warehouse.exports.columns import Column
from warehouse.exports.gather import gather
from warehouse.exports.people import Joined
from warehouse.people import Overlay

Row = dict[str, Any]


@dataclass(slots=True)
class Table:
    """Rows can be read once. ``about.rows`` and ``about.claims`` are right after that.

    ``formulas_as_text``: whether CSV and TSV put an apostrophe before text that a spreadsheet would run.
    """

    joined: Joined
    about: About
    formulas_as_text: bool = True
    columns: Sequence[Column] = field(default_factory=list)

    def rows(self) -> Iterator[Row]:
        """Yield the preset's rows, with people's values in place."""
        for row in gather(self._counted(), self.about.preset):
            self.about.rows += 1
            yield row
        self.about.rejected = self.joined.rejected

    def claims(self) -> Iterator[Row]:
        """Yield the claims one by one whatever the preset: what bibliographic formats gather by document."""
        for row in self._counted():
            self.about.rows += 1
            yield row
        self.about.rejected = self.joined.rejected

    def _counted(self) -> Iterator[Row]:
        taggers: set[str] = set()
        for row in self.joined:
            self.about.claims += 1
            if row.get("retracted"):
                self.about.retracted.add(str(row["url"]))
            if row.get("tagger"):
                taggers.add(row["tagger"])
            yield row
        self.about.versions = {**self.about.versions, "tagger and codebook": ", ".join(sorted(taggers)) or "none"}


def make_table(
    rows: Iterable[Row], overlay: Mapping[str, Overlay], about: About, *, formulas_as_text: bool = True,
    rejected: Collection[str] = (),
) -> Table:  # fmt: skip
    """Return a table of ``rows`` (of ``Base.evidence_rows``) under the preset of ``about``."""
    return Table(Joined(rows, overlay, rejected), about, formulas_as_text, about.preset.shown())
