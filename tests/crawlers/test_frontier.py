"""The frontier: nothing lost, nothing twice, over crashes and clocks; schedules; addresses."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from crawlers.adapters.base import Request
from crawlers.fate import Fate, Page
from crawlers.frontier import LEASE_S, Frontier
from crawlers.politeness import Politeness
from crawlers.schedule import DAY_S, HOST_CAP_S, breaker_wait_s, retry_after_s, retry_wait_s
from crawlers.sources import Revisit
from crawlers.urls import is_trap, normalise, site_of, without_secrets

T0 = 1_800_000_000.0
OFTEN = Revisit()
SITE = "a.test:443"


def _document(url: str, **hints: str) -> Request:
    return Request(url, "document", hints)


def _open(tmp_path: Path, run: int = 1) -> Frontier:
    return Frontier(tmp_path / "frontier.sqlite", run)


def _states(tmp_path: Path) -> list[str]:
    with closing(sqlite3.connect(tmp_path / "frontier.sqlite")) as db:
        return [state for (state,) in db.execute("select state from page")]


def _leased(frontier: Frontier, now_s: float = T0) -> Page:
    page = frontier.lease(SITE, now_s)
    assert page is not None
    return page


def test_a_lease_is_given_once_and_in_order_of_arrival(tmp_path: Path) -> None:
    frontier = _open(tmp_path)
    frontier.add("s", [_document("https://a.test/2"), _document("https://a.test/1")], T0)
    assert [_leased(frontier).url, _leased(frontier).url] == ["https://a.test/2", "https://a.test/1"]
    assert frontier.lease(SITE, T0) is None


@pytest.mark.parametrize(("run", "later_s"), [(2, 1.0), (1, LEASE_S + 1), (2, -3600.0), (1, -2 * LEASE_S)])
def test_a_lease_of_a_killed_run_comes_back_whatever_the_clock_did(tmp_path: Path, run: int, later_s: float) -> None:
    frontier = _open(tmp_path)
    frontier.add("s", [_document("https://a.test/1")], T0)
    _leased(frontier)
    frontier.close()
    frontier = _open(tmp_path, run)
    frontier.begin(T0 + later_s)
    assert frontier.lease(SITE, T0 + later_s) is not None


def test_adding_is_idempotent_and_a_newer_date_makes_a_page_due(tmp_path: Path) -> None:
    frontier = _open(tmp_path)
    for _ in range(2):
        frontier.add("s", [_document("https://a.test/1", updated="2026-01-01")], T0)
    frontier.settle(_leased(frontier), Fate("ok", 1, body_sha256="x"), T0, OFTEN)
    frontier.close()
    frontier = _open(tmp_path, 2)
    assert frontier.add("s", [_document("https://a.test/1", updated="2026-01-01")], T0 + 60).queued == 0
    assert frontier.add("s", [_document("https://a.test/1", updated="2026-01-02")], T0 + 60).queued == 1


def test_quiet_pages_are_looked_at_less_and_then_no_more(tmp_path: Path) -> None:
    frontier, now_s, looks = _open(tmp_path), T0, []
    frontier.add("s", [_document("https://a.test/1")], now_s)
    frontier.settle(_leased(frontier, now_s), Fate("ok", 1, body_sha256="x"), now_s, OFTEN)
    for day in range(1, 60):
        now_s = T0 + day * DAY_S
        frontier.wake(now_s)
        page = frontier.lease(SITE, now_s)
        if page is not None:
            looks.append(day)
            frontier.settle(page, Fate("unchanged", day, body_sha256="x"), now_s, OFTEN)
    gaps = [after - before for before, after in pairwise(looks)]
    assert gaps == sorted(gaps)
    assert gaps[-1] > gaps[0]
    assert _states(tmp_path) == ["quiet"]
    assert 40 < looks[-1] < 55


def test_text_that_did_not_change_counts_as_a_quiet_look_once(tmp_path: Path) -> None:
    frontier = _open(tmp_path)
    frontier.add("s", [_document("https://a.test/1")], T0)
    frontier.settle(_leased(frontier), Fate("ok", 1, body_sha256="x"), T0, OFTEN)
    frontier.wake(T0 + DAY_S)
    frontier.settle(_leased(frontier, T0 + DAY_S), Fate("ok", 2, body_sha256="y"), T0 + DAY_S, OFTEN)
    for _ in range(3):
        frontier.note_text("http://www.a.test/1/", False, T0 + DAY_S)
    assert frontier.wake(T0 + 2 * DAY_S) == 0
    assert frontier.wake(T0 + DAY_S * 2.2) == 1


def test_a_page_and_what_it_listed_are_settled_together(tmp_path: Path) -> None:
    frontier = _open(tmp_path)
    frontier.add("s", [Request("https://a.test/list", "listing")], T0)
    frontier.settle(_leased(frontier), Fate("ok", 1, body_sha256="x"), T0, OFTEN, [_document("https://a.test/1")])
    assert _leased(frontier).url == "https://a.test/1"


def test_a_failure_is_tried_again_in_this_run_and_then_in_the_next(tmp_path: Path) -> None:
    frontier, now_s = _open(tmp_path), T0
    frontier.add("s", [_document("https://a.test/1")], now_s)
    for _ in range(3):
        frontier.settle(_leased(frontier, now_s), Fate("failed", 1, "timeout", again=True), now_s, OFTEN)
        now_s = min(frontier.next_retry() or 0, now_s + 600)
        frontier.wake(now_s)
    assert frontier.lease(SITE, now_s) is None
    assert frontier.wake(now_s + DAY_S) == 1


def test_a_hold_survives_a_restart_and_a_clock_that_was_years_ahead(tmp_path: Path) -> None:
    frontier = _open(tmp_path)
    frontier.hold(SITE, T0 + 3600, 0, "http_429")
    frontier.hold("b.test:443", T0 + 10 * 365 * DAY_S, 0, "a jump")
    frontier.close()
    frontier = _open(tmp_path, 2)
    frontier.begin(T0)
    assert frontier.not_before(SITE) == T0 + 3600
    assert frontier.not_before("b.test:443") == T0 + HOST_CAP_S


@pytest.mark.parametrize(
    ("value", "wait_s"),
    [
        ("120", 120), ("0", 0), ("-5", 0), ("315360000", HOST_CAP_S), ("9" * 90, HOST_CAP_S), ("soon", None),
        ("", None), (None, None), ("Fri, 15 Jan 2027 08:10:00 GMT", 600), ("Fri, 15 Jan 2021 08:10:00 GMT", 0),
        ("Fri, 15 Jan 2037 08:10:00 GMT", HOST_CAP_S), ("Fri, 99 Foo 2037", None), ("1e9", None), ("½", None),
        ("--5", None), ("+-5", None), ("²", None),
    ],
)  # fmt: skip
def test_retry_after_in_every_shape(value: str | None, wait_s: float | None) -> None:
    assert retry_after_s(value, T0) == wait_s


@example("--5")
@example("+-5")
@example("٣")
@given(st.text(max_size=60))
def test_no_retry_after_breaks_it(value: str) -> None:
    wait_s = retry_after_s(value, T0)
    assert wait_s is None or 0 <= wait_s <= HOST_CAP_S


def test_back_off_doubles_with_a_seeded_jitter_and_the_breaker_opens_at_five() -> None:
    waits = [retry_wait_s("https://a.test/1", tries) for tries in range(1, 6)]
    assert waits == [retry_wait_s("https://a.test/1", tries) for tries in range(1, 6)]
    assert all(5 * 2 ** (n - 1) * 0.5 <= wait <= 5 * 2 ** (n - 1) for n, wait in enumerate(waits, 1))
    assert retry_wait_s("https://a.test/2", 1) != waits[0]
    assert [breaker_wait_s(n) for n in (0, 4, 5, 6, 99)] == [0, 0, 1800, 3600, HOST_CAP_S]


def test_one_request_in_flight_and_the_longest_delay_counts() -> None:
    polite = Politeness()
    polite.source_delay(SITE, 2.0)
    polite.crawl_delay(SITE, 5.0)
    polite.take(SITE)
    assert polite.wait_s(SITE, 100.0) is None
    polite.release(SITE, 100.0, latency_s=0.1)
    assert polite.wait_s(SITE, 101.0) == pytest.approx(4.0)
    polite.take(SITE)
    polite.release(SITE, 110.0, latency_s=20.0)
    assert polite.delay_s(SITE) == 20.0


SPELLINGS = [
    "https://example.org/a", "http://example.org/a", "https://www.example.org/a", "https://example.org/a/",
    "https://example.org/a#part", "https://example.org/a?utm_source=x&utm_medium=y", "https://example.org/a/amp",
    "HTTPS://EXAMPLE.ORG:443/a", "https://example.org/a?fbclid=1&gclid=2", "https://amp.example.org/a",
    "https://example.org/a;jsessionid=12", "https://example.org/%61",
]  # fmt: skip


@pytest.mark.parametrize("url", SPELLINGS)
def test_spellings_of_one_page_are_one(url: str) -> None:
    assert normalise(url) == "https://example.org/a"


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("https://example.org/a?page=1", "https://example.org/a?page=2"), ("https://example.org/a", "https://example.org/A"),
        ("http://example.org:8000/a", "http://example.org:8001/a"), ("https://example.org/?2024", "https://example.org/?2025"),
        ("https://blog.example.org/", "https://example.org/"), ("https://www.org/", "https://org/"),
    ],
)  # fmt: skip
def test_different_pages_stay_apart(a: str, b: str) -> None:
    assert normalise(a) != normalise(b)


_PARTS = st.sampled_from([
    "http://", "https://", "HTTP://", "www.", "amp.", "example.org", "é.test", "[::1]", ":80", ":8080", "/", "/a",
    "/amp", "/amp/", ".amp.html", "/%7e", "/%zz", "//", "/..", ";jsessionid=1", "?", "a=1", "&b=%20", "&utm_x=1", "#f",
    " ", "é", "+",
])  # fmt: skip


@settings(max_examples=500)
@example("http://http:///..")
@example("http://www.:80//amp/..")
@given(st.one_of(st.lists(_PARTS, max_size=9).map("".join), st.text(max_size=40).map("https://a.test/".__add__)))
def test_normalise_is_idempotent_on_anything(url: str) -> None:
    once = normalise(url)
    assert normalise(once) == once


def test_traps_sites_and_secrets() -> None:
    assert is_trap("https://a.test/x/x/x")
    assert not is_trap("https://a.test/2026/03/03/x")
    assert site_of("https://A.test/x") == SITE
    assert without_secrets("https://a.test/?api-key=abc&q=1") == "https://a.test/?api-key=…&q=1"


class Machine(RuleBasedStateMachine):
    """Enqueue, lease, crash, settle, in any order: every page ends with one ok fetch and none is lost."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.run, self.now_s, self.seq = 1, T0, 0
        self.leased: list[Page] = []
        self.known: set[str] = set()
        self.done: list[str] = []
        self.frontier = _open(Path(self.folder.name))

    @rule(n=st.integers(0, 12))
    def enqueue(self, n: int) -> None:
        self.frontier.add("s", [_document(f"https://a.test/{n}")], self.now_s)
        self.known.add(f"https://a.test/{n}")

    @rule()
    def lease(self) -> None:
        page = self.frontier.lease(SITE, self.now_s)
        if page is not None:
            assert page.url not in [other.url for other in self.leased]
            self.leased.append(page)

    @precondition(lambda self: self.leased)
    @rule(again=st.booleans())
    def settle(self, again: bool) -> None:
        page, self.seq = self.leased.pop(0), self.seq + 1
        fate = Fate("failed", self.seq, "timeout", again=True) if again else Fate("ok", self.seq, body_sha256="x")
        self.frontier.settle(page, fate, self.now_s, OFTEN)
        self.done += [] if again else [page.url]

    @rule(jump_s=st.integers(-5000, 5000))
    def crash(self, jump_s: int) -> None:
        self.frontier.close()
        self.run, self.now_s, self.leased = self.run + 1, self.now_s + jump_s, []
        self.frontier = _open(Path(self.folder.name), self.run)
        self.frontier.begin(self.now_s)

    @invariant()
    def nothing_is_lost_or_doubled(self) -> None:
        assert len(_states(Path(self.folder.name))) == len(self.known)
        assert len(self.done) == len(set(self.done))

    def teardown(self) -> None:
        for _ in range(5):
            self.crash(0)
            self.frontier.wake(self.now_s + DAY_S / 2)  # what failed is tried again; what is done is not yet due
            while (page := self.frontier.lease(SITE, self.now_s)) is not None:
                self.frontier.settle(page, Fate("ok", 1, body_sha256="x"), self.now_s, OFTEN)
                self.done.append(page.url)
        self.frontier.close()
        self.folder.cleanup()


Machine.TestCase.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
TestMachine = Machine.TestCase
