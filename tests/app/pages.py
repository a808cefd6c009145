"""Pages under AppTest: one page alone, at an address."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest

from warehouse.home import Home
from warehouse.queries import open_base

APP = Path(__file__).parents[2] / "app.py"


def one_page(name: str) -> None:
    """Show one page: what AppTest runs as a script of its own."""
    from views.pages import run

    run(name)


def page(name: str, **address: str | list[str]) -> AppTest:
    """Run one page at an address."""
    at = AppTest.from_function(one_page, args=(name,), default_timeout=30)
    for key, value in address.items():
        at.query_params[key] = value
    return at.run()


def markup(at: AppTest) -> str:
    """All HTML that the page wrote."""
    return "\n".join(str(one.proto.body) for one in at.get("html"))


def claim_of(home: Home, words: str) -> str:
    """The claim whose quote has these words."""
    base = open_base(home)
    found = next(hit.claim for hit in base.search("", size=100).hits if words in hit.quote)
    base.close()
    return found
