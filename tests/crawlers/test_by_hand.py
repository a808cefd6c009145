"""Sources and erasing as a person types them: what goes wrong is said before anything is asked or fetched."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from commands import collect
from commands.context import CONTEXT
from commands.main import app
from crawlers.sources import load_sources
from warehouse.errors import ConfigError, UsageError
from warehouse.home import Home

SHELF = "title: Shelf\ntype: local\npath: {path}\nlicence: own\nstorage: full\n"


@pytest.fixture
def at_home(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home with one source of its own: a folder of one file."""
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    (shelf / "a.txt").write_text("A joint plan was agreed in March by two councils.", encoding="utf-8")
    home.make()
    (home.sources / "shelf.yml").write_text(SHELF.format(path=shelf), encoding="utf-8")
    monkeypatch.setattr(CONTEXT, "home_option", str(home.root))
    return home


def test_a_slip_in_what_to_erase_is_told_before_a_person_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("typer.confirm", lambda text: pytest.fail("asked"))
    with pytest.raises(UsageError, match="neither an address"):
        collect.erase("nothing")


def test_a_trial_stores_nothing(at_home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    before = sorted(file for file in at_home.root.rglob("*") if file.is_file())
    collect.try_source("shelf", limit=5)
    assert "A joint plan was agreed in March" in capsys.readouterr().out
    assert sorted(file for file in at_home.root.rglob("*") if file.is_file()) == before


def test_a_source_about_works_held_is_not_tried() -> None:
    from commands.trial import try_out
    from tests.crawlers.test_load import NOW

    with pytest.raises(UsageError, match="crawl it instead"):
        try_out(load_sources(None)["crossref-held"], 5, NOW, "a@example.org")


def test_what_is_wrong_is_told_by_file_and_key(at_home: Home) -> None:
    file = at_home.sources / "shelf.yml"
    file.write_text(SHELF.format(path="/x").replace("local", "sitmap") + "delay: 3\n", encoding="utf-8")
    with pytest.raises(ConfigError) as wrong:
        collect.check()
    assert f"{file}: type: 'sitmap' is not one of" in str(wrong.value)
    assert "delay: no such key; did you mean delay_s?" in str(wrong.value)


@pytest.mark.parametrize("command", ["list", "check", "try", "health"])
def test_every_command_shows_an_example(command: str) -> None:
    shown = CliRunner().invoke(app, ["sources", command, "--help"])
    assert shown.exit_code == 0
    assert f"Example: claimwatch sources {command}" in shown.output
