"""Feeds are valid Atom (RFC 4287), whatever the text; their ids are stable; an entry carries both sentences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from xml.etree import ElementTree

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from nlp.changes_words import word_diff
from warehouse.exports.atom import Entry, change_entry, tag_address, web_address, write_feed

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
SELF = "https://claims.example/changes.atom"
NS = "{http://www.w3.org/2005/Atom}"


SCHEMA = etree.RelaxNG(etree.parse(Path(__file__).with_name("atom.rng")))


def check(feed: bytes) -> ElementTree.Element:
    """Hold a feed to RFC 4287: its grammar, what no grammar can say, and a reader that reports the least flaw."""
    SCHEMA.assertValid(etree.fromstring(feed))
    root = ElementTree.fromstring(feed)
    ids = [node.findtext(f"{NS}id") for node in (root, *root.findall(f"{NS}entry"))]
    assert len(set(ids)) == len(ids)
    read = feedparser.parse(feed)
    assert not read.bozo, read.get("bozo_exception")
    assert read.version == "atom10"
    assert [entry.id for entry in read.entries] == ids[1:]
    return root


@dataclass(frozen=True)
class Row:
    id: str = "c1"
    kind: str = "figure_changed"
    also: tuple[str, ...] = ("softened",)
    old: str | None = "It will save £5m."
    new: str | None = "It may save £4m."
    title: str | None = "Plan & <b>budget</b>"
    publisher: str | None = "Example Trust"
    url: str = "https://a.example/plan"
    at: datetime = NOW
    themes: tuple[str, ...] = ("funding",)

    @property
    def detail(self) -> dict[str, object]:
        return {"words": word_diff(self.old, self.new)} if self.old and self.new else {}


def test_an_entry_carries_what_happened_and_both_sentences() -> None:
    root = check(write_feed("Changes", "changes", [change_entry(Row())], NOW, SELF))
    entry = root.find(f"{NS}entry")
    assert entry is not None
    content = entry.find(f"{NS}content")
    assert content is not None
    said = "figure changed (also softened)\n\nBefore: It will save £5m.\n\nNow: It may save £4m."
    assert entry.findtext(f"{NS}summary") == said
    assert "".join(content.itertext()) == said.replace("\n\n", "")
    assert [(e.tag.split("}")[1], e.text) for e in content.iter() if e.tag.endswith(("}del", "}ins"))] == [
        ("del", "will"), ("del", "5m"), ("ins", "may"), ("ins", "4m")
    ]  # fmt: skip
    assert entry.findtext(f"{NS}title") == "figure changed: Plan & <b>budget</b>"
    assert [c.get("term") for c in entry.findall(f"{NS}category")] == ["figure_changed", "softened", "funding"]


def test_an_added_sentence_has_no_before() -> None:
    assert change_entry(Row(kind="added", also=(), old=None)).text == "added\n\nNow: It may save £4m."


def test_the_same_changes_give_the_same_bytes_in_any_order_and_the_newest_stands_first() -> None:
    rows = [change_entry(Row(id=f"c{n}", at=NOW + timedelta(hours=n % 3))) for n in range(6)]
    feed = write_feed("Changes", "changes", rows, NOW)
    assert feed == write_feed("Changes", "changes", rows[::-1], NOW + timedelta(days=1))
    stamps = [e.findtext(f"{NS}updated") or "" for e in check(feed).findall(f"{NS}entry")]
    assert stamps == sorted(stamps, reverse=True)


def test_ids_of_entries_do_not_depend_on_time_or_wording() -> None:
    later = Row(title="Renamed", at=NOW + timedelta(days=9))
    ids = [
        check(write_feed("t", "changes", [change_entry(r)], NOW)).findtext(f"{NS}entry/{NS}id") for r in (Row(), later)
    ]
    assert ids[0] == ids[1] == tag_address("change/c1")


def test_a_feed_without_an_address_of_its_own_is_valid_and_one_that_moves_keeps_its_id() -> None:
    feeds = [check(write_feed("Changes", "changes", [], NOW, address)) for address in (None, SELF, SELF + "?a=1&b=2")]
    assert len({feed.findtext(f"{NS}id") for feed in feeds}) == 1
    links = [[link.get("href") for link in feed.findall(f"{NS}link")] for feed in feeds]
    assert links == [[], [SELF], [SELF + "?a=1&b=2"]]


def test_an_empty_feed_is_valid() -> None:
    assert check(write_feed("Nothing yet", "changes", [], NOW)).findtext(f"{NS}updated") == "2026-03-04T05:06:07Z"


def test_times_of_other_zones_are_written_in_utc() -> None:
    entry = Entry("k", "t", "x", datetime(2026, 1, 1, 1, tzinfo=timezone(timedelta(hours=2))))
    assert check(write_feed("t", "changes", [entry], NOW)).findtext(f"{NS}entry/{NS}updated") == "2025-12-31T23:00:00Z"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//[", "", "file:///etc/passwd"])
def test_a_link_that_leads_to_no_web_page_is_left_out(url: str) -> None:
    assert web_address(url) is None
    root = check(write_feed("t", "changes", [Entry("k", "t", "x", NOW, link=url)], NOW))
    assert root.find(f"{NS}entry/{NS}link") is None


HOSTILE = st.text(st.characters(codec=None, exclude_categories=()), max_size=60) | st.sampled_from(
    ["<script>alert(1)</script>", "]]>", "&amp;<![CDATA[", "\x00\x0b\ufffe\ud800", "<?xml?>", "\u202eabc"]
)


@settings(deadline=None)
@given(HOSTILE, HOSTILE, HOSTILE, HOSTILE)
def test_any_text_makes_a_valid_feed(key: str, title: str, text: str, author: str) -> None:
    entry = Entry(
        key or "k", title, text, NOW, f"https://a.example/{title}", author, (text or "x",) if text.strip() else ()
    )
    root = check(write_feed(title, "changes", [entry], NOW))
    assert len(list(root.iter())) < 30
