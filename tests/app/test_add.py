"""Adding by hand: a file is looked at before anything reads it, and what a run could not read is not called added."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path

import pytest

from tests.app.pages import page
from views import add
from warehouse.errors import BUSY, DONE, WARNINGS
from warehouse.home import Home

NOISE = random.Random(7).randbytes(3000)


@pytest.mark.parametrize(
    ("name", "body", "problem"),
    [
        ("noise.pdf", NOISE, "not the PDF file that its name says"),
        ("late.pdf", b"." * 1020 + b"%PDF-1.7", "not the PDF file that its name says"),
        ("plan.PDF", b"%PDF-1.7 and so on", None),
        ("mailed.pdf", b"a line of whoever sent it\r\n%PDF-1.7", None),
        ("plan.docx", b"a line\r\nPK\x03\x04", "not the DOCX file that its name says"),
        ("plan.docx", b"PK\x03\x04", None),
        ("plan.txt", b"Words.", None),
        ("plan.txt", b"", "the file is empty"),
        ("plan.exe", b"MZ", "not a kind that is read here"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_told_before_it_is_read(
    name: str, body: bytes, problem: str | None
) -> None:
    said = add.wrong(Path(name), body)
    assert said is None if problem is None else problem in str(said)


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [(DONE, "success", "Added"), (WARNINGS, "warning", "not as it should"), (BUSY, "warning", "Another run"),
     (1, "error", "1 body not read")],
)  # fmt: skip
def test_what_became_of_it_is_told(
    shown: Home, monkeypatch: pytest.MonkeyPatch, code: int, kind: str, words: str
) -> None:
    said = "" if code == DONE else "warning: 1 body not read: unknown type"
    monkeypatch.setattr(add.subprocess, "run", lambda *a, **k: subprocess.CompletedProcess(a, code, "1 fetched", said))
    at = page("add")
    at.text_input[0].set_value("https://x.example/a.pdf")
    at.button[0].click().run()
    told = {"success": at.success, "warning": at.warning, "error": at.error}
    assert [name for name, boxes in told.items() if boxes] == [kind]
    assert words in told[kind][0].value
