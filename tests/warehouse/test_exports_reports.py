"""PRISMA-S and the methods paragraph, from runs as recorded."""

from __future__ import annotations

from datetime import datetime

from warehouse.exports.reports import BLANK, methods_paragraph, prisma_s_table
from warehouse.people import Decision, Overlay
from warehouse.queries.views import RunRow, SourceRow, Stats

VERSIONS = {"claimwatch": "0.1.0", "spacy": "3.8"}
RUNS = [
    RunRow(3, "nightly", datetime(2026, 3, 2, 2), datetime(2026, 3, 2, 3), 0, VERSIONS, {}, ()),
    RunRow(2, "publish", datetime(2026, 3, 1, 5), None, 0, {}, {}, ()),
    RunRow(1, "nightly", datetime(2026, 3, 1, 2), datetime(2026, 3, 1, 3), 0, {}, {}, ()),
]


def source(name: str, type: str, documents: int, **config: object) -> SourceRow:
    last = {
        "started": datetime(2026, 3, 2, 2, 1),
        "request": f"https://x.example/{name}?q=a|b",
        "listed": 7,
        "reported": None,
    }
    return SourceRow(
        name, f"The {name}", "X", type, "OGL", "full", documents, documents, 9, last, datetime(2026, 3, 2, 2), config
    )


SOURCES = [source("works", "openalex", 12, since="2013-01-01"), source("auditor", "feed", 3)]
STATS = Stats(
    15, 17, 300, 120, {"finding": 80, "commitment": 40}, {"workforce": 30, "funding": 20}, 4, {}, 2, "evidence-3",
    datetime(2026, 3, 2, 3), False,
)  # fmt: skip


def test_all_sixteen_items_stand_there_and_blanks_are_marked() -> None:
    rows = [line for line in prisma_s_table(RUNS, SOURCES, STATS).splitlines() if line.startswith("| ")]
    cells = [line.strip("| ").split(" | ", 2) for line in rows[2:18]]
    items = {item: text for _, item, text in cells}
    assert len(items) == 16
    assert items["Database name"] == "The works: OpenAlex (openalex.org API)"
    assert items["Online resources and browsing"] == "The auditor, through its feed"
    assert items["Updates"].startswith("2 nightly runs, 2026-03-01 to 2026-03-02")
    assert items["Total records"].startswith("15 documents in all. The works: 12")
    assert "since = 2013-01-01" in items["Limits and restrictions"]
    assert {name for name, text in items.items() if text == BLANK} == {
        "Study registries", "Contacts", "Other methods", "Search filters", "Prior work", "Peer review",
    }  # fmt: skip


def test_strategies_are_copied_as_they_were_sent() -> None:
    text = prisma_s_table(RUNS, SOURCES, STATS)
    assert "`https://x.example/works?q=a\\|b`" in text
    assert "| 7 | not stated |" in text


def test_the_paragraph_has_the_real_numbers() -> None:
    text = methods_paragraph(RUNS, SOURCES, STATS)
    parts = (
        "Claimwatch 0.1.0 from 2 sources", "2 runs between 1 March 2026 and 2 March 2026", "15 documents",
        "120 claims: 80 findings, 40 commitments", "workforce (30)", "spacy 3.8", "reviewer to complete",
    )  # fmt: skip
    assert [part for part in parts if part not in text] == []


def test_an_empty_base_has_a_report_too() -> None:
    empty = Stats(0, 0, 0, 0, {}, {}, 0, {}, 0, "evidence-1", datetime(2026, 3, 2), True)
    assert "Demonstration material" in prisma_s_table([], [], empty)
    assert "0 documents" in methods_paragraph([], [], empty)


def test_the_paragraph_says_how_much_people_reviewed() -> None:
    assert "No machine-made tag has been reviewed" in methods_paragraph(RUNS, SOURCES, STATS)
    ann, bo = (
        Decision(n, "2026-01-01", by, "c1", "verdict", value, None, None)
        for n, by, value in ((1, "Ann", "accept"), (2, "Bo", "reject"))
    )
    said = {"c1": Overlay({"verdict": bo}, {"verdict": (ann, bo)}), "d1": Overlay({"title": bo})}
    text = methods_paragraph(RUNS, SOURCES, STATS, said)
    assert "2 people decided on 2 claims or records, rejected 1 and differed on 1" in text
    assert "reviewer to complete" in text
