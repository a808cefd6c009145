"""How the demonstration site answers: hosts, conditional requests, the second night, paging."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Iterator
from email.utils import format_datetime

import pytest

from crawlers.demo.content import NIGHTS
from crawlers.demo.server import DemoSite

REPORT = "/reports/new-care-models.html"
WITHDRAWN = "/2012/12/telehealth-for-three-million.html"
HOSTS = ("audit", "thinktank", "news", "herald", "council", "gov", "journal", "openalex")


@pytest.fixture
def site() -> Iterator[DemoSite]:
    with DemoSite(port=0) as site:
        yield site


def ask(site: DemoSite, host: str, path: str, method: str = "GET", **headers: str) -> http.client.HTTPResponse:
    """Send one request to loopback with a Host header; names under .localhost need no resolver this way."""
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=5)
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, headers={"Host": f"{host}.localhost:{site.port}", **names})
    response = connection.getresponse()
    response.body = response.read()  # type: ignore[attr-defined]
    connection.close()
    return response


def body(site: DemoSite, host: str, path: str) -> str:
    return ask(site, host, path).body.decode()  # type: ignore[attr-defined, no-any-return]


@pytest.mark.parametrize(
    ("host", "path", "content_type"),
    [
        ("audit", REPORT, "text/html; charset=utf-8"),
        ("audit", "/sitemap.xml", "application/xml"),
        ("thinktank", "/feed/", "application/rss+xml; charset=utf-8"),
        ("thinktank", "/wp-json/wp/v2/posts", "application/json; charset=utf-8"),
        ("thinktank", "/reports/ten-years-of-joining-up-care.pdf", "application/pdf"),
        ("journal", "/articles/pooling-funds-2014.xml", "application/xml"),
        ("gov", "/api/search.json?q=care&count=5", "application/json; charset=utf-8"),
    ],
)
def test_each_shape_answers_with_its_content_type(site: DemoSite, host: str, path: str, content_type: str) -> None:
    response = ask(site, host, path)
    assert (response.status, response.getheader("Content-Type")) == (200, content_type)


def test_a_path_belongs_to_one_host_only(site: DemoSite) -> None:
    assert [ask(site, host, REPORT).status for host in HOSTS] == [200] + [404] * 7
    assert ask(site, "nobody", REPORT).status == 404


def test_every_host_has_robots_rules_and_the_sitemap_is_named(site: DemoSite) -> None:
    rules = {host: body(site, host, "/robots.txt") for host in HOSTS}
    assert all("User-agent: *\nDisallow: /" in text for text in rules.values())
    assert "Disallow: /wp-admin/" in rules["thinktank"]
    assert f"Sitemap: http://audit.localhost:{site.port}/sitemap.xml" in rules["audit"]


def test_an_etag_sent_back_gives_304_without_a_body(site: DemoSite) -> None:
    first = ask(site, "audit", REPORT)
    tag = first.getheader("ETag") or ""
    again = ask(site, "audit", REPORT, If_None_Match=f'"other", W/{tag}')
    assert (again.status, again.body, again.getheader("ETag")) == (304, b"", tag)  # type: ignore[attr-defined]
    assert ask(site, "audit", REPORT, If_None_Match='"other"').status == 200


@pytest.mark.parametrize(
    ("since", "status"),
    [
        (format_datetime(NIGHTS[1], usegmt=True), 304),
        ("Sat, 01 Nov 2025 00:00:00 GMT", 200),
        ("yesterday", 200),
        ("Mon, 03 Nov 2025 02:00:00 -0000", 200),
    ],
    ids=["after", "before", "no date", "no zone"],
)
def test_a_date_sent_back_gives_304_if_nothing_is_newer(site: DemoSite, since: str, status: int) -> None:
    assert ask(site, "audit", REPORT, If_Modified_Since=since).status == status


def test_an_etag_that_differs_outweighs_a_date(site: DemoSite) -> None:
    date = format_datetime(NIGHTS[2], usegmt=True)
    assert ask(site, "audit", REPORT, If_None_Match='"other"', If_Modified_Since=date).status == 200


def test_head_answers_like_get_without_the_body(site: DemoSite) -> None:
    get, head = ask(site, "audit", REPORT), ask(site, "audit", REPORT, "HEAD")
    assert head.body == b""  # type: ignore[attr-defined]
    names = ("Content-Type", "Content-Length", "ETag", "Last-Modified")
    assert [head.getheader(name) for name in names] == [get.getheader(name) for name in names]


def test_the_second_night_corrects_adds_and_withdraws(site: DemoSite) -> None:
    story = "/2017/02/better-care-fund-admissions.html"
    old = ask(site, "news", story)
    assert ask(site, "news", WITHDRAWN).status == 200
    assert ask(site, "news", "/2025/07/neighbourhood-teams-promised.html").status == 404
    site.set_night(2)
    assert ask(site, "news", story, If_None_Match=old.getheader("ETag") or "").status == 200
    assert ask(site, "news", WITHDRAWN).status == 410
    assert ask(site, "council", "/better-together/shared-care-record.html").status == 404
    assert ask(site, "news", "/2025/07/neighbourhood-teams-promised.html").status == 200
    assert "The figure is 87,000." in body(site, "news", story)
    assert "rose by 78,000" in body(site, "herald", "/health/admissions-soar.html")


def test_addresses_in_the_material_carry_the_port(site: DemoSite) -> None:
    assert f"<loc>http://audit.localhost:{site.port}{REPORT}</loc>" in body(site, "audit", "/sitemap.xml")
    assert "{port}" not in body(site, "news", "/feed.xml")


def test_a_busy_port_is_left_for_a_free_one() -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        with DemoSite(port=busy.getsockname()[1]) as site:
            assert site.port != busy.getsockname()[1]
            assert ask(site, "audit", REPORT).status == 200


def test_it_listens_on_loopback_alone(site: DemoSite) -> None:
    assert site._server.server_address[0] == "127.0.0.1"


def test_an_unknown_night_is_refused_with_the_nights_there_are(site: DemoSite) -> None:
    with pytest.raises(ValueError, match="nights 1, 2, not 3"):
        site.set_night(3)


def test_openalex_is_read_to_its_end_by_cursor(site: DemoSite) -> None:
    cursor, seen, pages = "*", [], 0
    while cursor:
        answer = json.loads(body(site, "openalex", f"/works?search=care&per_page=2&cursor={cursor}"))
        seen += [work["id"] for work in answer["results"]]
        cursor, pages = answer["meta"]["next_cursor"], pages + 1
    assert (len(seen), len(set(seen)), pages) == (5, 5, 4)  # the last page is empty, as OpenAlex's is
    assert ask(site, "openalex", "/works?cursor=nonsense").status == 400


def test_openalex_abstracts_are_inverted_indexes(site: DemoSite) -> None:
    work = json.loads(body(site, "openalex", "/works"))["results"][0]
    assert "abstract" not in work
    words = sorted((place, word) for word, places in work["abstract_inverted_index"].items() for place in places)
    text = " ".join(word for _, word in words)
    assert text.startswith("Policy makers expect pooled funds to reduce hospital use and cost.")


def test_govuk_search_pages_by_start_and_is_empty_past_the_end(site: DemoSite) -> None:
    pages = [json.loads(body(site, "gov", f"/api/search.json?start={start}&count=1")) for start in range(3)]
    assert [len(page["results"]) for page in pages] == [1, 1, 0]
    assert {page["total"] for page in pages} == {2}
    assert ask(site, "gov", "/api/search.json?count=1501").status == 422
    for page in pages[:2]:
        item = json.loads(body(site, "gov", "/api/content" + page["results"][0]["link"]))
        assert item["public_updated_at"] == page["results"][0]["public_timestamp"]


def test_wordpress_counts_its_pages_and_refuses_one_past_the_last(site: DemoSite) -> None:
    first = ask(site, "thinktank", "/wp-json/wp/v2/posts?per_page=3")
    assert (first.getheader("X-WP-Total"), first.getheader("X-WP-TotalPages")) == ("4", "2")
    assert ask(site, "thinktank", "/wp-json/wp/v2/posts?per_page=3&page=3").status == 400
    comments = json.loads(body(site, "thinktank", "/wp-json/wp/v2/comments?post=214"))
    assert len(comments) == 5
    assert {row["post"] for row in comments} == {214}


def test_what_was_asked_is_kept_in_order(site: DemoSite) -> None:
    ask(site, "audit", REPORT)
    ask(site, "audit", "/none?x=1")
    assert site.requests == [("audit.localhost", REPORT, 200), ("audit.localhost", "/none?x=1", 404)]
