"""A decision on a sentence that a new version edits or removes waits for another look until somebody decides anew."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from commands.looks import looks
from commands.main import app
from tests.cli.versions import publish_at, show
from tests.warehouse.make import at
from warehouse.home import Home
from warehouse.people import People
from warehouse.queries import Base
from warehouse.store import Store

FIRST = "Emergency admissions rose by 12%. Bed days rose in every ward. Delays fell. Staff will go."
EDITED = "Emergency admissions rose by 14%. Delays fell. Staff will go."


def decide(home: Home, base: Base, words: str, field: str, value: str, day: int, by: str = "Ann") -> str:
    hit = base.search(words, mode="words").hits[0]
    People(home.people).decide(at(day), by, hit.claim, field, value, quote=hit.quote)
    return hit.claim


def seen(base: Base) -> list[tuple[str, str, str]]:
    return [(look.review.by, look.review.value or "", look.change.kind) for look in looks(base)]


def test_what_was_decided_on_edited_and_removed_sentences_waits_and_deciding_anew_settles_it(home: Home) -> None:
    with Store.open(home) as store:
        show(store, [FIRST])
        base = publish_at(home, store, 0)
        for words, field, value in (
            ("admissions", "kind", "commitment"), ("bed days", "verdict", "accept"), ("delays", "verdict", "reject"),
        ):  # fmt: skip
            decide(home, base, words, field, value, 1)
        admissions = decide(home, base, "admissions", "verdict", "accept", 1, "Bea")
        assert seen(base) == []
        show(store, [EDITED], first_day=2)
        base = publish_at(home, store, 2)
        assert sorted(seen(base)) == [
            ("Ann", "accept", "removed"), ("Ann", "commitment", "figure_changed"), ("Bea", "accept", "figure_changed"),
        ]  # fmt: skip
        assert base.claim(admissions).hit.quote == "Emergency admissions rose by 14%."
        decide(home, base, "admissions", "verdict", "accept", 3)
        assert seen(base) == [("Ann", "accept", "removed")]
        removed = looks(base)[0].review
        People(home.people).decide(at(3), "Bea", removed.subject, "note", "it was in the annex", quote=removed.quote)
        assert seen(base) == []


def test_a_decision_on_the_old_wording_made_after_the_fetch_waits_too_and_a_revert_settles_it(home: Home) -> None:
    with Store.open(home) as store:
        show(store, [FIRST])
        old = publish_at(home, store, 0)
        show(store, [EDITED], first_day=2)
        decide(home, old, "admissions", "verdict", "accept", 3)
        decide(home, old, "admissions", "kind", "assertion", 3)
        assert [kind for *_, kind in seen(publish_at(home, store, 4))] == ["figure_changed"] * 2
        show(store, [FIRST], first_day=5)
        assert seen(publish_at(home, store, 6)) == []


def test_the_command_line_lists_them_with_who_said_what(home: Home, tmp_path: Path) -> None:
    with Store.open(home) as store:
        show(store, [FIRST])
        claim = decide(home, publish_at(home, store, 0), "admissions", "kind", "commitment", 1)
        show(store, [EDITED], first_day=2)
        publish_at(home, store, 2)
    run = CliRunner()
    shown = run.invoke(app, ["--home", str(home.root), "review", "--again"])
    assert shown.exit_code == 0
    assert shown.stdout == (
        "2026-03-03 02:00  A page\n"
        "figure changed\n"
        "  - Emergency admissions rose by 12%.\n"
        "  + Emergency admissions rose by 14%.\n"
        "  Ann had said on 2026-03-02: kind = commitment\n"
        f"  claim {claim}\n\n"
        "1 to look at again; decide with `claimwatch review CLAIM …`\n"
    )
    (line,) = run.invoke(app, ["--home", str(home.root), "review", claim, "--again", "--json"]).stdout.splitlines()
    row = json.loads(line)
    assert row["decision"]["value"] == "commitment"
    assert row["change"]["new"] == "Emergency admissions rose by 14%."
    again = ["review", claim, "--kind", "finding", "--by", "Ann", "--home", str(home.root)]
    assert run.invoke(app, again[-2:] + again[:-2]).exit_code == 0
    assert "0 to look at again" in run.invoke(app, ["--home", str(home.root), "review", "--again"]).stdout
