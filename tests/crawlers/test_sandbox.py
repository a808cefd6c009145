"""Outside bytes are parsed in killable children: a hostile body is a marked failure, and the run goes on."""

from __future__ import annotations

import json
import os
import signal
import time
import zlib
from collections.abc import Iterator

import psutil
import pytest

from crawlers.adapters.base import Listing, Request
from crawlers.errors import UnreadableError
from crawlers.packing import pack_document, pack_listing, unpack_document, unpack_listing
from crawlers.sandbox import Job, Sandbox
from tests.crawlers.adapting import source
from tests.crawlers.pages import PARAGRAPHS, page, pdf
from warehouse.models import Document, State

GOOD = Job("https://x.example/good", page(), "text/html")


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with Sandbox(workers=2, timeout_s=20) as sandbox:
        yield sandbox


def html(body: bytes) -> Job:
    return Job("https://x.example/hostile", body, "text/html")


def _pdf_bomb() -> bytes:
    """A PDF of some kilobytes whose one page draws a million times."""
    drawn = zlib.compress(b"BT /F1 9 Tf 72 700 Td (word) Tj ET " * 1_000_000, 9)
    body = pdf([[(72, 700, 12, "x")]])
    start, end = body.index(b"<< /Length"), body.index(b"endstream")
    stream = b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\n" % (len(drawn), drawn)
    return body[:start] + stream + body[end:]


PDF_BOMB = Job("https://x.example/bomb.pdf", _pdf_bomb(), "application/pdf")
# Real hostile shapes; whatever the answer, it comes within the limits and the next page is read.
HOSTILE = [
    ("b1 50,000 attributes", html(b"<html><body><p " + b" ".join(b"a%d=1" % n for n in range(50_000)) + b">x")),
    ("b2 200,000 nested tags", html(b"<html><body>" + b"<div>" * 200_000 + b"x")),
    ("b3 6 MB of paragraphs", html(b"<html><body>" + b"<p>A sentence of some words.</p>" * 200_000)),
    ("b3 4 MB of links", html(b"<html><body>" + b"<a href='/x'>link text</a> " * 150_000)),
    ("b4 a cell as wide as 2^53", html(b"<html><body><table><tr><td colspan=9007199254740991>x</td></tr>")),
    ("b5 20 MB without a space", Job("https://x.example/word.txt", b"x" * 20_000_000, "text/plain")),
    ("b9 a PDF with an endless table", Job("https://x.example/a.pdf",
    b"%PDF-1.4\nxref\n0 99999999\ntrailer<</Prev 0>>startxref\n9\n%%EOF")),
    ("b9 an encrypted PDF", Job("https://x.example/e.pdf", pdf([[(72, 700, 12, "x")]]).replace(
        b"/Root 1 0 R", b"/Root 1 0 R /Encrypt << /Filter /Standard /V 1 /R 2 /O (aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa) "
        b"/U (aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa) /P -4 >> /ID [(a) (a)]"))),
]  # fmt: skip


@pytest.mark.parametrize("job", [row[1] for row in HOSTILE], ids=[row[0] for row in HOSTILE])
def test_a_hostile_body_is_answered_and_the_next_page_is_read(box: Sandbox, job: Job) -> None:
    started = time.monotonic()
    reading = next(box.read_all([("hostile", job)]))
    assert reading.error is not None or all(d.suspect or len(d.text) < len(job.body) for d in reading.documents)
    assert time.monotonic() - started < 90  # 20 s a job, and a child may have to start
    assert box.read(GOOD)[0].text == "\n\n".join(PARAGRAPHS)


def test_a_body_past_its_time_is_killed_and_the_run_goes_on() -> None:
    slow = html(b"<html><body>" + b"<p>A sentence of some words.</p>" * 40_000)
    with Sandbox(workers=1, timeout_s=0.8) as box:
        box.read(GOOD)
        readings = list(box.read_all([("slow", slow), ("good", GOOD)]))
    assert [reading.key for reading in readings] == ["slow", "good"]
    assert readings[0].error is not None
    assert readings[0].error.reason == "timeout"
    assert readings[1].documents[0].title == "Joint teams in the county"


def test_without_the_time_limit_that_body_is_read() -> None:
    slow = html(b"<html><body>" + b"<p>A sentence of some words.</p>" * 40_000)
    with Sandbox(workers=1, timeout_s=60) as box:
        assert box.read(slow)


def test_b9_a_pdf_that_unpacks_without_end_is_killed_and_the_run_goes_on() -> None:
    with Sandbox(workers=1, timeout_s=1.0) as box:
        readings = list(box.read_all([("bomb", PDF_BOMB), ("good", GOOD)]))
    assert readings[0].error is not None
    assert readings[0].error.reason in ("timeout", "memory")
    assert readings[1].documents[0].title == "Joint teams in the county"


def test_b9_without_the_limits_that_pdf_is_read_to_its_end() -> None:
    with Sandbox(workers=1, memory_bytes=16 << 30, timeout_s=100) as box:
        started = time.monotonic()
        (reading,) = box.read_all([("bomb", PDF_BOMB)])
        assert reading.error is None or reading.error.reason == "too large"
        assert time.monotonic() - started > 1


def test_a_body_past_its_memory_is_a_failure_and_the_run_goes_on() -> None:
    big = Job("https://x.example/a.txt", b"so as to do it or a\n" * 240_000, "text/plain")
    with Sandbox(workers=1, memory_bytes=64 << 20) as box:
        with pytest.raises(UnreadableError) as caught:
            box.read(big)
        assert caught.value.reason in ("memory", "crashed")
        assert box.read(GOOD)
    with Sandbox(workers=1) as box:
        assert box.read(big)


def test_a_child_that_dies_is_replaced(box: Sandbox) -> None:
    for child in psutil.Process().children():
        if "crawlers.sandbox_worker" in child.cmdline():
            os.kill(child.pid, signal.SIGKILL)
            child.wait(5)
    assert box.read(GOOD)


def test_children_end_with_the_sandbox() -> None:
    before = set(psutil.Process().children())
    with Sandbox(workers=1) as box:
        box.read(GOOD)
        children = set(psutil.Process().children()) - before
        assert children
    assert not any(child.is_running() and child.status() != psutil.STATUS_ZOMBIE for child in children)


def test_order_is_kept_and_jobs_may_be_empty(box: Sandbox) -> None:
    jobs = [(n, GOOD if n % 2 else None) for n in range(9)]
    readings = list(box.read_all(jobs))
    assert [reading.key for reading in readings] == list(range(9))
    assert [bool(reading.documents) for reading in readings] == [n % 2 == 1 for n in range(9)]


def test_documents_cross_unchanged() -> None:
    from datetime import UTC, datetime

    document = Document(
        url="https://x.example/a", text="é\u202e\ud800", title="t", authors=("A B",), pages=((0, 1), (2, 3)),
            comments=("c",),
        states=(State("a", "b", datetime(2024, 3, 5, tzinfo=UTC), "n"), State(None, "c")), history=(("2024-03-05",
            "note"),),
        aliases=("https://x.example/b",), peer_reviewed=True, extra={"k": [1]},
    )  # fmt: skip
    assert unpack_document(json.loads(json.dumps(pack_document(document)))) == document


def test_the_environment_of_a_child_holds_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_API_KEY", "secret")
    with Sandbox(workers=1) as box:
        box.read(GOOD)
        environments = [
            child.environ() for child in psutil.Process().children() if "crawlers.sandbox_worker" in child.cmdline()
        ]
    assert environments
    assert not any("SOME_API_KEY" in environment for environment in environments[-1:])


SITEMAP = source(type="sitemap", url="https://x.example/sitemap.xml")


def listing_job(body: bytes) -> Job:
    return Job("https://x.example/sitemap.xml", body, "application/xml", SITEMAP)


LISTED = listing_job(b"<urlset><url><loc>https://x.example/a</loc></url></urlset>")
LONG = listing_job(
    b"<urlset>" + b"".join(b"<url><loc>https://x.example/%d</loc></url>" % n for n in range(40_000)) + b"</urlset>"
)
BAD_LISTINGS = [
    ("an entity bomb", b'<!DOCTYPE u [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><urlset>&b;</urlset>', "entities"),
    ("50,000 attributes", b"<urlset " + b" ".join(b"a%d='1'" % n for n in range(50_000)) + b"/>", "hostile markup"),
    ("nested without end", b"<a>" * 300_000, "broken"),
    ("no sitemap at all", bytes(range(256)) * 4_000, "empty"),
]


@pytest.mark.parametrize(("body", "reason"), [row[1:] for row in BAD_LISTINGS], ids=[row[0] for row in BAD_LISTINGS])
def test_a_hostile_listing_is_answered_and_the_next_one_is_read(body: bytes, reason: str) -> None:
    with Sandbox(workers=1, reads="listings") as box:
        with pytest.raises(UnreadableError) as caught:
            box.read_listing(listing_job(body)).result()
        assert caught.value.reason == reason
        assert [request.url for request in box.read_listing(LISTED).result().requests] == ["https://x.example/a"]


def test_a_listing_past_its_time_is_killed_and_the_next_one_is_read() -> None:
    with Sandbox(workers=1, timeout_s=0.4, reads="listings") as box:
        with pytest.raises(UnreadableError) as caught:
            box.read_listing(LONG).result()
        assert caught.value.reason == "timeout"
        assert len(box.read_listing(LISTED).result().requests) == 1


def test_without_the_time_limit_that_listing_is_read() -> None:
    with Sandbox(workers=1, reads="listings") as box:
        assert len(box.read_listing(LONG).result().requests) == 40_000


def test_listings_cross_unchanged() -> None:
    request = Request("https://x.example/a", "records", {"title": "é"}, {"seen": ["b"], "depth": 1}, {"accept": "x"})
    listing = Listing(requests=(request,), more=(request, request), reported=7, records=2, warnings=("w",))
    assert unpack_listing(json.loads(json.dumps(pack_listing(listing)))) == listing


def test_an_answer_that_is_no_listing_is_not_taken() -> None:
    packed = pack_listing(Listing(requests=(Request("https://x.example/a", "document"),)))
    packed["requests"][0]["role"] = "command"
    with pytest.raises(ValueError, match="command"):
        unpack_listing(packed)
