"""The feeds of the served base: addresses that a feed reader can follow, answered with "not modified" where they are.

A saved search is named in the address as it is called, or as ``/feeds`` lists it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request
from fastapi.responses import Response

from warehouse.feeds import Feed, changes_feed, document_feed, every_feed, in_path, search_feed
from warehouse.home import Home
from warehouse.people import Overlay, People, SavedSearch
from warehouse.queries import Base

ATOM = "application/atom+xml"
Known = Annotated[str | None, Header(alias="if-none-match")]


def feed_routes(home: Home, base: Callable[[], Base]) -> APIRouter:
    """Return the addresses of feeds; ``base`` gives the base in force."""
    router = APIRouter(tags=["feeds"])

    @router.get("/feeds")
    def feeds(request: Request) -> list[dict[str, Any]]:
        """List the feeds: title, address, number of entries. Each document has one at /feeds/document/ID.atom."""
        root = str(request.base_url)
        return [
            {"title": feed.title, "address": f"{root}feeds/{feed.path}", "entries": len(feed.entries)}
            for feed in every_feed(base(), _saved(home), _people(home))
        ]

    @router.get("/changes.atom")
    @router.get("/feeds/changes.atom")
    def changes(
        request: Request, since: date | None = None, theme: str | None = None, kind: str | None = None,
        source: str | None = None, known: Known = None,
    ) -> Response:  # fmt: skip
        """Return what changed as an Atom feed: everything, or what a theme, a kind, a source leaves."""
        return _answer(changes_feed(base(), since=since, theme=theme, kind=kind, source=source), request, known)

    @router.get("/feeds/source/{name}.atom")
    def source(request: Request, name: str, known: Known = None) -> Response:
        """Return what changed at one source."""
        names = {in_path(row.name): row.name for row in base().sources()}
        return _answer(changes_feed(base(), source=names.get(name, name)), request, known)

    @router.get("/feeds/document/{document}.atom")
    def document(request: Request, document: str, known: Known = None) -> Response:
        """Return what changed in one document."""
        return _answer(document_feed(base(), document), request, known)

    @router.get("/feeds/saved/{name}.atom")
    def saved(request: Request, name: str, known: Known = None) -> Response:
        """Return what is new and what changed for one saved search."""
        names = {in_path(search.name): search.name for search in _saved(home)}
        search = People(home.people).saved_search(names.get(name, name))
        return _answer(search_feed(base(), search, _people(home)), request, known)

    return router


def _saved(home: Home) -> list[SavedSearch]:
    return People(home.people).saved() if home.people.exists() else []


def _people(home: Home) -> dict[str, Overlay]:
    return People(home.people).overlay() if home.people.exists() else {}


def _answer(feed: Feed, request: Request, known: str | None) -> Response:
    body = feed.atom(str(request.url))
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    if known and tag in (each.strip().removeprefix("W/") for each in known.split(",")):
        return Response(status_code=304, headers={"etag": tag})
    return Response(body, media_type=ATOM, headers={"etag": tag})
