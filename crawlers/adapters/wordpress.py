"""WordPress's own interface: ``/wp-json/wp/v2/TYPE``, 100 a page, the whole text in the answer.

``X-WP-Total`` gives the count and ``X-WP-TotalPages`` the last page; past it WordPress answers 400, so it isn't asked.
Comments are a second request a post, made only where the source asks for comments.
Source: the WordPress REST API handbook.
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
    merge_hints,
    objects,
    read_json,
    read_page,
    strings,
    text_of,
    web_link,
    whole,
    with_query,
)  # fmt: skip
from crawlers.adapters.fragment import fragment_text
from crawlers.adapters.matching import wanted
from crawlers.errors import UnreadableError
from warehouse.models import Document

if TYPE_CHECKING:
    from crawlers.sources import SourceConfig

PAGE = 100
API = "/wp-json/wp/v2/"
_FIELDS = "id,date_gmt,modified_gmt,link,title,content,excerpt,type,author,_links,_embedded"


class WordPressAdapter:
    """Posts, pages and custom types of a WordPress site."""

    def start(self, source: SourceConfig, now: datetime) -> Sequence[Request]:
        """Return the first page of each type, last changed first."""
        since = first_day(source, now)
        role = "listing" if source.comments else "records"
        return [
            _page(with_query(f"{site.rstrip('/')}{API}{kind}", _params(source, since)), 1, 0, role)
            for site in source.addresses
            for kind in source.post_types
        ]

    def listing(self, source: SourceConfig, body: Body) -> Listing:
        """Return the next page; where comments are wanted, each post's page as a document to fetch."""
        posts = _posts(source, body)
        page, seen = int(body.state.get("page", 1)), int(body.state.get("seen", 0)) + len(objects(read_json(body)))
        total, last = whole(body.headers.get("x-wp-total")), whole(body.headers.get("x-wp-totalpages"))
        full = len(objects(read_json(body))) >= PAGE
        following = page < last if last is not None else full
        role = "listing" if source.comments else "records"
        more = [_page(str(body.state["search"]), page + 1, seen, role)] if following and seen < source.max_pages else []
        if source.comments:
            return Listing([_page_request(post) for post in posts], more, total)
        return Listing(more=more, reported=total, records=len(posts))

    def documents(self, source: SourceConfig, body: Body) -> Sequence[Document]:
        """Return the posts of an answer as Documents; a page itself where comments are wanted."""
        if API not in body.url:
            return read_page(source, body)
        documents = [merge_hints(source, Body(body.url, b""), read_post(post)) for post in _posts(source, body)]
        return documents


def read_post(post: Mapping[str, Any]) -> Document:
    """Return one post or page as a Document."""
    embedded = mapping(post.get("_embedded"))
    people = [person.get("name") for person in objects(embedded.get("author"))]
    return Document(
        url=str(post["link"]),
        text=fragment_text(_rendered(post, "content")) or fragment_text(_rendered(post, "excerpt")),
        title=fragment_text(_rendered(post, "title")) or None,
        authors=strings(people),
        published=day(post.get("date_gmt") or post.get("date")),
        updated=day(post.get("modified_gmt") or post.get("modified")),
        kind=text_of(post.get("type")) or "post",
    )


def _posts(source: SourceConfig, body: Body) -> list[Mapping[str, Any]]:
    answer = read_json(body)
    if not isinstance(answer, list):
        said = text_of(mapping(answer).get("message")) or "no list of posts"
        raise UnreadableError("unknown type", f"{body.url}: not WordPress's interface ({said})")
    host = urlsplit(body.url).hostname
    linked = [{**post, "link": link} for post in objects(answer) if (link := web_link(body.url, post.get("link")))]
    return [post for post in linked if wanted(source, post["link"]) and urlsplit(post["link"]).hostname == host]


def _params(source: SourceConfig, since: object) -> dict[str, Any]:
    after = f"{since}T00:00:00" if since else None
    return {
        "per_page": PAGE, "orderby": "modified", "order": "desc", "search": source.query, "modified_after": after,
        "_embed": "author", "_fields": _FIELDS,
    }  # fmt: skip


def _page_request(post: Mapping[str, Any]) -> Request:
    document = read_post({**post, "content": {}, "excerpt": {}})
    hints = clean_hints(
        title=document.title, published=document.published, modified=text_of(post.get("modified_gmt")),
        authors=list(document.authors),
    )  # fmt: skip
    return Request(document.url, "document", hints)


def _rendered(post: Mapping[str, Any], key: str) -> str:
    value = post.get(key)
    value = mapping(value).get("rendered") if isinstance(value, dict) else value
    return value if isinstance(value, str) else ""


def _page(search: str, page: int, seen: int, role: Any) -> Request:
    return Request(with_query(search, {"page": page}), role, state={"search": search, "page": page, "seen": seen})
