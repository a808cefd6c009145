"""A folder of files, reference exports and web archives."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawlers.adapters import ADAPTERS
from crawlers.adapters import local as local_module
from crawlers.adapters.references import read_references
from crawlers.errors import UnreadableError
from tests.crawlers.adapting import NOW, source
from warehouse.errors import ConfigError

LOCAL = ADAPTERS["local"]
PAGE = (
    b"<html><body><h1>Beds</h1><p>"
    + b"Delayed discharges fell in every month of the trial. " * 8
    + b"</p></body></html>"
)


def bodies(folder: Path, **settings):
    return list(LOCAL.bodies(source(type="local", path=str(folder), **settings)))


def test_a_folder_is_read_in_order_at_local_addresses(tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "two words.html").write_bytes(PAGE)
    (tmp_path / "a.md").write_text("# Beds\n\nThey fell.\n")
    (tmp_path / "ignored.xyz").write_text("not a type we read")
    (tmp_path / ".hidden.html").write_bytes(PAGE)
    found = bodies(tmp_path)
    assert [body.url for body in found] == ["local:test/a.md", "local:test/b/two%20words.html"]
    assert [body.headers["content-type"] for body in found] == ["text/markdown", "text/html"]
    assert LOCAL.start(source(type="local", path=str(tmp_path)), NOW) == []
    [document] = LOCAL.documents(source(type="local", path=str(tmp_path)), found[0])
    assert (document.title, document.url) == ("Beds", "local:test/a.md")


def test_patterns_choose_files(tmp_path):
    for name in ("keep.txt", "drop.txt", "odd.xyz"):
        (tmp_path / name).write_text("Some text of some length.")
    found = bodies(tmp_path, include=["*.txt", "odd.*"], exclude=["drop*"])
    assert [body.url for body in found] == ["local:test/keep.txt", "local:test/odd.xyz"]


def test_links_out_of_the_folder_are_not_followed(tmp_path):
    outside, inside = tmp_path / "outside", tmp_path / "inside"
    outside.mkdir(), inside.mkdir()
    (outside / "secret.txt").write_text("secret")
    (inside / "file.txt").symlink_to(outside / "secret.txt")
    (inside / "folder").symlink_to(outside)
    (inside / "loop").symlink_to(inside)
    (inside / "own.txt").write_text("own")
    (inside / "alias.txt").symlink_to(inside / "own.txt")
    assert [body.url for body in bodies(inside)] == ["local:test/alias.txt", "local:test/own.txt"]


def test_a_named_pipe_does_not_hold_the_run_up(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    [body] = bodies(tmp_path)
    assert "not a regular file" in body.hints["unread"]


def test_a_file_over_the_limit_is_told_and_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(local_module, "MAX_BYTES", 10)
    (tmp_path / "big.txt").write_text("more than ten bytes")
    [body] = bodies(tmp_path)
    assert (body.content, body.hints["unread"].split(":")[0]) == (b"", "too large")


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ConfigError, match="nowhere"):
        bodies(tmp_path / "nowhere")


RIS = b"""\xef\xbb\xbfTY  - JOUR
TI  - Reablement and costs
AU  - Osei, Rae
AU  - Lindqvist, Tove
AB  - Costs did not change.
PY  - 2024/05/06
JO  - Journal of Imagined Care
DO  - https://doi.org/10.5555/Ris.1
ER  -

TY  - RPRT
T1  - Only a title
Y1  - 2019
ER  -

TY  - JOUR
AU  - Nobody
ER  -
"""
BIB = b"""@article{a1, title = {Pooled {B}udgets}, author = {Osei, Rae and Lindqvist, Tove}, year = 2023,
 abstract = {Delays fell.}, journal = {J Imagined Care}, doi = {10.5555/bib.1}}
@misc{broken, title = {Unclosed
"""
CSV = (
    "Title;Abstract;Author Names;Publication Year;DOI\n"
    '"A; b";"Line one\nline two";"Osei R., Mbeki S.";2020;10.5555/csv.1\n;;;;\n'
)


def test_ris():
    first, second = read_references(RIS, "local:t/x.ris")
    assert (first.title, first.text) == ("Reablement and costs", "Costs did not change.")
    assert (first.authors, first.published) == (("Osei, Rae", "Lindqvist, Tove"), "2024-05-06")
    assert (first.doi, first.url) == ("10.5555/ris.1", "local:t/x.ris#10.5555/ris.1")
    assert (second.text, second.published, second.kind) == ("Only a title", "2019-01-01", "record")


def test_bibtex():
    [record] = read_references(BIB, "local:t/x.bib")
    assert (record.title, record.authors) == ("Pooled Budgets", ("Osei, Rae", "Lindqvist, Tove"))
    assert (record.text, record.publisher, record.doi) == ("Delays fell.", "J Imagined Care", "10.5555/bib.1")


def test_csv_whatever_parts_its_columns():
    for delimiter, name in ((";", "x.csv"), ("\t", "x.tsv")):
        [record] = read_references(CSV.replace(";", delimiter).encode("utf-8-sig"), f"local:t/{name}")
        assert (record.text, record.doi) == ("Line one line two", "10.5555/csv.1")
        assert record.authors == ("Osei R.", "Mbeki S.")


def test_a_record_keeps_its_address_when_the_export_is_sorted_anew():
    parts = RIS.removeprefix(b"\xef\xbb\xbf").split(b"\n\n")
    turned = b"\n\n".join(reversed(parts))
    assert {record.url for record in read_references(turned, "local:t/x.ris")} == {
        record.url for record in read_references(RIS, "local:t/x.ris")
    }


def test_reference_files_in_a_folder_give_a_document_a_record(tmp_path):
    (tmp_path / "export.txt").write_bytes(RIS)  # as some databases name it
    (tmp_path / "notes.txt").write_text("Plain notes about the export.")
    config = source(type="local", path=str(tmp_path))
    found = [LOCAL.documents(config, body) for body in bodies(tmp_path)]
    assert [len(documents) for documents in found] == [2, 1]


def test_real_exports_give_records(real):
    """Records in each: counted by hand from the tags that open one."""
    folder = real / "exports" / "tests" / "demo_data"
    expected = {
        "scopus.ris": 6, "embase.ris": 6, "proquest.ris": 6, "ovid_zotero.ris": 6, "pubmed_zotero.ris": 6,
        "web_of_science.txt": 10, "pubmed_endnote.txt": 6, "_baseline.ris": 100, "embase.csv": 6, "generic_tab.tsv": 2,
    }  # fmt: skip
    for name, count in expected.items():
        records = read_references((folder / name).read_bytes(), f"local:t/{name}")
        assert len(records) == count, name
        assert all(record.title for record in records), name
        assert any(record.authors for record in records), name


def warc(*pages: tuple[str, bytes, str, str]) -> bytes:
    """An archive of (address, content, content type, status)."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    for address, content, content_type, status in pages:
        headers = StatusAndHeaders(status, [("Content-Type", content_type)], protocol="HTTP/1.1")
        writer.write_record(writer.create_warc_record(address, "response", io.BytesIO(content), http_headers=headers))
    return out.getvalue()


def test_a_web_archive_gives_its_pages_at_their_own_addresses(tmp_path):
    archive = warc(
        ("https://a.example/page", PAGE, "text/html; charset=utf-8", "200 OK"),
        ("https://a.example/gone", PAGE, "text/html", "404 Not Found"),
        ("https://a.example/logo.png", b"\x89PNG", "image/png", "200 OK"),
        ("ftp://a.example/x", PAGE, "text/html", "200 OK"),
    )
    (tmp_path / "crawl.warc.gz").write_bytes(archive)
    [body] = bodies(tmp_path)
    assert (body.url, body.content) == ("https://a.example/page", PAGE)
    [document] = LOCAL.documents(source(type="local", path=str(tmp_path)), body)
    assert document.title == "Beds"


def test_a_web_archive_that_breaks_off_gives_what_came_before_and_says_so(tmp_path):
    whole = warc(("https://a.example/page", PAGE, "text/html", "200 OK"))
    (tmp_path / "cut.warc").write_bytes(b"WARC/1.0\r\nnonsense")
    (tmp_path / "good.warc.gz").write_bytes(whole)
    found = bodies(tmp_path)
    assert [body.url for body in found if body.content] == ["https://a.example/page"]


def test_a_table_of_endless_columns_or_cells_is_an_error_not_a_crash():
    with pytest.raises(UnreadableError):
        read_references(b'title\n"' + b"x" * 5_000_000 + b'"\n', "local:t/x.csv")


def test_lines_of_the_provider_before_the_first_record_do_no_harm() -> None:
    export = b"Provider: A library\nContent: text/plain\n\nTY  - JOUR\nTI  - Joint teams\nPY  - 2023\nER  - \n"
    (document,) = read_references(export, "local:shelf/export.ris")
    assert (document.title, document.published) == ("Joint teams", "2023-01-01")
