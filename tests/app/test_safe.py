"""Outside text on pages: shown literally everywhere, and one module alone writes HTML."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.app.pages import APP, markup, page
from tests.warehouse.make import at, document, fetch, tag_all
from tests.warehouse.test_exports_hostile import HOSTILE
from tests.warehouse.test_exports_hostile import Tags as Parsed
from views.pages import ENTRIES
from views.parts import spoken
from views.safe import label, link, marked, tag
from warehouse.home import Home
from warehouse.models import Annotation, Figure, Tag
from warehouse.people import People
from warehouse.publish import publish
from warehouse.queries import open_base
from warehouse.store import Store

SOURCES = [*APP.parent.joinpath("views").glob("*.py"), APP]
PLANTED = "![t](http://x.example/t.png) <script>alert(1)</script> $x$ :material/delete: :red[x] [a](javascript:b)"


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_only_one_module_writes_html(path: Path) -> None:
    text = path.read_text("utf-8")
    assert "unsafe_allow" not in text
    found = {name for name, _ in calls(ast.parse(text))}
    if path.name != "safe.py":
        assert not {name for name in found if name.endswith((".html", ".iframe", ".write", ".image"))}
    if path.name not in ("safe.py", "document.py", "versions.py"):
        assert not {name for name in found if name.startswith("Markup") and name != "Markup.escape"}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_markdown_is_only_ever_a_text_of_our_own(path: Path) -> None:
    for name, call in calls(ast.parse(path.read_text("utf-8"))):
        if name.endswith(".markdown"):
            assert isinstance(call.args[0], ast.Constant | ast.Name), ast.unparse(call)
            assert not isinstance(call.args[0], ast.Name) or call.args[0].id.isupper()


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_tag_shows_text_and_nothing_else(text: str) -> None:
    parsed = Parsed()
    parsed.feed(str(tag("p", text, title=text)) + str(marked(text, [(0, 3, "cw-hit")])) + str(link(text, text)))
    assert parsed.tags <= {"p", "mark", "span"}
    assert parsed.links == set()


@pytest.mark.parametrize(
    ("marks", "shown"),
    [
        ([(0, 1, "cue"), (2, 10, "figure"), (3, 10, "cue")],
         '<mark class="cue">£</mark>9<mark class="figure cue"> billion</mark> more'),
        ([(0, 1, "cue"), (3, 10, "cue"), (0, 10, "cue")], '<mark class="cue">£9 billion</mark> more'),
        ([(0, 1, "cue"), (3, 10, "cue"), (0, 10, "figure")], '<mark class="cue figure">£9 billion</mark> more'),
        ([(0, 10, "figure"), (3, 15, "cue")], '<mark class="figure cue">£9 billion more</mark>'),
        ([(0, 2, "cue"), (2, 10, "cue")], '<mark class="cue">£9</mark><mark class="cue"> billion</mark> more'),
        ([(-1, 3, "cue"), (4, 4, "cue"), (3, 99, "cue"), (11, 15, "cue")], '£9 billion <mark class="cue">more</mark>'),
    ],
)  # fmt: skip
def test_marks_that_overlap_are_one(marks: list[tuple[int, int, str]], shown: str) -> None:
    assert str(marked("£9 billion more", marks)) == shown


def test_a_figure_that_cues_cut_into_is_shown_whole() -> None:
    text = "It needs £9 billion for 4 wards."
    found = Annotation(
        100, 100 + len(text), text, "sentence", themes=(Tag("funding", "barrier", 0.9, ((109, 110), (112, 119))),),
        figures=(Figure(9e9, "GBP", "actual", 109, 119), Figure(4, "wards", "actual", 124, 125)),
    )  # fmt: skip
    assert str(marked(text, spoken(found))) == 'It needs <mark class="cw-cue">£9 billion</mark> for 4 wards.'


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "//x.example", "file:///etc/passwd", 'https://x.example/" onclick="x',
     "https://x.example/ y", "HTTPS://x.example/<b>"],
)  # fmt: skip
def test_only_clean_web_addresses_become_links(url: str) -> None:
    assert "href" not in str(link(url, "words"))


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_label_is_one_line_with_every_mark_of_markdown_escaped(text: str) -> None:
    shown = label(text)
    assert "\n" not in shown
    assert not re.search(r"(?<!\\)(?:\\\\)*[*_`\[\]<>$#~|!]", shown)
    assert not re.search(r":[\w+/-]+:", shown.replace("\\", ""))
    assert len(shown) <= 2 * 122


@given(st.text(max_size=80))
def test_no_text_makes_a_tag_of_its_own(text: str) -> None:
    parsed = Parsed()
    parsed.feed(str(tag("p", text)))
    assert parsed.tags == {"p"}


@pytest.fixture(scope="module")
def hostile_base(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A base in which titles, publishers, speakers and claims are hostile."""
    home = Home(tmp_path_factory.mktemp("hostile") / "home").make()
    with Store.open(home) as store:
        store.put_sources([{"name": "test", "title": PLANTED, "type": "news", "licence": PLANTED, "storage": "full",
                            "config": {}, "digest": "d"}])  # fmt: skip
        for n, text in enumerate([PLANTED, *(t for t in HOSTILE.values() if "\ud800" not in t)], 1):
            url = f"https://x.example/{n}"
            body = f"We found staff {text} and admissions rose by 12% in Leeds. More."
            written = document(url, body, title=text, publisher=text.strip() or None, published="2016-05-01")
            store.load_fetch(fetch(n, url, days=1), [written], extractor="x1")
        tag_all(store)
        publish(home, store, at(10), store.begin_run("test", at(10)))
    return home


@pytest.mark.parametrize("name", ENTRIES)
def test_hostile_text_is_shown_literally_on_every_page(
    hostile_base: Home, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("CLAIMWATCH_HOME", str(hostile_base.root))
    hits = open_base(hostile_base).search("", size=100).hits
    hit = next(one for one in hits if "<script>alert(1)</script> $x$" in one.quote)
    address = {"claim": {"claim": hit.claim}, "document": {"document": hit.document},
               "speaker": {"speaker": "The auditor"},
               "search": {"publisher": [hit.publisher or ""], "q": PLANTED, "mode": "words"}}  # fmt: skip
    shown = page(name, **address.get(name, {}))  # type: ignore[arg-type]
    assert list(shown.exception) == list(shown.error) == []
    text = markup(shown)
    assert "<script" not in text
    assert "<img" not in text
    assert 'href="javascript' not in text
    for widget in (*shown.button, *shown.button_group, *shown.expander, *shown.title, *shown.warning, *shown.info):
        label_ = str(getattr(widget, "label", "") or getattr(widget, "value", ""))
        assert not re.search(r"(?<!\\)!\[|(?<!\\)<script|:material/delete:", label_), label_


def test_a_hostile_saved_search_is_shown_literally(hostile_base: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLAIMWATCH_HOME", str(hostile_base.root))
    people = People(hostile_base.people)
    name = "![t](http://x.example/t.png) <img src=x> :material/delete: ../../x"
    people.save_search(at(11), "<b>Ann</b>", name, PLANTED, {"publishers": [PLANTED], "themes": ["**x**:barrier"]})
    people.save_search(at(11), "Ann", "all", "", {})
    shown = page("saved")
    assert list(shown.exception) == list(shown.error) == []
    text = markup(shown)
    assert "<script" not in text
    assert "<img" not in text
    assert "<b>" not in text
    for tail in ("", "-wal", "-shm"):
        hostile_base.people.with_name(hostile_base.people.name + tail).unlink(missing_ok=True)
