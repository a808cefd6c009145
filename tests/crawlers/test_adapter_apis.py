"""Interfaces that answer in JSON or XML, on samples made from their documentation."""

from __future__ import annotations

import base64
import json

import pytest

from crawlers.adapters import ADAPTERS
from crawlers.adapters.base import Body
from crawlers.errors import UnreadableError
from tests.crawlers.adapting import NOW, SAMPLES, sample, source
from warehouse.errors import ConfigError


def first(type_: str, **settings):
    config = source(type=type_, **settings)
    return config, ADAPTERS[type_], ADAPTERS[type_].start(config, NOW)


def test_govuk_pages_through_the_search_and_asks_the_content_api():
    config, govuk, [start] = first("govuk", query="joint working", filters={"organisations": "dhsc"}, recent_days=30)
    assert start.role == "listing"
    assert start.url.startswith("https://www.gov.uk/api/search.json?q=joint%20working&filter_organisations=dhsc")
    assert "filter_public_timestamp=from:2026-10-25" in start.url
    found = govuk.listing(config, sample("govuk-search.json", start.url, state=start.state))
    assert [request.url for request in found.requests] == [
        "https://www.gov.uk/api/content/guidance/joint-working",
        "https://www.gov.uk/api/content/government/publications/reablement-what-works",
    ]
    assert found.requests[0].hints["updated"] == "2026-03-02T09:30:00+00:00"
    assert found.reported == 6
    assert [request.url for request in found.more] == [start.url.replace("&start=0", "&start=4")]


def test_govuk_stops_at_an_empty_page_though_the_total_says_more():
    config, govuk, [start] = first("govuk", query="x")
    empty = Body(start.url, b'{"results": [], "total": 50}', state={"search": start.url, "start": 40})
    assert not govuk.listing(config, empty).more


def test_govuk_content_keeps_its_history_and_lists_attachments():
    config, govuk, _ = first("govuk", query="x")
    [document] = govuk.documents(
        config, sample("govuk-content.json", "https://www.gov.uk/api/content/guidance/joint-working")
    )
    assert document.url == "https://www.gov.uk/guidance/joint-working"
    assert document.text == (
        "How councils and NHS bodies plan together.\n\nWho decides\n\nEach board sets its own plan.\n\n"
        "- Councils lead on housing\n- Boards lead on beds"
    )
    assert document.history == (
        ("2024-05-01T08:00:00+00:00", "First published."),
        ("2026-03-02T09:30:00+00:00", "Corrected the number of boards."),
    )
    assert (document.published, document.updated) == ("2024-05-01", "2026-03-02")
    assert [item["url"] for item in document.extra["attachments"]] == ["https://www.gov.uk/media/1/plan.pdf"]


def test_openalex_needs_a_key_and_says_how_to_give_it(monkeypatch):
    monkeypatch.delenv("OPENALEX_API_KEY", raising=False)
    with pytest.raises(ConfigError, match="OPENALEX_API_KEY"):
        first("openalex", query="integrated care")


def test_openalex_never_writes_its_key_into_a_request(monkeypatch):
    monkeypatch.setenv("OPENALEX_API_KEY", "very-secret")
    _, _, [start] = first("openalex", query="integrated care")
    assert "very-secret" not in repr(start)
    assert "api_key=ENV.OPENALEX_API_KEY" in start.url


def test_openalex_follows_the_cursor_and_rebuilds_the_abstract():
    config, openalex, [start] = first("openalex", query="care", url="http://127.0.0.1:9")
    body = sample("openalex-works.json", start.url, state=start.state)
    found = openalex.listing(config, body)
    assert (found.records, found.reported) == (1, 3)
    assert [request.url.rsplit("cursor=", 1)[1] for request in found.more] == ["IlsxNjA5"]
    [work] = openalex.documents(config, body)
    assert work.text == "Boards did not reduce delays, and boards grew."
    assert (work.title, work.doi, work.authors) == ("Integrated care boards", "10.5555/oa.1", ("Rae Osei",))
    assert work.extra["retracted"] is True


@pytest.mark.parametrize("cursor", [None, "*"], ids=["no cursor", "the same cursor again"])
def test_openalex_stops_where_the_cursor_does(cursor):
    config, openalex, [start] = first("openalex", query="care", url="http://127.0.0.1:9")
    answer = {"meta": {"count": 9, "next_cursor": cursor}, "results": [{"id": "https://openalex.org/W1", "title": "T"}]}
    assert not openalex.listing(config, Body(start.url, json.dumps(answer).encode(), state=start.state)).more


@pytest.mark.parametrize(
    "index", [None, [], {"a": None}, {"a": ["x"]}, {"a": [-1]}, {"a": [10**12]}], ids=repr
)  # what is no index gives no abstract, and no memory is taken for it
def test_a_broken_inverted_index_gives_no_abstract(index):
    from crawlers.adapters.openalex import rebuild_abstract

    assert rebuild_abstract(index) == ""


def test_europepmc_fetches_open_full_texts_and_reads_the_rest_from_the_answer():
    config, epmc, [start] = first("europepmc", query="integrated care", recent_days=10)
    assert "FIRST_PDATE:%5B2026-11-14%20TO%202026-11-24%5D" in start.url
    body = sample("europepmc-search.json", start.url, state=start.state)
    found = epmc.listing(config, body)
    assert [request.url for request in found.requests] == [
        "https://www.ebi.ac.uk/europepmc/webservices/rest/PMC9900001/fullTextXML"
    ]
    assert (found.records, found.reported, len(found.more)) == (2, 3, 1)
    closed, preprint = epmc.documents(config, body)
    assert closed.text == "Background\n\nReablement is common.\n\nResults\n\nCosts did not change."
    assert closed.url == "https://europepmc.org/article/MED/40000002"
    assert (preprint.peer_reviewed, preprint.extra["abstract"]) == (False, False)


@pytest.mark.parametrize(
    "change",
    [{"nextCursorMark": None}, {"nextCursorMark": "*"}, {"resultList": {"result": []}}, {"resultList": None}],
    ids=["absent", "unchanged", "empty", "no list"],
)
def test_europepmc_stops_at_each_kind_of_end(change):
    config, epmc, [start] = first("europepmc", query="integrated care")
    answer = {**json.loads((SAMPLES / "europepmc-search.json").read_bytes()), **change}
    assert not epmc.listing(config, Body(start.url, json.dumps(answer).encode(), state=start.state)).more


def test_europepmc_full_text_takes_from_the_listing_what_the_article_leaves_open():
    config, epmc, _ = first("europepmc", query="x")
    article = b"<article><front><article-meta/></front><body><p>Delays fell in every site.</p></body></article>"
    hints = {"title": "Pooled budgets", "published": "2026-01-15", "authors": ["Osei R"], "doi": "10.5555/epmc.1"}
    [document] = epmc.documents(config, Body("https://x/PMC1/fullTextXML", article, "application/xml", hints=hints))
    assert (document.title, document.published, document.authors) == ("Pooled budgets", "2026-01-15", ("Osei R",))


def test_crossref_tells_a_retraction_from_both_sides():
    config, crossref, [start] = first("crossref", query="virtual wards")
    body = sample("crossref-works.json", start.url, state=start.state)
    found = crossref.listing(config, body)
    assert (found.records, found.reported, len(found.more)) == (2, 5, 1)
    notice, retracted = crossref.documents(config, body)
    assert notice.extra["updates"] == [{"doi": "10.5555/cr.0", "type": "retraction", "at": "2026-04-02"}]
    assert notice.authors == ("Rae Osei", "Care Trials Group")
    assert retracted.extra["retracted"] is True
    assert retracted.extra["relations"] == {"has-preprint": ["10.5555/pp.0"]}
    assert retracted.text == "Background\n\nVirtual wards are new.\n\nCosts were halved."


def test_crossref_asks_for_single_dois():
    _, _, requests = first("crossref", dois=["10.5555/a<b>/c"])
    assert [(request.url, request.role) for request in requests] == [
        ("https://api.crossref.org/works/10.5555/a%3Cb%3E/c", "document")
    ]


def test_guardian_pages_until_the_last_and_keeps_only_web_addresses(monkeypatch):
    monkeypatch.setenv("GUARDIAN_API_KEY", "very-secret")
    config, guardian, [start] = first("guardian", query="care")
    assert "very-secret" not in repr(start)
    body = sample("guardian-search.json", start.url, state=start.state)
    found = guardian.listing(config, body)
    assert (found.records, found.reported) == (1, 3)
    assert [request.url.rsplit("&", 1)[1] for request in found.more] == ["page=2"]
    [article] = guardian.documents(config, body)
    assert (article.text, article.updated) == ("Councils and the NHS agreed a deal.", "2026-01-03")


def test_an_interface_that_answers_with_an_error_is_not_an_empty_answer():
    config, guardian, _ = source(type="guardian", query="x"), ADAPTERS["guardian"], None
    with pytest.raises(UnreadableError, match="Unauthorized"):
        guardian.listing(config, Body("https://x/", b'{"response": {"status": "error", "message": "Unauthorized"}}'))


def test_parliament_pages_by_skip_and_take_and_fetches_each_paper():
    config, parliament, starts = first("parliament", query="care", sections=["publications", "written-evidence"])
    assert [start.url.split("?")[0].rsplit("/", 1)[1] for start in starts] == ["Publications", "WrittenEvidence"]
    body = sample("committees-publications.json", starts[0].url, state=starts[0].state)
    found = parliament.listing(config, body)
    assert [request.url for request in found.requests] == [
        "https://committees-api.parliament.uk/api/Publications/501/Document/Html",
        "https://committees-api.parliament.uk/api/Publications/502/Document/Html",
    ]
    assert found.requests[0].hints["publisher"] == "Health and Social Care Committee"
    assert [request.url for request in found.more] == [starts[0].url.replace("Skip=0", "Skip=2")]


def test_parliament_unpacks_the_paper_inside_the_answer():
    config, parliament, _ = first("parliament", query="care")
    page = (
        b"<html><body><h1>Third Report</h1><p>"
        + b"Boards told us that pooled budgets cut delays. " * 9
        + b"</p></body></html>"
    )
    answer = (SAMPLES / "committees-document.json").read_bytes().replace(b"@BASE64@", base64.b64encode(page))
    url = "https://committees-api.parliament.uk/api/Publications/501/Document/Html"
    [paper] = parliament.documents(config, Body(url, answer, "application/json", hints={"published": "2026-05-14"}))
    assert paper.url == "https://committees.parliament.uk/publications/501/"
    assert "pooled budgets cut delays" in paper.text
    assert paper.published == "2026-05-14"


@pytest.mark.parametrize(
    "answer", [b'{"data": null}', b'{"data": "@@@"}', b"[]"], ids=["nothing", "no base64", "a list"]
)
def test_parliament_says_why_a_paper_cannot_be_read(answer):
    config, parliament, _ = first("parliament", query="care")
    with pytest.raises(UnreadableError):
        parliament.documents(
            config, Body("https://committees-api.parliament.uk/api/Publications/1/Document/Html", answer)
        )


def test_hansard_speeches_are_documents_of_their_own():
    config, parliament, [start] = first("parliament", query="care", sections="hansard", recent_days=30)
    assert start.role == "records"
    assert "queryParameters.startDate=2026-10-25" in start.url
    body = sample("hansard-spoken.json", start.url, state=start.state)
    assert parliament.listing(config, body).records == 1
    [speech] = parliament.documents(config, body)
    assert speech.text == "Boards have pooled a third of their budgets. Delays fell."
    assert speech.authors == ("A Member (Anytown) (Ind)",)


def test_oai_follows_the_token_and_leaves_deleted_records_out():
    config, oai, [start] = first("oai-pmh", url="https://repo.example/oai", set="theses")
    assert start.url == "https://repo.example/oai?verb=ListRecords&metadataPrefix=oai_dc&set=theses"
    body = sample("oai-records.xml", start.url)
    found = oai.listing(config, body)
    assert (found.records, found.reported) == (1, 120)
    assert [request.url for request in found.more] == [
        "https://repo.example/oai?verb=ListRecords&resumptionToken=tok/2"
    ]
    [record] = oai.documents(config, body)
    assert (record.url, record.doi) == ("https://repo.example/7/", "10.5555/thesis.7")
    assert (record.text, record.published) == ("Discharge improved in four sites.", "2025-06-01")


@pytest.mark.parametrize(
    ("token", "ends"), [(b"", True), (b"tok/2", True), (b"tok/3", False)], ids=["empty", "the same", "new"]
)
def test_oai_ends_at_an_empty_or_repeated_token(token, ends):
    config, oai, [start] = first("oai-pmh", url="https://repo.example/oai")
    content = (SAMPLES / "oai-records.xml").read_bytes().replace(b">tok/2<", b">" + token + b"<")
    more = oai.listing(config, Body(start.url, content, state={"token": "tok/2"})).more
    assert (not more) is ends


def test_oai_no_records_match_is_empty_and_other_errors_are_errors():
    config, oai, [start] = first("oai-pmh", url="https://repo.example/oai")
    answer = b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><error code="%s">x</error></OAI-PMH>'
    assert oai.listing(config, Body(start.url, answer % b"noRecordsMatch")).records == 0
    with pytest.raises(UnreadableError, match="badResumptionToken"):
        oai.listing(config, Body(start.url, answer % b"badResumptionToken"))


def test_wordpress_reads_posts_from_the_answer_and_stops_at_the_last_page():
    config, wordpress, [start] = first("wordpress", url="https://icb.example/")
    assert start.role == "records"
    headers = {"x-wp-total": "250", "x-wp-totalpages": "3"}
    body = sample("wordpress-posts.json", start.url, state=start.state, headers=headers)
    found = wordpress.listing(config, body)
    assert (found.records, found.reported) == (2, 250)
    assert [request.url for request in found.more] == [start.url.replace("&page=1", "&page=2")]
    last = sample("wordpress-posts.json", start.url, state={**start.state, "page": 3}, headers=headers)
    assert not wordpress.listing(config, last).more
    post, protected = wordpress.documents(config, body)
    assert post.title == "Neighbourhood teams – six months on"
    assert post.text == "Home visits rose by 12% in six months.\n\nStaff shortages slowed two teams."
    assert (post.authors, post.published, post.updated) == (("R. Osei",), "2026-04-03", "2026-05-01")
    assert protected.text == "Only this much."


def test_wordpress_fetches_pages_and_their_comments_only_where_asked():
    config, wordpress, [start] = first("wordpress", url="https://icb.example", comments=True)
    assert start.role == "listing"
    found = wordpress.listing(config, sample("wordpress-posts.json", start.url, state=start.state))
    assert [request.url for request in found.requests] == [
        "https://icb.example/2026/04/neighbourhood-teams/", "https://icb.example/2026/02/protected/",
    ]  # fmt: skip
    assert (found.records, found.requests[0].hints["modified"]) == (0, "2026-05-01T12:00:00")


def test_a_site_that_is_not_wordpress_is_told_from_an_empty_one():
    config, wordpress, [start] = first("wordpress", url="https://icb.example")
    error = b'{"code": "rest_no_route", "message": "No route was found"}'
    with pytest.raises(UnreadableError, match="No route was found"):
        wordpress.listing(config, Body(start.url, error, state=start.state))
    assert wordpress.listing(config, Body(start.url, b"[]", state=start.state)).records == 0


JSON_TYPES = [
    ("govuk", "https://www.gov.uk/api/content/x", {"query": "x"}),
    ("openalex", "http://127.0.0.1:9/works?x", {"query": "x", "url": "http://127.0.0.1:9"}),
    ("europepmc", "https://a.example/search?x", {"query": "x"}),
    ("crossref", "https://a.example/works?x", {"query": "x"}),
    ("guardian", "https://a.example/search?x", {"query": "x"}),
    ("parliament", "https://a.example/api/Publications/1/Document/Html", {"query": "x"}),
    ("wordpress", "https://a.example/wp-json/wp/v2/posts?x", {"url": "https://a.example"}),
]
HOSTILE = [
    b"", b"\xff\xfe", b"<html>502</html>", b"null", b"7", b"[" * 200_000, b'{"results": 3, "items": 7}', b"NaN",
    b'{"a":',
]  # fmt: skip


@pytest.mark.parametrize(("type_", "url", "settings"), JSON_TYPES, ids=[name for name, *_ in JSON_TYPES])
@pytest.mark.parametrize("content", HOSTILE, ids=[repr(content[:12]) for content in HOSTILE])
@pytest.mark.parametrize("method", ["listing", "documents"])
def test_garbage_gives_nothing_or_a_reason_and_never_another_error(type_, url, settings, content, method):
    config = source(type=type_, **settings)
    body = Body(url, content, "application/json", state={"search": url})
    try:
        found = getattr(ADAPTERS[type_], method)(config, body)
    except UnreadableError:
        return
    assert not list(getattr(found, "requests", found))
