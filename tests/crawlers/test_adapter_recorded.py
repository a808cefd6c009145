"""Adapters on real recorded answers, where those are present."""

from __future__ import annotations

import json
import zipfile
from collections import Counter

from crawlers.adapters import ADAPTERS
from crawlers.adapters.base import Body
from crawlers.adapters.openalex import rebuild_abstract
from tests.crawlers.adapting import source


def test_every_recorded_govuk_item_is_a_document_or_clearly_none(real):
    config, govuk = source(type="govuk", query="x"), ADAPTERS["govuk"]
    given, none = Counter(), Counter()
    for path in sorted((real / "api" / "govuk").rglob("*.json")):
        item = json.loads(path.read_bytes())
        address = f"https://www.gov.uk/api/content{item.get('base_path', '/x')}"
        documents = govuk.documents(config, Body(address, path.read_bytes(), "application/json"))
        kind = item.get("schema_name")
        (given if documents else none)[kind] += 1
        for document in documents:
            assert document.title or kind == "working_group"
            assert document.text.strip()
            assert "<p>" not in document.text
    texts = {
        "publication", "news_article", "consultation", "detailed_guide", "guide", "speech", "html_publication",
        "case_study", "document_collection", "travel_advice", "manual_section",
    }  # fmt: skip
    assert not texts & set(none)
    assert not {"redirect", "gone", "finder", "taxon"} & set(given)
    assert sum(given.values()) >= 230


def test_recorded_govuk_history_and_attachments(real):
    folder = real / "api" / "govuk" / "publication" / "frontend"
    path = folder / "publication-with-featured-attachments.json"
    body = Body("https://www.gov.uk/api/content/x", path.read_bytes(), "application/json")
    [document] = ADAPTERS["govuk"].documents(source(type="govuk", query="x"), body)
    details = json.loads(path.read_bytes())["details"]
    assert len(document.extra["attachments"]) == len(details["attachments"])
    assert len(document.history) == len(details["change_history"])
    assert list(document.history) == sorted(document.history)


def test_every_recorded_openalex_work_is_a_record(real):
    config, openalex = source(type="openalex", query="x"), ADAPTERS["openalex"]
    works = []
    with zipfile.ZipFile(real / "api" / "openalex" / "works_1.zip") as archive:
        for name in archive.namelist():
            works += json.loads(archive.read(name))
    body = Body(
        "https://api.openalex.org/works?x", json.dumps({"meta": {"count": len(works)}, "results": works}).encode()
    )
    records = openalex.documents(config, body)
    assert (
        len(records)
        == len(works)
        == openalex.listing(config, Body(body.url, body.content, state={"search": "x"})).records
    )
    for work, record in zip(works, records, strict=True):
        index = work.get("abstract_inverted_index") or {}
        assert len(rebuild_abstract(index).split()) == len(" ".join(
            word for word, places in index.items() for _ in places).split())  # fmt: skip
        assert record.url == work["id"]
        assert record.published == work["publication_date"]
        assert f"https://doi.org/{record.doi}" == (work["doi"] or "https://doi.org/None")


def test_recorded_crossref_works(real):
    folder = real / "api" / "crossref" / "tests" / "3_packages_search" / "data_crossref"
    for path in sorted(folder.glob("*.json")):
        said = json.loads(path.read_bytes())["message"]
        body = Body("https://api.crossref.org/works/x", path.read_bytes())
        [work] = ADAPTERS["crossref"].documents(source(type="crossref", query="x"), body)
        assert work.doi == said["DOI"].lower()
        assert len(work.authors) == len(said["author"])
        assert "jats" not in work.text
        assert work.peer_reviewed is True


def test_recorded_guardian_search(real):
    content = (real / "api" / "guardian" / "search_sample.json").read_bytes()
    body = Body("https://content.guardianapis.com/search?q=x", content, state={"search": "https://x/search?q=x"})
    config, guardian = source(type="guardian", query="x"), ADAPTERS["guardian"]
    found = guardian.listing(config, body)
    assert (found.reported, found.records, len(found.more)) == (926, 2, 1)
    assert [article.published for article in guardian.documents(config, body)] == ["2025-04-04", "2023-06-13"]


def test_recorded_jats_full_texts_come_through_europepmc(real):
    config, epmc = source(type="europepmc", query="x"), ADAPTERS["europepmc"]
    paths = sorted((real / "api" / "jats").glob("*.nxml"))[:6]
    for path in paths:
        url = f"https://www.ebi.ac.uk/europepmc/webservices/rest/{path.stem}/fullTextXML"
        [article] = epmc.documents(config, Body(url, path.read_bytes(), "application/xml"))
        assert article.kind == "study"
        assert article.title
        assert len(article.text) > 2_000
