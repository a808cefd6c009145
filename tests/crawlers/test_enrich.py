"""Works held are asked about at Crossref, each once, and what it says is noted with them, whatever loads later."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest

from crawlers.adapters import ADAPTERS
from crawlers.adapters.crossref import notices_address
from crawlers.enrich import with_held
from crawlers.erase import erase
from crawlers.load import load
from crawlers.sources import SourceConfig, load_sources
from crawlers.tally import Tally, report
from tests.crawlers.test_load import Recorder, page
from warehouse.home import Home
from warehouse.raw import body_path
from warehouse.rebuild import set_aside
from warehouse.store import Store

NOW = datetime(2026, 3, 1, tzinfo=UTC)
HELD = load_sources(None)["crossref-held"]
PAGES = SourceConfig.model_validate({
    "name": "sample", "title": "Sample", "type": "page-list", "licence": "OGL-UK-3.0", "storage": "full",
    "urls": ["https://example.org/a"],
})  # fmt: skip
SOURCES = {"sample": PAGES, "crossref-held": HELD}
DOI = "10.5555/abc"
NOTICE = {"DOI": "10.5555/retraction", "type": "retraction", "updated": {"date-parts": [[2026, 2, 3]]}}


def article(first: str = "Waits fell by 12%.") -> bytes:
    return page(first).replace(b"<head>", b'<head><meta name="citation_doi" content="10.5555/ABC">')


def record(**more: Any) -> bytes:
    work = {"DOI": DOI, "title": ["Joint teams"], "type": "journal-article"}
    return json.dumps({"message": {"total-results": 1, "items": [{**work, **more}]}}).encode()


def answer(recorder: Recorder, body: bytes) -> str:
    url = notices_address(DOI)
    fetch = recorder.fetch("", body, source="crossref-held", content_type="application/json", url=url)
    return fetch.body_sha256 or ""


def extra(home: Home) -> dict[str, Any]:
    with Store.open(home) as store:
        load(home, store, SOURCES, NOW)
        rows = store.con.execute("select extra, title, status from document").fetchall()
    ((packed, title, status),) = rows
    assert (title, status) == ("Joint teams in the county", "live"), "the record made no document and changed none"
    return dict(json.loads(packed or "{}"))


@pytest.fixture
def recorder(home: Home) -> Recorder:
    recorder = Recorder(home)
    recorder.fetch("a", article())
    return recorder


def test_each_doi_is_asked_for_once_and_what_is_none_is_left_out() -> None:
    dois = ["10.1/x", "https://doi.org/10.5555/ABC", "doi:10.5555/abc", "10.5555/b c", "", "10.5555/é"]
    other, held = with_held([PAGES, HELD], dois)
    assert (other, held.dois) == (PAGES, (DOI,))
    (request,) = ADAPTERS[held.type].start(held, NOW)
    assert request.url == notices_address(DOI)
    assert "abstract" not in request.url, "which may not be ours to keep"


def test_without_works_held_nothing_is_asked() -> None:
    (held,) = with_held([HELD], [])
    assert ADAPTERS[held.type].start(held, NOW) == []


@pytest.mark.parametrize(("reason", "status"), [("http_404", "ok"), ("timeout", "failed")])
def test_works_that_crossref_does_not_know_are_no_failure(reason: str, status: str) -> None:
    tally = Tally(started="2026-03-01", failures=Counter({reason: 2}))
    assert report(HELD, tally, 0).status == status


def test_the_dois_held_are_those_of_documents(home: Home, recorder: Recorder) -> None:
    extra(home)
    with Store.open(home) as store:
        assert store.dois() == [DOI]


def test_a_retraction_is_noted_with_the_work(home: Home, recorder: Recorder) -> None:
    answer(recorder, record(**{"updated-by": [NOTICE]}))
    told = extra(home)
    assert told["retracted"] is True
    assert told["updated_by"] == [{"doi": "10.5555/retraction", "type": "retraction", "at": "2026-02-03"}]


def test_a_notice_stays_when_the_page_changes_and_goes_when_it_is_taken_back(home: Home, recorder: Recorder) -> None:
    answer(recorder, record(**{"updated-by": [NOTICE]}))
    extra(home)
    recorder.fetch("a", article("Waits fell by 9%."))
    assert extra(home)["retracted"] is True
    answer(recorder, record())
    assert not {"retracted", "updated_by"} & set(extra(home))


def test_a_work_that_is_not_marked_says_nothing(home: Home, recorder: Recorder) -> None:
    answer(recorder, record())
    assert not {"retracted", "updated_by"} & set(extra(home))


def test_an_answer_without_works_says_nothing(home: Home, recorder: Recorder) -> None:
    answer(recorder, json.dumps({"message": {"total-results": 0, "items": []}}).encode())
    assert not {"retracted", "updated_by"} & set(extra(home))


def test_a_rebuild_knows_it_too(home: Home, recorder: Recorder) -> None:
    answer(recorder, record(**{"updated-by": [NOTICE]}))
    extra(home)
    set_aside(home)
    assert extra(home)["retracted"] is True


def test_erasing_a_work_erases_what_crossref_says_of_it(home: Home, recorder: Recorder) -> None:
    sha256 = answer(recorder, record())
    recorder.ledger.close()
    extra(home)
    with Store.open(home) as store:
        erase(home, store, "https://example.org/a", NOW)
    assert not body_path(home.raw, sha256).exists()
