"""What the demonstration's material holds: labels, true shapes, two nights that differ only where they should."""

from __future__ import annotations

import json
import re
from pathlib import Path

import defusedxml.ElementTree as ET
import feedparser
import pypdfium2
import pytest

from crawlers.demo.content import CONTENT, LABEL, NIGHTS, load_night
from crawlers.demo.pdf import render_report
from crawlers.demo.sources import demo_sources, write_demo_sources
from crawlers.sources import check_sources
from warehouse.home import Home

PORT = 8710
FILES = sorted(path for path in CONTENT.rglob("*") if path.is_file() and path.name != "removed.yml")
FIRST, SECOND = load_night(1, PORT), load_night(2, PORT)
PDF = ("thinktank.localhost", "/reports/ten-years-of-joining-up-care.pdf")


def html(host: str, path: str, night: int = 1) -> str:
    return (FIRST if night == 1 else SECOND)[f"{host}.localhost", path].body.decode()


def sentences(text: str) -> set[str]:
    article = re.search(r"<article>.*</article>|<main>.*</main>|<div id=\"story\">.*</div>", text, re.S)
    assert article is not None
    return set(re.findall(r"<p>(.+?)</p>", article[0], re.S))


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(CONTENT)))
def test_every_file_says_that_it_is_demonstration_material(file: Path) -> None:
    assert LABEL in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("night", [1, 2])
def test_every_page_that_answers_says_that_it_is_demonstration_material(night: int) -> None:
    silent = [
        address
        for address, page in load_night(night, PORT).items()
        if page.status == 200 and address != PDF and LABEL.encode() not in page.body
    ]
    assert silent == []


def test_the_two_nights_differ_exactly_here() -> None:
    changed = {address for address in FIRST if FIRST[address] != SECOND[address]}
    assert changed == {
        ("council.localhost", "/better-together/plan-2016-2018.html"),
        ("council.localhost", "/better-together/shared-care-record.html"),
        ("gov.localhost", "/api/content/guidance/neighbourhood-health-and-the-better-care-fund-2025-to-2026"),
        ("gov.localhost", "/api/search.json"),
        ("news.localhost", "/2012/12/telehealth-for-three-million.html"),
        ("news.localhost", "/2017/02/better-care-fund-admissions.html"),
        ("news.localhost", "/feed.xml"),
    }
    assert SECOND.keys() - FIRST.keys() == {("news.localhost", "/2025/07/neighbourhood-teams-promised.html")}
    assert {address: page.status for address, page in SECOND.items() if page.status != 200} == {
        ("council.localhost", "/better-together/shared-care-record.html"): 404,
        ("news.localhost", "/2012/12/telehealth-for-three-million.html"): 410,
    }


def test_only_the_date_in_the_footer_of_the_plan_changes() -> None:
    path = "/better-together/plan-2016-2018.html"
    old, new = html("council", path).splitlines(), html("council", path, 2).splitlines()
    assert [pair for pair in zip(old, new, strict=True) if pair[0] != pair[1]] == [
        ("<p>Page last updated: 3 November 2025</p>", "<p>Page last updated: 4 November 2025</p>")
    ]


def test_the_story_is_corrected_in_a_figure_and_softened_in_a_claim() -> None:
    path = "/2017/02/better-care-fund-admissions.html"
    old, new = sentences(html("news", path)), sentences(html("news", path, 2))
    figure = (
        "Emergency admissions rose by {} in the first year of the Better Care Fund, the National Audit Office found."
    )
    assert old - new == {
        figure.format("78,000"),
        "The report proves that pooled budgets do not reduce hospital admissions.",
    }
    assert new - old == {
        figure.format("87,000"),
        "The report suggests that pooled budgets alone may not reduce hospital admissions.",
        "Correction: an earlier version of this article said that emergency admissions rose by 78,000. "
        "The figure is 87,000.",
    }


def test_the_copy_holds_every_sentence_of_the_uncorrected_story() -> None:
    story = sentences(html("news", "/2017/02/better-care-fund-admissions.html"))
    assert story <= sentences(html("herald", "/health/admissions-soar.html"))


def test_the_audit_report_lists_three_barriers_and_sets_planned_against_actual() -> None:
    report = html("audit", "/reports/health-and-social-care-integration.html")
    assert len(re.findall("<li>", report)) == 3
    assert "<th>Planned</th><th>Actual</th>" in report
    assert "<td>106,000 fewer</td><td>87,000 more</td>" in report


def test_wordpress_posts_are_the_same_on_the_page_and_in_wp_json() -> None:
    posts = json.loads(FIRST["thinktank.localhost", "/wp-json/wp/v2/posts"].body)
    comments = json.loads(FIRST["thinktank.localhost", "/wp-json/wp/v2/comments"].body)
    assert len(posts) == 4
    for post in posts:
        page = html("thinktank", post["link"].split(str(PORT))[1])
        assert post["content"]["rendered"].strip() in page
        shown = re.findall(r'<div class="comment-content">(.+?)</div>', page)
        assert shown == [row["content"]["rendered"].strip() for row in comments if row["post"] == post["id"]]


def test_the_content_item_has_a_change_history_that_grows() -> None:
    path = "/api/content/guidance/neighbourhood-health-and-the-better-care-fund-2025-to-2026"
    old, new = (json.loads(html("gov", path, night)) for night in (1, 2))
    assert new["details"]["change_history"][1:] == old["details"]["change_history"]
    assert new["public_updated_at"] == new["details"]["change_history"][0]["public_timestamp"]
    changed = set(new["details"]["body"].split("\n")) - set(old["details"]["body"].split("\n"))
    assert {line.split(" ", 1)[0] for line in changed} <= {"<p>Partners", "Partners"}


@pytest.mark.parametrize("night", [1, 2])
def test_feeds_sitemaps_and_listings_name_only_pages_that_answer(night: int) -> None:
    pages = load_night(night, PORT)
    listed = [entry.link for host, path in (("news", "/feed.xml"), ("thinktank", "/feed/"))
              for entry in feedparser.parse(pages[f"{host}.localhost", path].body).entries]  # fmt: skip
    sitemap = ET.fromstring(pages["audit.localhost", "/sitemap.xml"].body)
    listed += [loc.text for loc in sitemap.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    results = json.loads(pages["gov.localhost", "/api/search.json"].body)["results"]
    listed += [f"http://gov.localhost:{PORT}/api/content{row['link']}" for row in results]
    found = [re.fullmatch(r"http://([a-z.]+):8710(/.*)", address) for address in listed]
    assert len(listed) == 13
    assert [match and pages[match[1], match[2]].status for match in found] == [200] * 13


@pytest.mark.parametrize("name", ["pooling-funds-2014", "telehealth-trial-2013"])
def test_the_studies_are_jats(name: str) -> None:
    article = ET.fromstring(FIRST["journal.localhost", f"/articles/{name}.xml"].body)
    assert article.findtext("front/article-meta/article-id", "").startswith("10.5555/claimwatch.demo.")
    assert len(article.findall("front/article-meta/abstract/sec")) == 4
    assert [sec.findtext("title") for sec in article.findall("body/sec")][-1] == "Discussion"


def test_one_study_is_in_the_journal_and_in_openalex_under_one_doi() -> None:
    article = ET.fromstring(FIRST["journal.localhost", "/articles/pooling-funds-2014.xml"].body)
    works = json.loads(FIRST["openalex.localhost", "/works"].body)["results"]
    dois = [work["doi"].removeprefix("https://doi.org/") for work in works]
    assert dois.count(article.findtext("front/article-meta/article-id") or "") == 1


def test_the_long_report_is_a_pdf_with_running_headers_and_page_numbers() -> None:
    pdf = pypdfium2.PdfDocument(FIRST[PDF].body)
    pages = [page.get_textpage().get_text_bounded().splitlines() for page in pdf]
    assert len(pages) >= 5
    assert any(LABEL in line for line in pages[0])
    for number, lines in enumerate(pages[1:], 2):
        assert lines[0].startswith("Ten years of joining up care | " + LABEL)
        assert lines[-1] == str(number)
    text = " ".join(" ".join(lines[1:-1]) for lines in pages)
    for sentence in ("£360 million a year", "• Funding should follow need", "“We trained thirty care workers"):
        assert sentence in text


def test_pdf_text_keeps_brackets_and_backslashes_and_the_same_bytes() -> None:
    source = "title: T\nsubtitle: S\nauthor: A\ncreated: 2020-01-02\nheader: T | L\n\n## H (one)\n\nA \\ b) (c.\n"
    pdf = render_report(source)
    assert pdf == render_report(source)
    text = pypdfium2.PdfDocument(pdf)[1].get_textpage().get_text_bounded()
    assert "H (one)" in text
    assert "A \\ b) (c." in text


def test_publication_dates_run_from_2012_to_2025() -> None:
    text = "".join(page.body.decode() for address, page in SECOND.items() if address != PDF)
    years = set(re.findall(r'(?:datetime|iso-8601-date|content)="(20\d\d)-\d\d-\d\d', text))
    years |= set(re.findall(r'"publication_date": "(20\d\d)', text))
    assert {"2012", "2013", "2014", "2016", "2017", "2018", "2019", "2020", "2021", "2022", "2023", "2025"} <= years


def test_the_nights_are_a_day_apart_and_pages_are_no_later_than_theirs() -> None:
    assert (NIGHTS[2] - NIGHTS[1]).days == 1
    assert all(page.modified < NIGHTS[1] for page in FIRST.values())
    assert all(page.modified < NIGHTS[2] for page in SECOND.values())


def test_sources_read_as_anybodys_do_and_allow_loopback() -> None:
    sources = demo_sources(PORT)
    assert {source.type for source in sources.values()} == {"sitemap", "feed", "page-list", "govuk", "openalex"}
    assert all(s.allow_private and s.delay_s == 0 and s.storage == "full" and s.licence for s in sources.values())
    assert all(f".localhost:{PORT}" in address for s in sources.values() for address in s.addresses)


def test_sources_written_into_a_home_are_without_fault(home: Home) -> None:
    write_demo_sources(home.sources, PORT)
    assert [problem for problem in check_sources(home) if str(home.sources) in problem.file] == []
    assert len(list(home.sources.glob("demo-*.yml"))) == 9


def test_page_list_sources_name_pages_of_the_first_night() -> None:
    for source in demo_sources(PORT).values():
        for address in source.addresses if source.type == "page-list" else ():
            host, path = re.fullmatch(r"http://([a-z.]+):8710(/.*)", address).groups()  # type: ignore[union-attr]
            assert (host, path) in FIRST
