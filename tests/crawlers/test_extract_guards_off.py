"""Guards of parsing switched off one at a time: what each of them holds back then comes through."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest

from crawlers import archives, soft404, xml
from crawlers import extract as extraction
from crawlers.adapters import feed as feeds
from crawlers.adapters import packed, sitemap
from crawlers.adapters.base import Body
from crawlers.adapters.feed import FeedAdapter
from crawlers.adapters.sitemap import SitemapAdapter
from crawlers.errors import UnreadableError
from crawlers.extract import body as extracted_body
from crawlers.extract import comments, extract, html, plain, prescan, word
from crawlers.load import load
from crawlers.soft404 import Probes
from crawlers.taken import kept_headers
from crawlers.xml import parse_xml
from nlp.passages import split
from tests.crawlers.adapting import source
from tests.crawlers.pages import PARAGRAPHS, archive, page, pdf
from tests.crawlers.test_extract_comments import BELOW, PLANTED
from tests.crawlers.test_extract_html import WALLS
from tests.crawlers.test_extract_types import word_file
from tests.crawlers.test_frontier import T0
from tests.crawlers.test_load import NOW, Recorder
from tests.crawlers.test_load import source as load_source
from warehouse.home import Home
from warehouse.models import Document, Fetch
from warehouse.store import Store

URL = "https://x.example/a"
MAP = "https://trust.example/sitemap.xml"
CELL = b"<table><tr><td colspan=9007199254740991>x</td></tr></table>"
ENTITY = b'<!DOCTYPE x [<!ENTITY a "ha">]>'
DOCUMENT = b"<rss version='2.0'><channel><title>t</title><item><title>a</title><link>https://x.example/1</link></item></channel></rss>"


def test_a12_without_the_cap_ten_years_are_ten_years(monkeypatch: pytest.MonkeyPatch) -> None:
    from crawlers import schedule

    assert schedule.retry_after_s("315360000", T0) == 86_400
    monkeypatch.setattr(schedule, "HOST_CAP_S", 1e12)
    assert schedule.retry_after_s("315360000", T0) == 315_360_000


@pytest.mark.parametrize(("kind", "title", "paragraphs"), WALLS, ids=[wall[0] for wall in WALLS])
def test_a14_without_the_words_a_wall_is_an_article(
    kind: str, title: str, paragraphs: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    body = page(title=title, paragraphs=paragraphs)
    assert extract(body, URL, "text/html").suspect
    monkeypatch.setattr(html, "suspicion", lambda title, text, whole: None)
    assert extract(body, URL, "text/html").suspect is None


def test_a14_without_the_comparison_a_soft_404_is_an_article(monkeypatch: pytest.MonkeyPatch) -> None:
    def fetch(path: str) -> Fetch:
        return Fetch(seq=1, run=1, source="s", url=f"https://x.example/{path}", final_url=f"https://x.example/{path}",
                     at="2024-03-01T02:00:00+00:00", status=200, outcome="ok", body_sha256="0" * 64)  # fmt: skip

    gone = Document(url=URL, title="The archive", text="Our archive moved to a new home; you asked for something else.")
    probes = Probes({"x.example": gone})
    assert probes.judge(gone, fetch("a")).suspect
    monkeypatch.setattr(soft404, "ALIKE", 101)
    assert probes.judge(gone, fetch("a")).suspect is None


def test_a23_without_cleaning_a_counter_makes_another_text(monkeypatch: pytest.MonkeyPatch) -> None:
    def texts() -> set[str]:
        pages = [page(paragraphs=(*PARAGRAPHS, views)) for views in ("1,204 views", "1,377 views")]
        return {extract(body, URL, "text/html").text for body in pages}

    assert len(texts()) == 1
    monkeypatch.setattr(extracted_body, "is_noise", lambda text: False)
    assert len(texts()) == 2


def test_a23_without_the_hash_of_the_text_the_same_text_is_another_version(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def versions() -> int:
        with Store.open(home) as store:
            return int(store.con.execute("select count(*) from version").fetchall()[0][0])

    recorder, numbers = Recorder(home), iter(range(9))
    for views in ("1,204 views", "1,377 views"):
        recorder.fetch("a", page(paragraphs=(*PARAGRAPHS, views)))
    read_in(home)
    assert versions() == 1
    monkeypatch.setattr("warehouse.ids.version_id", lambda *parts: f"{next(numbers):020d}")
    recorder.fetch("a", page(paragraphs=(*PARAGRAPHS, "1,502 views")))
    read_in(home)
    assert versions() == 2


def read_in(home: Home) -> None:
    with Store.open(home) as store:
        load(home, store, {"sample": load_source()}, NOW)


def test_b4_without_the_cap_a_cell_is_as_wide_as_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prescan, "MAX_SPAN", 9007199254740991)
    assert prescan.prescan(CELL) == CELL


def test_b5_without_the_cap_a_word_without_end_is_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain, "MAX_WORD", 10**9)
    assert extract(b"x" * 200_000, URL, "text/plain").suspect is None


@pytest.mark.parametrize("what", ["feed", "sitemap", "word"])
def test_b7_without_the_guard_entities_are_let_in(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def read() -> object:
        if what == "word":
            return extract(_with_entity(word_file()), URL)
        if what == "feed":
            feed = source(type="feed", url=URL)
            return FeedAdapter().listing(feed, Body(URL, b"<?xml version='1.0'?>" + ENTITY + DOCUMENT))
        return parse_xml(ENTITY + b"<urlset/>")

    with pytest.raises(UnreadableError) as refused:
        read()
    assert refused.value.reason == "entities"
    for module in (xml, word, feeds):
        monkeypatch.setattr(module, "refuse_entities", lambda data: None)
    assert read() is not None


def _with_entity(body: bytes) -> bytes:
    members = zipfile.ZipFile(io.BytesIO(body))
    parts = {name: members.read(name) for name in members.namelist()}
    parts["word/document.xml"] = parts["word/document.xml"].replace(b"<w:document", ENTITY + b"<w:document", 1)
    return archive(parts)


def test_b8_without_the_limits_an_index_goes_down_and_a_list_on(monkeypatch: pytest.MonkeyPatch) -> None:
    config = source(type="sitemap", url=MAP)
    names = "".join(f"<sitemap><loc>https://trust.example/{n}.xml</loc></sitemap>" for n in range(3))
    index = Body(MAP, f"<sitemapindex>{names}</sitemapindex>".encode(), state={"depth": 2, "seen": []})
    locs = "".join(f"<url><loc>https://trust.example/{n}</loc></url>" for n in range(9))
    pages = Body(MAP, f"<urlset>{locs}</urlset>".encode())
    monkeypatch.setattr(sitemap, "MAX_ADDRESSES", 5)
    assert not SitemapAdapter().listing(config, index).more
    assert len(SitemapAdapter().listing(config, pages).requests) == 5
    monkeypatch.setattr(sitemap, "MAX_DEPTH", 9)
    monkeypatch.setattr(sitemap, "MAX_ADDRESSES", 50)
    assert len(SitemapAdapter().listing(config, index).more) == 3
    assert len(SitemapAdapter().listing(config, pages).requests) == 9


def test_b8_without_a_list_of_those_read_an_index_names_itself_again(monkeypatch: pytest.MonkeyPatch) -> None:
    config, numbers = source(type="sitemap", url=MAP), iter(range(9))
    index = Body(MAP, f"<sitemapindex><sitemap><loc>{MAP}</loc></sitemap></sitemapindex>".encode())
    assert not SitemapAdapter().listing(config, index).more
    monkeypatch.setattr(sitemap, "normalise", lambda url: str(next(numbers)))
    assert [request.url for request in SitemapAdapter().listing(config, index).more] == [MAP]


def test_b8_without_the_cap_a_packed_sitemap_unpacks_whole() -> None:
    bomb = gzip.compress(bytes(3 << 20))
    with pytest.raises(UnreadableError, match="unpacks to more"):
        packed.unpacked(bomb, 1 << 20)
    assert len(packed.unpacked(bomb, 4 << 20)) == 3 << 20


def test_b10_without_the_magic_bytes_a_pdf_is_read_as_the_page_it_says_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    words = "Emergency admissions of people over 75 fell by 6% in the first year."
    body = pdf([[(72, 700, 12, words)]])
    assert extract(body, URL, "text/html").text == words
    monkeypatch.setattr(extraction, "sniff", lambda body, url, content_type: "html")
    assert extract(body, URL, "text/html").text != words


@pytest.mark.parametrize("name", ["../../x", "/etc/x", "C:/x"])
def test_b11_without_the_check_names_that_lead_out_pass(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    body = archive({name: b"x"})
    with pytest.raises(UnreadableError) as refused:
        archives.open_archive(body)
    assert refused.value.reason == "hostile archive"
    monkeypatch.setattr(archives, "leads_out", lambda name: False)
    assert name in archives.open_archive(body).namelist()


def test_b11_without_the_total_everything_is_let_in() -> None:
    body = archive({f"{n}.xml": bytes(1_000) for n in range(5)})
    with pytest.raises(UnreadableError, match="5 members"):
        archives.open_archive(body, max_total=4_999)
    assert len(archives.open_archive(body, max_total=5_000).namelist()) == 5


def test_b12_a_text_over_a_million_characters_is_split_and_its_offsets_hold() -> None:
    text = "The joint board met in March and agreed to pool its budget for community nursing. " * 13_000
    assert len(text) > 1_000_000
    passages = split(text)
    assert len(passages) == 13_000
    assert all(text[passage.start : passage.end] == passage.text for passage in passages)


def test_b12_a_text_without_any_sentence_is_split_all_the_same() -> None:
    text = "word " * 210_000
    assert max(len(passage.text) for passage in split(text)) <= 2_000


def test_b12_without_the_cap_a_text_without_any_sentence_is_one_passage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nlp.passages.MAX_PASSAGE_CHARS", 10**9)
    assert len(split("word " * 210_000)) == 1


def test_b12_a_text_over_the_cap_is_refused() -> None:
    with pytest.raises(UnreadableError) as refused:
        extract(b"Some words stand here.\n\n" * 250_000, URL, "text/plain")
    assert refused.value.reason == "too large"


def test_b12_a_text_over_the_cap_is_refused_and_without_the_cap_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    text = b"Some words stand here.\n\n" * 50
    monkeypatch.setattr(extraction, "MAX_TEXT_CHARS", 1_000)
    with pytest.raises(UnreadableError) as refused:
        extract(text, URL, "text/plain")
    assert refused.value.reason == "too large"
    monkeypatch.setattr(extraction, "MAX_TEXT_CHARS", 2_000)
    assert extract(text, URL, "text/plain").text


def test_b16_without_redaction_a_reader_can_be_rung_up(monkeypatch: pytest.MonkeyPatch) -> None:
    body = page(bottom=BELOW)
    monkeypatch.setattr(comments, "redact", lambda text: text)
    found = repr(extract(body, URL, "text/html", comments=True))
    assert [word for word in PLANTED if word in found] == ["planted.name@mail.example", "01632", "@plantedname"]


def test_b17_without_the_names_what_a_page_reserves_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    body = page(head='<meta name="tdm-reservation" content="1">')
    assert extract(body, URL, "text/html").extra["page_tdm-reservation"] == "1"
    monkeypatch.setattr("crawlers.extract.metadata._RIGHTS", ())
    assert "page_tdm-reservation" not in extract(body, URL, "text/html").extra


def test_b17_without_the_list_a_reservation_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    headers = {"tdm-reservation": "1", "x-robots-tag": "noai", "set-cookie": "a=1"}
    assert kept_headers(headers) == {"tdm-reservation": "1", "x-robots-tag": "noai"}
    monkeypatch.setattr("crawlers.taken.KEPT_HEADERS", ("content-type",))
    assert kept_headers(headers) == {}
