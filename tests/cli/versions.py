"""Pages with several versions through the real load, comparison, links and publishing; claims by plain words."""

from __future__ import annotations

from collections.abc import Sequence

from commands.stages import compare_versions
from tests.warehouse.make import TAGGER, at, document, fetch, tag_all
from warehouse.home import Home
from warehouse.publish import publish
from warehouse.queries import Base, open_base
from warehouse.store import Store

URL = "https://a.example/page"
Shown = str | tuple[str, str]  # a text, or a title and a text


def show(store: Store, pages: Sequence[Shown], *, url: str = URL, first_day: int = 0, together: bool = False) -> None:
    """Load versions of one page a day each; compare after each, as nights do, or (``together``) once at the end."""
    for day, page in enumerate(pages, first_day):
        title, text = page if isinstance(page, tuple) else ("A page", page)
        seq = 1 + day + 1000 * sum(url.encode())
        store.load_fetch(fetch(seq, url, days=day), [document(url, text, title=title)], extractor="x1")
        if not together:
            settle(store)
    settle(store)


def settle(store: Store, tagger: str = TAGGER) -> None:
    """Tag and compare what there is."""
    tag_all(store, tagger)
    compare_versions(store, 1)


def publish_at(home: Home, store: Store, day: int) -> Base:
    """Publish, and open what was published."""
    publish(home, store, at(day), store.begin_run("test", at(day)))
    return open_base(home)
