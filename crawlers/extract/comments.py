"""Readers' comments, apart from the text: each one's words, without the commenter's name, address or number."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

MAX_COMMENTS = 500
_BODY = re.compile(r"(?:^|[\s_-])comment[_-]{0,2}(?:content|body|text|message|copy)\b", re.I)
_ITEM = re.compile(r"^comment(?:[\s_-]|$)|(?:^|\s)comment(?:\s|$)|(?:^|\s)depth-\d", re.I)
_META = re.compile(
    r"author|vcard|meta|avatar|says|reply|date|time|permalink|report|vote|like|share|user-?name|screen-?name|form|respond",
    re.I,
)
_PARTS = ("p", "blockquote", "li", "div")
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_PHONE = re.compile(r"(?<![\w/.])(?:\+\d{1,3}[\s.-]?)?(?:\(\d{2,5}\)[\s.-]?)?\d(?:[\s.-]?\d){8,13}(?![\w/])")
_HANDLE = re.compile(r"(?<![\w@.])@\w{2,30}\b")
_SIGNED = re.compile(
    r"^(?:(?:posted |comment |submitted )?by\b|on \d).{0,80}$|^[^.!?\n]{2,60}\bsays?:?$|^[^.!?\n]{2,60}\b(?:wrote"
    r"|commented|replied):?$"
    r"|^(?:reply|report|like|share|permalink)s?$",
    re.I,
)


def page_comments(tree: HtmlElement) -> tuple[str, ...]:
    """Return readers' comments in page order, each redacted."""
    bodies = [node for node in tree.iter("div", "section", "p", "span", "article") if _BODY.search(_label(node))]
    if not bodies:
        bodies = [node for node in tree.iter("li", "div", "article") if _ITEM.search(_label(node))]
    found = []
    taken: set[HtmlElement] = set()
    for node in bodies:
        if any(up in taken for up in node.iterancestors()) and not _ITEM.search(_label(node)):
            continue
        taken.add(node)
        inner = {other for other in bodies if other is not node and node in set(other.iterancestors())}
        text = redact("\n".join(line for line in _lines(node, inner) if not _SIGNED.match(line)))
        if text:
            found.append(text)
    return tuple(dict.fromkeys(found[:MAX_COMMENTS]))


def redact(text: str) -> str:
    """Return ``text`` with mail addresses, telephone numbers and @names replaced by what they were."""
    return _HANDLE.sub("[name]", _PHONE.sub("[phone]", _EMAIL.sub("[e-mail]", text))).strip()


def _label(node: HtmlElement) -> str:
    return f"{node.get('class') or ''} {node.get('id') or ''}".strip()


def _lines(node: HtmlElement, apart: set[HtmlElement]) -> Iterator[str]:
    """The lines of one comment: not the replies below it, nor who wrote it and when."""
    yield from _line(node.text)
    for child in node:
        skipped = child in apart or not isinstance(child.tag, str) or bool(_META.search(_label(child)))
        if not skipped and child.tag not in (
            "ul",
            "ol",
            "script",
            "style",
            "form",
            "time",
            "button",
            "footer",
            "header",
            "cite",
        ):
            if child.tag in _PARTS and any(part.tag in _PARTS for part in child):
                yield from _lines(child, apart)
            else:
                yield from _line("".join(child.itertext()))
        yield from _line(child.tail)


def _line(text: str | None) -> Iterator[str]:
    if text and (line := " ".join(text.split())):
        yield line
