"""The works held are asked about at Crossref, each once, in whatever spelling their DOIs came."""

from __future__ import annotations

from datetime import UTC, datetime

from crawlers.adapters import ADAPTERS
from crawlers.enrich import retraction_source

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def test_each_doi_is_asked_for_once_and_what_is_none_is_left_out() -> None:
    source = retraction_source(
        ["10.1/x", "https://doi.org/10.5555/ABC", "doi:10.5555/abc", "10.5555/b c", "", "10.5555/é"]
    )
    assert source is not None
    assert source.dois == ("10.5555/abc",)
    assert [request.url for request in ADAPTERS[source.type].start(source, NOW)] == [
        "https://api.crossref.org/works/10.5555/abc"
    ]


def test_without_dois_there_is_no_source() -> None:
    assert retraction_source(["none"]) is None
