"""Each guard against a hostile body, with the proof that without it the body does harm or gets through."""

from __future__ import annotations

import time
import zipfile
from io import BytesIO

import pytest

from crawlers import archives, xml
from crawlers.errors import UnreadableError
from crawlers.extract import extract, pdf, prescan
from crawlers.xml import parse_xml
from tests.crawlers.pages import JATS, archive
from tests.crawlers.pages import pdf as make_pdf

URL = "https://x.example/a"


def reason_of(body: bytes, declared: str | None = "text/html") -> str:
    with pytest.raises(UnreadableError) as caught:
        extract(body, URL, declared)
    return caught.value.reason


def attributes(count: int) -> bytes:
    return (
        b"<html><body><p "
        + b" ".join(b"a%d=1" % n for n in range(count))
        + b">Some words that stand here.</p></body></html>"
    )


def test_b1_attributes_are_refused_in_half_a_second() -> None:
    body = attributes(50_000)
    reason_of(body)  # loads what it needs
    started = time.process_time()
    assert reason_of(body) == "hostile markup"
    assert time.process_time() - started < 2  # a quarter of a second on a quiet machine


def test_b1_without_the_guard_they_take_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prescan, "MAX_ATTRIBUTES", 10**9)
    started = time.process_time()
    extract(attributes(12_000), URL, "text/html")
    assert time.process_time() - started > 0.05


def test_b1_script_and_quotes_are_no_attributes() -> None:
    script = (
        b"<script>if (a <b) { " + b"x = y; " * 9_000 + b"}</script><p class='" + b"word " * 5_000 + b"'>Some words.</p>"
    )
    page = b"<html><body>" + script + b"</body></html>"
    assert prescan.prescan(page) == page


PAGES = make_pdf([[(72, 700, 12, "Some words.")]] * 2_100)
NESTED = b"<html><body>" + b"<div>" * 5_000 + b"x</body></html>"
FLAT = b"<p>x</p>" * 200_000


def test_b2_nesting_is_refused() -> None:
    assert reason_of(NESTED) == "hostile markup"


def test_b2_without_the_guard_nesting_is_let_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prescan, "MAX_DEPTH", 10**9)
    assert prescan.prescan(NESTED) == NESTED


def test_b3_tags_by_the_hundred_thousand_are_refused() -> None:
    assert reason_of(FLAT) == "hostile markup"


def test_b3_without_the_guard_they_are_let_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prescan, "MAX_TAGS", 10**9)
    assert prescan.prescan(FLAT) == FLAT


def test_b4_spans_are_capped() -> None:
    cell = b"<table><tr><td colspan=9007199254740991 rowspan='99999'>x</td><td colspan=3>y</td></tr></table>"
    assert (
        prescan.prescan(cell) == b"<table><tr><td colspan=1000 rowspan='1000'>x</td><td colspan=3>y</td></tr></table>"
    )


def test_b5_a_word_without_end_is_suspect() -> None:
    document = extract(b"x" * 200_000, URL, "text/plain")
    assert document.suspect is not None
    assert document.suspect.startswith("no words")


BOMBS = [
    ("billion laughs", b'<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'),
    ("an outside file", b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]>'),
    ("a parameter entity", b'<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1/x.dtd">%p;]>'),
]


@pytest.mark.parametrize("declaration", [row[1] for row in BOMBS], ids=[row[0] for row in BOMBS])
@pytest.mark.parametrize("recover", [False, True])
def test_b7_entities_are_refused(declaration: bytes, recover: bool) -> None:
    document = b'<?xml version="1.0"?>' + declaration + b"<rss><channel><title>x</title></channel></rss>"
    for data in (document, document.decode().encode("utf-16")):
        with pytest.raises(UnreadableError) as caught:
            parse_xml(data, recover=recover)
        assert caught.value.reason == "entities"


def test_b7_without_the_guard_the_bomb_passes_unnoticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml, "refuse_entities", lambda data: None)
    data = b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]><x>&f;</x>'
    root = parse_xml(data, recover=True)
    assert "".join(root.itertext()) in ("", "&f;")  # nothing is loaded even then: no_network, no DTD, no entities


def test_b7_a_harmless_doctype_is_read() -> None:
    assert parse_xml(b'<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "x.dtd"><rss/>').tag == "rss"


def test_b7_in_jats_and_word_files() -> None:
    bomb = JATS.replace(b'"JATS.dtd">', b'"JATS.dtd" [<!ENTITY a "b">]>')
    assert reason_of(bomb, "application/xml") == "entities"
    entity = b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "b">]><w/>'
    assert reason_of(archive({"[Content_Types].xml": b"<x/>", "word/document.xml": entity}), None) == "entities"


def test_b9_a_pdf_of_too_many_pages_is_refused_before_they_are_read() -> None:
    started = time.process_time()
    assert reason_of(PAGES, "application/pdf") == "too large"
    assert time.process_time() - started < 2


def test_b9_without_the_count_every_page_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MAX_PAGES", 10**9)
    assert extract(PAGES, URL).extra["page_count"] == 2_100


def word(members: dict[str, bytes]) -> bytes:
    return archive({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<w/>", **members})


def test_b11_a_bomb_is_refused_by_its_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = word({"word/media/zeros": bytes(8 << 20)})
    assert len(bomb) < 20_000
    assert reason_of(bomb, None) == "too large"
    monkeypatch.setattr(archives, "MAX_RATIO", 10**9)
    archives.open_archive(bomb)


def test_b11_the_total_is_capped(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UnreadableError):
        archives.open_archive(word({"a": b"x" * 2_000}), max_total=1_000)


def test_b11_a_directory_that_lies_is_caught_when_reading() -> None:
    data = bytearray(archive({"word/a.xml": b"x" * 500_000}))
    at = data.rfind(b"PK\x01\x02")
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")  # the directory says ten bytes
    opened = archives.open_archive(bytes(data))
    with pytest.raises(UnreadableError, match="unpack"):
        archives.read_member(opened, "word/a.xml", max_bytes=1_000)


@pytest.mark.parametrize("name", ["../../x", "/etc/x", "a/../../x", "..\\x", "C:/x"])
def test_b11_names_that_lead_out_are_refused(name: str) -> None:
    assert reason_of(word({name: b"x"}), None) == "hostile archive"


def test_b11_nothing_is_unpacked_to_a_path(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(zipfile.ZipFile, "extract", lambda *args, **more: pytest.fail("unpacked to a path"))
    monkeypatch.setattr(zipfile.ZipFile, "extractall", lambda *args, **more: pytest.fail("unpacked to a path"))
    import docx

    out = BytesIO()
    file = docx.Document()
    file.add_paragraph("Some words that stand here.")
    file.save(out)
    extract(out.getvalue(), URL)
    assert list(tmp_path.iterdir()) == []
