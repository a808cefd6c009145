"""The command line: options anywhere, errors in one line with the contract's codes, help with an example."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer

from commands.context import parse_day, printable
from commands.main import app, hoist, main
from warehouse.errors import UsageError

COMMANDS = typer.main.get_command(app)


def every_command(group: Any, path: str = "") -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            found += every_command(command, f"{path}{name} ")
        else:
            found.append((path + name, command))
    return found


@pytest.mark.parametrize(("name", "command"), every_command(COMMANDS))
def test_every_command_says_what_it_does_with_an_example(name: str, command: Any) -> None:
    assert command.help, name
    assert command.epilog, name
    assert f"claimwatch {name}" in command.epilog


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["search", "x", "--home", "/h"], ["--home", "/h", "search", "x"]),
        (["search", "x", "--home=/h", "--as-of", "2026"], ["--home=/h", "--as-of", "2026", "search", "x"]),
        (["search", "--", "--home"], ["search", "--", "--home"]),
        (["search", "--home"], ["--home", "search"]),
    ],
)
def test_global_options_may_stand_anywhere(given: list[str], expected: list[str]) -> None:
    assert hoist(given) == expected


def run(*arguments: str, home: Path, **kwargs: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cli", "--home", str(home), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, **kwargs)  # type: ignore[call-overload, no-any-return]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["search", "x"], 1, "claimwatch demo"),
        (["search", "x", "--mode", "sideways"], 2, "words"),
        (["crawl", "nowhere"], 2, "choose from"),
        (["extract", "/no/such/file"], 2, "standard input"),
        (["nonsense"], 2, "No such command"),
        (["--as-of", "yesterday", "search", "x"], 2, "2015-04-01"),
        (["saved", "run", "mine"], 2, "no saved search"),
        (["restore", "/no/such"], 2, "no such file"),
        (["add", "ftp://x"], 2, "neither"),
    ],
)
def test_a_wrong_call_is_one_clear_message_and_a_code(
    arguments: list[str], code: int, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["--home", str(tmp_path), *arguments])
    shown = capsys.readouterr()
    assert stop.value.code == code
    assert said in shown.err
    assert "Traceback" not in shown.err


def test_a_broken_source_file_is_named_with_key_and_choices(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "mine.yml").write_text(
        "title: Mine\ntype: fedd\nlicence: x\nstorage: full\nurl: http://x/\n"
    )
    with pytest.raises(SystemExit) as stop:
        main(["--home", str(tmp_path), "sources", "check"])
    assert stop.value.code == 2
    shown = capsys.readouterr().err
    assert "mine.yml" in shown
    assert "type" in shown
    assert "sitemap" in shown


def test_help_does_not_load_models() -> None:
    code = "import sys, commands.main; sys.exit(bool({'torch', 'spacy', 'scrapy', 'streamlit'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0


def test_outside_text_cannot_drive_the_terminal() -> None:
    assert printable("a\x1b[31mb\u202ec") == "a�[31mb�c"


def test_a_day_is_read_in_three_lengths_and_nothing_else() -> None:
    assert [parse_day(text).isoformat()[:10] for text in ("2015", "2015-04", "2015-04-03")] == [
        "2015-01-01", "2015-04-01", "2015-04-03",
    ]  # fmt: skip
    with pytest.raises(UsageError, match="not a date"):
        parse_day("last week")


def test_extract_and_diff_read_files_and_need_no_base(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = tmp_path / "old.txt", tmp_path / "new.txt"
    old.write_text("Admissions rose by 87,000 in the first year of the fund.\n")
    new.write_text("Admissions rose by 78,000 in the first year of the fund.\n")
    with pytest.raises(SystemExit) as stop:
        main(["diff", str(old), str(new), "--json"])
    assert stop.value.code == 0
    (change,) = json.loads(capsys.readouterr().out)["changes"]
    assert change["kind"] == "figure_changed"
    with pytest.raises(SystemExit):
        main(["extract", str(old), "--json"])
    found = json.loads(capsys.readouterr().out)
    assert found["text"] == old.read_text()
