"""A read-only HTTP API over the published base, for loopback; OpenAPI at /docs. Follows new snapshots by itself."""

from __future__ import annotations

import threading
from datetime import date
from typing import Annotated, Any

from fastapi import FastAPI, Query, Request
from fastapi.responses import JSONResponse

from warehouse.errors import ClaimwatchError, NoBaseError, UsageError
from warehouse.filters import Filters
from warehouse.home import Home
from warehouse.people import People
from warehouse.queries import Base, open_base
from warehouse.queries.find import Encode
from warehouse.queries.results import plain_json
from warehouse.serve_feeds import feed_routes
from warehouse.snapshots import current

CHANGES_MAX = 1_000
Many = Annotated[list[str] | None, Query()]


class _Bases:
    """The base in force, opened anew when another is published."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self._lock = threading.Lock()
        self._base: Base | None = None

    def get(self) -> Base:
        with self._lock:
            if self._base is None or self._base.snapshot.name != current(self.home).name:
                self._base = open_base(self.home)  # the earlier one closes with its last request
            return self._base


def make_api(home: Home, encoder: Encode | None = None) -> FastAPI:
    """Return the API of a home. ``encoder`` lets it answer by meaning."""
    api = FastAPI(title="Claimwatch", description="Claims and barriers, their versions and changes. Read-only.")
    bases = _Bases(home)

    @api.exception_handler(ClaimwatchError)
    def as_problem(request: Request, error: ClaimwatchError) -> JSONResponse:
        unknown = isinstance(error, UsageError) and str(error).startswith("no ")
        code = (
            503 if isinstance(error, NoBaseError) else 404 if unknown else 400 if isinstance(error, UsageError) else 500
        )
        return JSONResponse({"error": str(error)}, code)

    @api.get("/search")
    def search(
        q: str = "", mode: str = "both", sort: str = "relevance", page: int = 1, size: int = 20, kind: Many = None,
        theme: Many = None, outcome: Many = None, direction: Many = None, programme: Many = None,
        care_model: Many = None, place: Many = None, publisher: Many = None, source_type: Many = None,
        change: Many = None, since: int | None = None, until: int | None = None, reviewed: bool | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """Search the claims; the shape is that of `claimwatch search --json`."""
        filters = Filters(
            kinds=tuple(kind or ()), themes=tuple(theme or ()), outcomes=tuple(outcome or ()),
            directions=tuple(direction or ()), programmes=tuple(programme or ()), care_models=tuple(care_model or ()),
            places=tuple(place or ()), publishers=tuple(publisher or ()), source_types=tuple(source_type or ()),
            changes=tuple(change or ()), since_year=since, until_year=until, reviewed=reviewed,
        )  # fmt: skip
        people = People(home.people).overlay() if home.people.exists() else {}
        found = bases.get().search(
            q, filters=filters, mode=mode, encoder=encoder, sort=sort, page=page, size=size, overlay=people
        )
        return found.to_json()

    @api.get("/claims/{claim}")
    def claim(claim: str) -> Any:
        """Return a claim with its history."""
        return plain_json(bases.get().claim(claim))

    @api.get("/documents/{document}")
    def document(document: str) -> Any:
        """Return a document with its versions, fetches and changes."""
        return plain_json(bases.get().document(document))

    @api.get("/changes")
    def changes(
        since: date | None = None, theme: str | None = None, kind: str | None = None, source: str | None = None,
        limit: Annotated[int, Query(ge=1, le=CHANGES_MAX)] = 200,
    ) -> list[dict[str, Any]]:  # fmt: skip
        """Return what changed, newest first."""
        return [row.to_json() for row in bases.get().changes(since, theme, kind, source, limit)]

    api.include_router(feed_routes(home, bases.get))
    return api
