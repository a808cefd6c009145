"""OpenAlex works: ``/works`` paged by cursor, abstracts rebuilt from their inverted index.

A key is needed since 2026-02-13 (``OPENALEX_API_KEY``); ``filter`` costs a tenth of ``search``; a page holds up to 100.
Source: the OpenAlex API documentation, as of 2026.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from crawlers.adapters.base import Body, Listing, Request
from crawlers.adapters.common import (
    clean_hints,
    day,
    first_day,
    mapping,
    objects,
    read_object,
    strings,
    text_of,
    whole,
    with_query,
)  # fmt: skip
from crawlers.adapters.fragment import fragment_text
from crawlers.adapters.secrets import need_key, placeholder
from warehouse.models import Document

if TYPE_CHECKING:
    from crawlers.sources import SourceConfig

API = "https://api.openalex.org"
PAGE = 100
MAX_WORDS = 20_000  # of an abstract; an index may name any place
SELECT = (
    "id,doi,ids,title,display_name,publication_year,publication_date,language,type,primary_location,authorships,"
    "abstract_inverted_index,is_retracted,updated_date"
)
_REVIEWED = {"article", "journal-article", "review"}


class OpenAlexAdapter:
    """Works that fit a query or filters, newest first."""

    def start(self, source: SourceConfig, now: datetime) -> Sequence[Request]:
        """Return the first page. Raises ConfigError where there is no key."""
        base = (source.url or API).rstrip("/")
        host = urlsplit(base).hostname or ""
        need_key(source.name, host)
        since = first_day(source, now)
        filters = [f"{name}:{_joined(value)}" for name, value in source.filters.items()]
        filters += [f"from_publication_date:{since.isoformat()}"] if since else []
        params = {
            "search": source.query, "filter": ",".join(filters) or None, "select": SELECT,
            "sort": "publication_date:desc", "per_page": min(PAGE, source.max_pages), **placeholder(host),
        }  # fmt: skip
        return [_page(with_query(f"{base}/works", params), "*", 0)]

    def listing(self, source: SourceConfig, body: Body) -> Listing:
        """Return the next cursor's page, until there is none, it repeats, nothing came, or ``max_pages`` is reached."""
        answer = read_object(body)
        meta, works = mapping(answer.get("meta")), objects(answer.get("results"))
        cursor, seen = text_of(meta.get("next_cursor")), int(body.state.get("seen", 0)) + len(works)
        more: list[Request] = []
        if works and cursor and cursor != body.state.get("cursor") and seen < source.max_pages:
            more = [_page(str(body.state["search"]), cursor, seen)]
        return Listing(more=more, reported=whole(meta.get("count")), records=sum(map(_is_work, works)))

    def documents(self, source: SourceConfig, body: Body) -> Sequence[Document]:
        """Return the page's works, each a Document of title and abstract (kind ``record``)."""
        found = read_object(body)
        works = objects(found.get("results")) if "results" in found else [found]
        return [read_work(work) for work in works if _is_work(work)]


def read_work(work: Mapping[str, Any]) -> Document:
    """Return one work as a Document."""
    location = mapping(work.get("primary_location")) or mapping(work.get("host_venue"))
    venue = mapping(location.get("source")) or mapping(work.get("host_venue"))
    doi = (text_of(work.get("doi")) or "").removeprefix("https://doi.org/").lower() or None
    kind = text_of(work.get("type")) or ""
    abstract = rebuild_abstract(work.get("abstract_inverted_index"))
    people = [mapping(authorship.get("author")).get("display_name") for authorship in objects(work.get("authorships"))]
    title = fragment_text(text_of(work.get("title")) or text_of(work.get("display_name"))) or None
    return Document(
        url=str(work["id"]),
        text=abstract or title or "",
        title=title,
        authors=strings(people),
        published=day(work.get("publication_date")) or _year(work.get("publication_year")),
        updated=day(work.get("updated_date")),
        publisher=text_of(venue.get("display_name")),
        language=text_of(work.get("language")),
        licence=text_of(location.get("license")),
        doi=doi,
        kind="record",
        peer_reviewed=True if kind in _REVIEWED and venue.get("type") == "journal" else None,
        extra=clean_hints(
            openalex=text_of(work.get("id")), pmid=text_of(mapping(work.get("ids")).get("pmid")), type=kind,
            retracted=work.get("is_retracted") or None, landing_page=text_of(location.get("landing_page_url")),
            abstract=bool(abstract),
        ),
    )  # fmt: skip


def rebuild_abstract(index: object) -> str:
    """Return the abstract whose words' places ``index`` gives; empty where there is none, or it is no such index."""
    words: dict[int, str] = {}
    for word, places in mapping(index).items():
        for place in places if isinstance(places, list) else ():
            if isinstance(place, int) and 0 <= place < MAX_WORDS:
                words[place] = word
    return " ".join(" ".join(words[place] for place in sorted(words)).split())


def _is_work(work: Mapping[str, Any]) -> bool:
    return isinstance(work.get("id"), str) and bool(work.get("title") or work.get("display_name"))


def _year(value: object) -> str | None:
    year = whole(value)
    return f"{year:04}-01-01" if year and 1000 <= year <= 9999 else None


def _joined(value: object) -> str:
    return "|".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def _page(search: str, cursor: str, seen: int) -> Request:
    state = {"search": search, "cursor": cursor, "seen": seen}
    return Request(with_query(search, {"cursor": cursor}), "records", state=state)
