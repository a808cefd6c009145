"""What a table says about itself: the query as run, when, on what, by which versions, and how to cite it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from warehouse.exports.columns import Column, Preset
from warehouse.exports.text import as_text, one_line

LICENCE_NOTE = (
    "Quotes remain their publishers' and authors'; they are short extracts for research and review, each with its "
    "source. The column licence says what a document states. The table itself may be used freely."
)
MACHINE_NOTE = (
    "Values of kind, themes, direction, figures and the like were made by a machine and may be wrong, unless "
    "origin_of_each_value names a person. A person's value stands over the machine's, which is kept beside it. In "
    "Excel, Word and on a web page, what the machine made is in italics and what a person decided in bold."
)
DEMO_NOTE = "Demonstration material: written for Claimwatch, about real facts. Do not use it as evidence."


@dataclass(frozen=True, slots=True)
class Code:
    """A code of the codebook, for the table's codebook part."""

    code: str
    title: str
    definition: str


@dataclass(slots=True)
class About:
    """Facts of one table; ``rows``, ``rejected`` and ``retracted`` are known only once it is written."""

    query: str
    mode: str
    filters: Mapping[str, Any]
    made_at: datetime
    snapshot: str
    published_at: datetime
    demo: bool
    preset: Preset
    versions: Mapping[str, str] = field(default_factory=dict)
    documents_in_base: int = 0
    claims_in_base: int = 0
    codes: Sequence[Code] = ()
    rows: int = 0
    claims: int = 0
    rejected: int = 0
    retracted: set[str] = field(default_factory=set)  # addresses of works

    def lines(self) -> list[tuple[str, str]]:
        """Return (what, value) pairs, in order, for every format that has an About part."""
        asked = "; ".join(f"{name}: {as_text(value)}" for name, value in self.filters.items())
        rejected = f"; {self.rejected:,} that a person rejected are left out" if self.rejected else ""
        return [
            *([("Notice", DEMO_NOTE)] if self.demo else []),
            ("Query as run", self.query or "(everything)"), ("Mode", self.mode), ("Filters", asked or "none"),
            ("Table", f"{self.preset.title} ({self.preset.name}); a row a {self.preset.grain}"),
            ("Rows", f"{self.rows:,} rows from {self.claims:,} claims{rejected}"),
            *([("Retracted", f"{', '.join(sorted(self.retracted))}: said to be retracted; look before you use them")]
              if self.retracted else []),
            ("Made", as_text(self.made_at.replace(tzinfo=None))),
            ("Base", f"snapshot {self.snapshot}, published {as_text(self.published_at.replace(tzinfo=None))}: "
                     f"{self.documents_in_base:,} documents, {self.claims_in_base:,} claims"),
            *((f"Version of {name}", one_line(as_text(value))) for name, value in self.versions.items()),
            ("Machine-made values", MACHINE_NOTE), ("Licence", LICENCE_NOTE), ("How to cite", self.cite()),
        ]  # fmt: skip

    def cite(self) -> str:
        """Return how to cite this table."""
        software = self.versions.get("claimwatch") or self.versions.get("code") or ""
        name = f"Claimwatch {software}".strip()
        return (
            f"Evidence table “{self.query or 'all claims'}” ({self.rows:,} rows), made with {name} on "
            f"{self.made_at:%Y-%m-%d} from snapshot {self.snapshot}."
        )


def codebook(columns: Sequence[Column], codes: Sequence[Code]) -> Iterator[tuple[str, str, str, str]]:
    """Yield (name, title, who fills it, definition) of each column, then of each theme."""
    for column in columns:
        yield column.name, column.title, column.who, column.definition
    for code in codes:
        yield code.code, code.title, "theme", code.definition


def companion(about: About) -> str:
    """Return About and Codebook as plain text: what goes beside a file whose format has no place for them."""
    lines = ["ABOUT THIS TABLE", ""]
    lines += [f"{what}: {as_text(value)}" for what, value in about.lines()]
    lines += ["", "CODEBOOK", ""]
    lines += [
        f"{name} ({title}; {who}): {meaning}"
        for name, title, who, meaning in codebook(about.preset.shown(), about.codes)
    ]
    return "\n".join(lines) + "\n"
