"""Journeys through the app in a real browser, on the demonstration base; each leaves a picture for the docs."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest
import rispy

from tests.app.browser import ARGS, CHROMIUM, ROOT, Visit, need_browser, serving
from views.pages import ENTRIES
from warehouse.exports.writers import FORMATS
from warehouse.home import Home
from warehouse.people import People
from warehouse.queries import Base, Filters, open_base

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
Open = Callable[..., Visit]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The demonstration base, as ``claimwatch demo --no-app`` makes it."""
    need_browser()
    home = Home(tmp_path_factory.mktemp("demo") / "home")
    if made := os.environ.get("CLAIMWATCH_DEMO_BASE"):  # one made before, to save a minute while working on pages
        shutil.copytree(made, home.root)
        return home
    command = [sys.executable, str(ROOT / "cli.py"), "--home", str(home.root), "demo", "--no-app"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=500, check=False)
    assert done.returncode == 0, done.stderr[-2_000:]
    return home


@pytest.fixture(scope="module")
def base(demo: Home) -> Iterator[Base]:
    found = open_base(demo)
    yield found
    found.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    need_browser()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def address(demo: Home) -> Iterator[str]:
    with serving(demo) as found:
        yield found


@pytest.fixture
def visit(browser: Any, address: str) -> Iterator[Open]:
    """Open a browser page of its own; nothing may leave for anywhere but the app."""
    opened: list[tuple[Any, Visit]] = []

    def open_page(path: str = "/", scheme: str = "light", width: int = 1280) -> Visit:
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        opened.append((context, Visit(context.new_page(), address)))
        return opened[-1][1].go(path)

    yield open_page
    for context, visited in opened:
        context.close()
        assert visited.outside == []


def changed_claim(base: Base) -> str:
    """A claim whose figure was changed on the second night."""
    return base.search("", filters=Filters(changes=("figure_changed",)), sort="changed", size=1).hits[0].claim


def test_from_a_search_to_a_claim_to_the_words_at_the_source(visit: Open) -> None:
    seen = visit("/")
    seen.page.get_by_text("Words", exact=True).click()
    seen.settled()
    for _ in range(3):  # a box that is drawn anew just then forgets what was typed
        seen.page.get_by_label("Search for").fill("admissions rose")
        seen.page.get_by_label("Search for").press("Enter")
        if seen.settled().page.locator("mark").count():
            break
    seen.page.wait_for_function("document.querySelectorAll('mark').length > 0")
    seen.settled()
    assert "q=admissions" in seen.page.url
    assert seen.page.locator("mark").first.evaluate("e => getComputedStyle(e).fontWeight") >= "600"
    seen.picture("search")
    seen.page.get_by_text("Open claim").first.click()
    seen.page.wait_for_url("**/claim?claim=*")
    seen.settled()
    link = seen.page.get_by_role("link", name="At the source").first.get_attribute("href") or ""
    assert "#:~:text=" in link or "#page=" in link
    seen.page.get_by_text("Cite this claim").click()
    assert "Accessed" in seen.text()
    seen.picture("claim")


def test_facets_narrow_and_the_shared_address_shows_the_same_to_another(visit: Open) -> None:
    first = visit("/?mode=words")
    everything = first.page.get_by_role("status").filter(has_text="claims").inner_text()
    first.page.get_by_text("Finding ·").first.click()
    first.page.wait_for_url("**kind=finding**")
    first.settled()
    narrowed = first.page.get_by_role("status").filter(has_text="claims").inner_text()
    assert narrowed.split(" · ")[0] != everything.split(" · ")[0]
    assert parse_qs(urlsplit(first.page.url).query)["kind"] == ["finding"]
    second = visit(first.page.url.removeprefix(first.address))
    assert (
        second.page.get_by_role("status").filter(has_text="claims").inner_text().split(" · ")[0]
        == (narrowed.split(" · ")[0])
    )
    second.page.get_by_role("button", name="Kind of claim: Finding ✕").click()
    second.page.wait_for_url(lambda url: "kind" not in url)
    second.settled()
    second.page.get_by_role("status").filter(has_text=everything.split(" · ")[0]).wait_for()


def test_the_permanent_address_of_a_claim_leads_to_its_page(visit: Open, base: Base) -> None:
    claim = changed_claim(base)
    seen = visit(f"/?claim={claim}")
    seen.page.wait_for_url(f"**/claim?claim={claim}")
    assert "Its history" in seen.settled().text()


def test_versions_side_by_side(visit: Open, base: Base) -> None:
    document = base.claim(changed_claim(base)).hit.document
    seen = visit(f"/document?document={document}")
    assert seen.page.locator("mark.cw-claim").count() > 0
    seen.picture("document")
    seen.page.get_by_text("Versions side by side").click()
    seen.page.wait_for_url("**view=versions**")
    seen.settled()
    assert seen.page.locator(".cw-sides del").count() > 0
    assert seen.page.locator(".cw-sides ins").count() > 0
    seen.picture("versions")


def test_from_the_trend_of_barriers_to_quotes(visit: Open) -> None:
    seen = visit("/barriers")
    seen.page.get_by_label("From year").fill("2015")
    seen.page.get_by_label("From year").press("Enter")
    seen.page.wait_for_url("**since=2015**")
    seen.settled()
    most = seen.page.get_by_role("region", name="Named as barriers from 2015").inner_text()
    assert "Workforce" in most
    assert "Demonstration Think Tank (" in most
    seen.picture("barriers")
    seen.page.get_by_role("heading", name="Over time", exact=True).scroll_into_view_if_needed()
    seen.page.wait_for_selector("[data-testid=stVegaLiteChart] svg, [data-testid=stVegaLiteChart] canvas")
    seen.picture("barriers-over-time")
    with seen.page.expect_download() as waiting:
        seen.page.get_by_text("The figures as a table, and downloads").click()
        seen.page.get_by_role("button", name="SVG").click()
    assert "<svg" in Path(waiting.value.path()).read_text("utf-8")
    seen.page.get_by_role("button", name="Workforce ·").click()
    seen.page.wait_for_url("**theme=workforce**")
    seen.settled()
    seen.page.get_by_role("heading", name="Named as a barrier").wait_for()
    assert seen.page.locator("blockquote").count() > 0
    seen.page.locator("h1").scroll_into_view_if_needed()
    seen.picture("theme")


def test_from_a_cell_of_the_map_to_its_claims(visit: Open, base: Base) -> None:
    cell = max(base.evidence_map("theme"), key=lambda one: one.works)
    seen = visit("/evidence_map")
    seen.page.wait_for_selector("[data-testid=stVegaLiteChart] svg, [data-testid=stVegaLiteChart] canvas")
    seen.picture("evidence_map")
    seen.choose("Cell")
    seen.page.wait_for_url("**outcome=**")
    seen.settled()
    assert seen.page.locator("blockquote").count() > 0
    again = visit(f"/evidence_map?row={cell.row}&outcome={cell.outcome}")
    assert again.page.locator("blockquote").count() > 0


def test_on_a_phone_what_two_versions_share_is_there_once(visit: Open, base: Base) -> None:
    path = f"/document?document={base.claim(changed_claim(base)).hit.document}&view=versions"
    for width, shown in ((1280, True), (390, False)):
        again = visit(path, width=width).page.locator(".cw-sides .cw-again")
        assert again.count() > 0
        assert again.first.is_visible() == shown


@pytest.mark.parametrize("path", ["/evidence_map", "/barriers?count=share", "/barriers?theme=workforce"])
def test_on_a_phone_a_chart_keeps_its_width_and_scrolls_in_itself(visit: Open, path: str) -> None:
    seen = visit(path, width=390)
    chart = seen.page.locator("[data-testid=stVegaLiteChart] svg, [data-testid=stVegaLiteChart] canvas").first
    chart.wait_for()
    main = seen.page.locator("[data-testid=stMain]")
    assert main.evaluate("one => one.scrollWidth") <= 390
    around = seen.page.locator("[class*=st-key-cw-wide-]").first
    assert around.evaluate("one => one.clientWidth") <= 390
    wide = around.evaluate("one => one.scrollWidth > one.clientWidth")
    assert wide == ("theme=" not in path)


def test_a_promise_beside_its_outcome(visit: Open) -> None:
    seen = visit("/promises")
    assert seen.page.get_by_text("Planned", exact=True).count() > 0
    assert seen.page.get_by_text("What came", exact=True).count() > 0
    seen.picture("promises")
    seen.page.get_by_role("link", name="at the source").first.get_attribute("href")


def test_two_people_correct_a_claim_and_differ(visit: Open, base: Base, demo: Home) -> None:
    claim = changed_claim(base)
    for name, kind in (("Ann", "Assertion"), ("Bo", "Commitment")):
        seen = visit(f"/claim?claim={claim}")
        asked = seen.page.get_by_label("Your name, as it will stand in the record")
        asked.fill(name)
        asked.press("Enter")
        seen.page.get_by_text(f"You decide as {name}").wait_for()
        seen.settled()
        seen.choose("Kind (the machine says", kind)
        seen.page.get_by_role("button", name="Save", exact=True).click()
        seen.page.get_by_text("Saved as no.").wait_for()
        assert People(demo.people).overlay()[claim].value("kind") == kind.lower()
    assert "People differ on kind" in seen.settled().text()
    seen.page.get_by_text("People differ on").scroll_into_view_if_needed()
    seen.picture("review")
    seen.page.get_by_role("button", name="Undo my no.").click()
    seen.page.get_by_text("is taken back").first.wait_for()
    assert People(demo.people).overlay()[claim].value("kind") == "assertion"


def test_a_search_is_saved_and_claims_are_picked_for_a_table(visit: Open, tmp_path: Path) -> None:
    seen = visit("/?q=shared+care+record&mode=words&since=2015")
    for n in range(2):
        seen.page.get_by_text("Pick", exact=True).nth(n).click()
        seen.settled()
    seen.page.get_by_role("button", name="Save this search").click()
    asked = seen.page.get_by_label("Your name, as it will stand in the record")
    asked.fill("Ann")
    asked.press("Enter")
    name = seen.page.get_by_label("Name", exact=True)
    name.wait_for()
    seen.settled()
    name.fill("Sharing records")
    seen.page.get_by_role("button", name="Save", exact=True).click()
    seen.page.wait_for_url("**/saved**")
    seen.page.get_by_text("nothing new").wait_for()
    seen.settled()
    seen.picture("saved")
    seen.page.get_by_role("button", name="Download a table").last.click()
    seen.page.get_by_text("The 2 picked").wait_for()
    with seen.page.expect_download() as waiting:
        seen.page.get_by_role("button", name="Download Excel").click()
    path = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(path)
    assert openpyxl.load_workbook(path)["Evidence"].max_row == 3
    seen.page.keyboard.press("Escape")
    seen.page.get_by_role("link", name="Open", exact=True).click()
    seen.page.wait_for_url("**q=shared+care+record**")


@pytest.mark.parametrize("format", FORMATS)
def test_each_format_is_downloaded_and_opens(visit: Open, tmp_path: Path, format: str) -> None:
    seen = visit("/?q=workforce&mode=words")
    seen.page.get_by_role("button", name="Download a table").click()
    seen.page.get_by_label("Format").click()
    seen.page.get_by_role("option", name=FORMATS[format].title, exact=True).click()
    button = seen.page.get_by_role("button", name=f"Download {FORMATS[format].title}", exact=True)
    button.wait_for()
    with seen.page.expect_download() as waiting:
        button.click()
    path = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(path)
    assert path.suffix == FORMATS[format].suffix
    assert OPENED[format](path.read_bytes())
    if format == "csv":
        seen.picture("download")


def _rows(body: bytes, delimiter: str = ",") -> int:
    return len(list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline=""), delimiter=delimiter)))


OPENED: dict[str, Callable[[bytes], Any]] = {
    "csv": _rows, "tsv": lambda body: _rows(body, "\t"), "jsonl": lambda b: [json.loads(x) for x in b.splitlines()],
    "xlsx": lambda b: "xl/workbook.xml" in zipfile.ZipFile(io.BytesIO(b)).namelist(),
    "docx": lambda b: "word/document.xml" in zipfile.ZipFile(io.BytesIO(b)).namelist(),
    "ris": lambda b: rispy.loads(b.decode()), "bibtex": lambda b: b.startswith(b"@"), "csljson": json.loads,
    "endnote": lambda b: b"<record>" in b, "parquet": lambda b: b[:4] == b[-4:] == b"PAR1",
    "html": lambda b: b"<table>" in b,
}  # fmt: skip


def test_changes_and_the_remaining_pages_have_their_pictures(visit: Open, base: Base) -> None:
    speaker = base.speakers(1)[0][0]
    seen = visit("/changes?since=2000-01-01")
    assert "Figure changed" in seen.text()
    seen.picture("changes")
    for path, name in (("/sources", "sources"), ("/disagreements", "disagreements"), ("/duplicates", "duplicates"),
                       ("/add", "add"), ("/about", "about"), (f"/speaker?speaker={speaker}", "speaker")):  # fmt: skip
        visit(path).picture(name)
    visit("/?q=workforce&mode=words", scheme="dark").picture("search-dark")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_on_any_page(visit: Open, base: Base, scheme: str) -> None:
    claim = base.claim(changed_claim(base)).hit
    paths = {name: f"/{name}" for name in ENTRIES if name != "search"} | {
        "search": "/?q=workforce&mode=words&kind=finding", "claim": f"/claim?claim={claim.claim}",
        "document": f"/document?document={claim.document}", "theme": "/barriers?theme=workforce",
        "versions": f"/document?document={claim.document}&view=versions",
    }  # fmt: skip
    found = {name: problems for name, path in paths.items() if (problems := visit(path, scheme=scheme).serious())}
    assert found == {}


def test_every_page_is_reached_by_the_keyboard(visit: Open) -> None:
    seen = visit("/")
    reached = set()
    for _ in range(40):
        seen.page.keyboard.press("Tab")
        reached.add(seen.page.evaluate("document.activeElement.innerText || document.activeElement.ariaLabel || ''"))
    assert any("Understand" in text for text in reached)
    assert any("How to search" in text for text in reached)
