"""Answer the demonstration's three JSON interfaces a page at a time, with the parameters that the real ones take.

Each reads the whole answer from its file and cuts out what was asked for. Searching and filtering are left out: the
site holds only what a search would find.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

Query = Mapping[str, str]
Answer = tuple[int, dict[str, str], Any]


def openalex_works(data: Any, query: Query) -> Answer:
    """OpenAlex ``/works``: ``per_page`` and ``cursor``; abstracts leave as inverted indexes."""
    size = _number(query, "per_page", _number(query, "per-page", 25))
    cursor = query.get("cursor", "*")
    start = 0 if cursor == "*" else int(cursor) if cursor.isdecimal() else -1
    if start < 0 or not 1 <= size <= 200:
        return 400, {}, {"error": "Invalid query parameters error.", "message": "cursor or per_page is not valid"}
    works = data["results"]
    after = str(start + size) if "cursor" in query and start < len(works) else None
    meta = {**data["meta"], "count": len(works), "per_page": size, "next_cursor": after}
    return 200, {}, {**data, "meta": meta, "results": [_inverted(work) for work in works[start : start + size]]}


def _inverted(work: Mapping[str, Any]) -> dict[str, Any]:
    index: dict[str, list[int]] = {}
    for place, word in enumerate(work["abstract"].split()):
        index.setdefault(word, []).append(place)
    rest = {key: value for key, value in work.items() if key != "abstract"}
    return {**rest, "abstract_inverted_index": index}


def govuk_search(data: Any, query: Query) -> Answer:
    """GOV.UK ``/api/search.json``: ``start`` and ``count``; past the end the list is empty."""
    start, count = _number(query, "start", 0), _number(query, "count", 10)
    if not 0 <= count <= 1500:
        return 422, {}, {"error": "Maximum result set size (as specified in 'count') is 1500"}
    return 200, {}, {**data, "results": data["results"][start : start + count], "start": start}


def wordpress_items(data: Any, query: Query) -> Answer:
    """WordPress ``/wp-json/wp/v2/…``: ``page``, ``per_page``, and ``post`` for comments; 400 past the last page."""
    rows = [row for row in data if "post" not in query or str(row.get("post")) == query["post"]]
    page, size = _number(query, "page", 1), _number(query, "per_page", 10)
    if not 1 <= size <= 100:
        return 400, {}, {"code": "rest_invalid_param", "message": "Invalid parameter(s): per_page"}
    pages = -(-len(rows) // size)
    if page < 1 or page > max(pages, 1):
        message = "The page number requested is larger than the number of pages available."
        return 400, {}, {"code": "rest_post_invalid_page_number", "message": message, "data": {"status": 400}}
    return 200, {"X-WP-Total": str(len(rows)), "X-WP-TotalPages": str(pages)}, rows[(page - 1) * size : page * size]


def _number(query: Query, key: str, default: int) -> int:
    value = query.get(key, "")
    return int(value) if value.isdecimal() else default


APIS: Mapping[tuple[str, str], Callable[[Any, Query], Answer]] = {
    ("openalex.localhost", "/works"): openalex_works,
    ("gov.localhost", "/api/search.json"): govuk_search,
    ("thinktank.localhost", "/wp-json/wp/v2/posts"): wordpress_items,
    ("thinktank.localhost", "/wp-json/wp/v2/comments"): wordpress_items,
}


def answer(host: str, path: str, body: bytes, query: Query) -> tuple[int, dict[str, str], bytes]:
    """Return status, extra headers and body for a page, cut by its API where it belongs to one."""
    api = APIS.get((host, path))
    if api is None:
        return 200, {}, body
    status, headers, data = api(json.loads(body), query)
    return status, headers, json.dumps(data, ensure_ascii=False).encode()
