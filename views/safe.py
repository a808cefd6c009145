"""The one module that writes HTML, and the one that escapes outside text for labels.

Everything that came from a page is text: ``put`` escapes it, and only tags made here by ``tag`` are markup. Widgets
read their labels as Markdown, so outside text goes through ``label`` first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import streamlit as st
from markupsafe import Markup, escape

from warehouse.exports.text import fit, is_web

Content = str | Markup | None
Mark = tuple[int, int, str]  # start, end, and a class of ``STYLE``
STYLE = Path(__file__).parent / "style.css"
LABEL_MAX_CHARS = 120
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_SHORTCODE = re.compile(r":(?=[\w+/-]{1,80}:)")  # emoji and icons are found after escapes are undone
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")


def style() -> None:
    """Put the app's style sheet on the page."""
    st.html(STYLE)


def tag(name: str, *content: Content, **attributes: str | None) -> Markup:
    """Return an element; text inside it and its attributes are escaped, ``cls`` is its class."""
    pairs = {("class" if key == "cls" else key.replace("_", "-")): value for key, value in attributes.items() if value}
    written = Markup("").join(Markup(' {}="{}"').format(key, clean(value)) for key, value in pairs.items())
    inside = Markup("").join(one if isinstance(one, Markup) else escape(clean(one)) for one in content if one)
    return Markup("<{0}{1}>{2}</{0}>").format(Markup(name), written, inside)


def clean(text: str) -> str:
    """Return text without what no page can show: controls, lone surrogates, overrides of its direction."""
    return _BIDI.sub("", fit(text))


def put(*parts: Content) -> None:
    """Show markup made by ``tag``; a plain string among the parts is escaped."""
    st.html(str(Markup("").join(one if isinstance(one, Markup) else escape(clean(one)) for one in parts if one)))


def plain(text: str | None, most: int = LABEL_MAX_CHARS) -> str:
    """Return outside text for an option of a list box, which is shown as it stands, on one line."""
    line = " ".join(clean(text or "").split())
    return line if len(line) <= most else line[: most - 1] + "…"


def note(text: str) -> None:
    """Show a small remark; the theme's own captions are too pale to read."""
    put(tag("p", text, cls="cw-small"))


def label(text: str | None, most: int = LABEL_MAX_CHARS) -> str:
    """Return outside text as a widget's label, which Markdown shows as it stands, on one line."""
    return _PUNCTUATION.sub(r"\\\1", _SHORTCODE.sub(":\u2060", plain(text, most)))


def link(url: str | None, text: str) -> Markup:
    """Return a link out, or only the text where the address is not of the web."""
    if not is_web(url):
        return tag("span", text)
    return tag("a", text, href=url, target="_blank", rel="noopener noreferrer nofollow")


def marked(text: str, marks: Iterable[Mark]) -> Markup:
    """Return text with spans marked: bold as well as coloured. Where marks overlap, they are one, of both classes."""
    parts: list[Markup] = []
    at = 0
    for start, end, cls in joined(mark for mark in marks if 0 <= mark[0] < mark[1] <= len(text)):
        parts += [escape(clean(text[at:start])), tag("mark", text[start:end], cls=cls)]
        at = end
    return Markup("").join([*parts, escape(clean(text[at:]))])


def joined(marks: Iterable[Mark]) -> list[Mark]:
    """Return marks in order, those that overlap as one: "£" and "billion" within "£9 billion" make no pieces of it."""
    found: list[Mark] = []
    for start, end, cls in sorted(marks):
        if found and start < found[-1][1]:
            first, last, classes = found[-1]
            found[-1] = (first, max(last, end), " ".join(dict.fromkeys([*classes.split(), *cls.split()])))
        else:
            found.append((start, end, cls))
    return found


def table(heads: Sequence[str], rows: Iterable[Sequence[Content]], caption: str) -> Markup:
    """Return a real table, for those who read with a screen reader, under a caption."""
    head = tag("tr", *(tag("th", one, scope="col") for one in heads))
    body = (tag("tr", *(tag("td", cell) for cell in row)) for row in rows)
    inside = tag("table", tag("caption", caption), tag("thead", head), tag("tbody", *body))
    return tag("div", inside, cls="cw-scroll", tabindex="0", role="region", aria_label=caption)
