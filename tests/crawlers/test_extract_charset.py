"""A17: bytes to text, whatever was declared."""

from __future__ import annotations

import pytest

from crawlers.extract import charset, extract
from crawlers.extract.charset import decode
from tests.crawlers.pages import page

FRENCH = (
    "Le café de la clinique a été rouvert, et l'équipe mobile y reçoit désormais les patients âgés du quartier. " * 4
)
RUSSIAN = "Больница и служба социальной помощи подписали общий план на следующий год. " * 6

CASES = [
    ("UTF-8 as declared", FRENCH.encode(), "utf-8", FRENCH),
    ("UTF-8 declared as Latin-1", FRENCH.encode(), "iso-8859-1", FRENCH),
    ("Latin-1 declared as UTF-8", FRENCH.encode("latin-1"), "utf-8", FRENCH),
    ("Windows quotes declared as Latin-1", "“quoted” – and more".encode("cp1252"), "iso-8859-1", "“quoted” – and more"),
    ("a charset that does not exist", FRENCH.encode("latin-1"), "x-made-up", FRENCH),
    ("Cyrillic as declared", RUSSIAN.encode("windows-1251"), "windows-1251", RUSSIAN),
    ("Cyrillic undeclared", RUSSIAN.encode("windows-1251"), None, RUSSIAN),
    ("UTF-16 with a mark", FRENCH.encode("utf-16"), None, FRENCH),
    ("UTF-16 without a mark", FRENCH.encode("utf-16-le"), "utf-8", FRENCH),
    ("UTF-8 with a mark", b"\xef\xbb\xbf" + FRENCH.encode(), None, FRENCH),
]


@pytest.mark.parametrize(
    ("body", "declared", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_a17_decoding(body: bytes, declared: str | None, expected: str) -> None:
    assert decode(body, declared) == (expected, None)


def test_a17_the_meta_element_is_read() -> None:
    body = page(paragraphs=(RUSSIAN,)).replace(b"utf-8", b"windows-1251", 1).decode().encode("windows-1251")
    assert RUSSIAN.strip() in extract(body, "https://x.example/a", "text/html").text


def test_a17_without_detection_an_undeclared_charset_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(charset, "_detected", lambda body, names: "utf-8")
    assert decode(RUSSIAN.encode("windows-1251"))[0] != RUSSIAN


GARBLED = page(paragraphs=("\ufffd\ufffdtext " * 40,))


def test_a17_garbled_text_is_suspect() -> None:
    document = extract(GARBLED, "https://x.example/a", "text/html")
    assert document.suspect is not None
    assert document.suspect.startswith("garbled")


def test_a17_without_the_share_garbled_text_is_an_article(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(charset, "MAX_REPLACED", 1.0)
    assert extract(GARBLED, "https://x.example/a", "text/html").suspect is None


def test_a17_utf_7_is_suspect() -> None:
    text, suspect = decode(FRENCH.encode("utf-7"), "utf-7")
    assert suspect is not None
    assert "UTF-7" in suspect
    assert "é" not in text
