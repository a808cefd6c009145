"""What a page says of itself, from wherever it says it."""

from __future__ import annotations

import json

import pytest

from crawlers.extract import extract
from crawlers.extract.bylines import clean_names
from crawlers.extract.dates import iso_date
from tests.crawlers.pages import page
from warehouse.models import Document

URL = "https://ledger.example/news/joint-teams"


def read(**parts: str) -> Document:
    return extract(page(**parts), URL, "text/html")  # type: ignore[arg-type]


def ld(**node: object) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", **node})}</script>'


def test_json_ld_is_read() -> None:
    document = read(head=ld(
        headline="Joint teams in the county", datePublished="2024-03-05T09:00:00+00:00", dateModified="2024-03-07",
        author=[{"@type": "Person", "name": "Ann Example"}, {"name": "Bo Sample"}], publisher={"name": "Care Ledger"},
        license="https://creativecommons.org/licenses/by/4.0/",
    ))  # fmt: skip
    assert (document.title, document.published, document.updated) == (
        "Joint teams in the county",
        "2024-03-05",
        "2024-03-07",
    )
    assert document.authors == ("Ann Example", "Bo Sample")
    assert (document.publisher, document.licence) == ("Care Ledger", "https://creativecommons.org/licenses/by/4.0/")


def test_citation_elements_make_a_study() -> None:
    head = "".join(f'<meta name="{name}" content="{value}">' for name, value in (
        ("citation_title", "Joint teams in the county"), ("citation_author", "Okafor, Ada"), ("citation_author",
        "Price, Rhys"),
        ("citation_publication_date", "2023/03/09"), ("citation_journal_title", "Journal of Joined Care"),
        ("citation_doi", "10.5555/JJC.2023.7"),
    ))  # fmt: skip
    document = read(head=head)
    assert document.kind == "study"
    assert document.authors == ("Ada Okafor", "Rhys Price")
    assert (document.published, document.publisher, document.doi) == (
        "2023-03-09",
        "Journal of Joined Care",
        "10.5555/jjc.2023.7",
    )


def test_dublin_core_is_read() -> None:
    head = '<meta name="DC.creator" content="Ann Example"><meta name="DCTERMS.issued" content="2022-11-30">'
    document = read(head=head)
    assert (document.authors, document.published) == (("Ann Example",), "2022-11-30")


def test_what_stands_on_the_page_is_read_day_first() -> None:
    top = '<p class="byline">By Ann Example, Health Correspondent</p><span class="date">05/03/2024</span>'
    document = read(top=top)
    assert (document.authors, document.published) == (("Ann Example",), "2024-03-05")


def test_an_american_page_is_read_month_first() -> None:
    assert read(top='<span class="date">03/05/2024</span>', lang="en-US").published == "2024-03-05"


def test_a_moment_in_utc_gives_way_to_the_day_shown() -> None:
    document = read(
        head=ld(datePublished="2024-03-06T02:30:00Z"), top='<time datetime="2024-03-05">5 March 2024</time>'
    )
    assert document.published == "2024-03-05"


def test_the_heading_wins_over_a_longer_title_in_the_head() -> None:
    head = '<meta property="og:title" content="Joint teams in the county: what they did | The Care Ledger">'
    assert read(head=head).title == "Joint teams in the county"


def test_a_site_name_in_the_heading_is_no_title() -> None:
    body = (
        page()
        .replace(b"<h1>Joint teams in the county</h1>", b"")
        .replace(b"<header>", b"<header><h1>The Care Ledger</h1>")
    )
    assert extract(body, URL, "text/html").title == "Joint teams in the county"


def test_canonical_and_amp_addresses() -> None:
    head = '<link rel="canonical" href="/news/joint-teams"><link rel="amphtml" href="/news/joint-teams/amp">'
    document = read(head=head)
    assert document.canonical_url == URL
    assert document.aliases == (f"{URL}/amp",)


def test_a_canonical_link_to_the_front_page_is_a_mistake() -> None:
    assert read(head='<link rel="canonical" href="https://ledger.example/">').canonical_url is None


def test_the_open_government_licence_is_found_in_the_footer() -> None:
    address = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
    assert read(bottom=f'<p><a href="{address}">OGL v3.0</a></p>').licence == address


def test_b17_reservation_and_robots_are_kept() -> None:
    head = '<meta name="tdm-reservation" content="1"><meta name="robots" content="noai, nosnippet">'
    assert read(head=head).extra == {"page_tdm-reservation": "1", "page_robots": "noai, nosnippet"}


def test_broken_json_ld_is_passed_over() -> None:
    broken = '<script type="application/ld+json">{"headline": "x", "datePublished": </script>'
    head = broken + '<meta name="author" content="Bo Sample">'
    assert read(head=head).authors == ("Bo Sample",)


def test_language_comes_of_the_text() -> None:
    assert read(lang="fr").language == "en"


DATES = [
    ("5 March 2024", "2024-03-05"), ("5th of March, 2024", "2024-03-05"), ("March 5, 2024", "2024-03-05"),
    ("05/03/2024", "2024-03-05"),
    ("05.03.2024", "2024-03-05"), ("2024-03-05T23:10:00+01:00", "2024-03-05"), ("20240305", "2024-03-05"),
    ("Sept 2023", "2023-09-01"),
    ("Tue, 05 Mar 2024 09:00:00 GMT", "2024-03-05"), ("13/25/2024", None), ("31 February 2024", None), ("no date",
    None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), DATES)
def test_dates(text: str, expected: str | None) -> None:
    assert iso_date(text) == expected


NAMES = [
    ("By Ann Example", ["Ann Example"]), ("By Ann Example and Bo Sample", ["Ann Example", "Bo Sample"]),
    ("Ann Example, Health Correspondent", ["Ann Example"]), ("ANN EXAMPLE", ["Ann Example"]), ("admin", []),
    ("https://ledger.example/author/ann", []), ("Written by: Dr Ann O'Example | 5 March", ["Dr Ann O'Example"]),
]  # fmt: skip


@pytest.mark.parametrize(("byline", "expected"), NAMES)
def test_names(byline: str, expected: list[str]) -> None:
    assert list(clean_names(byline)) == expected


def test_the_site_is_named_by_the_title_element_where_nothing_else_names_it() -> None:
    body = page().replace(b'<meta property="og:site_name" content="The Care Ledger">', b"")
    assert extract(body, URL, "text/html").publisher == "The Care Ledger"
