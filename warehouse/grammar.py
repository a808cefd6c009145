"""The language of the search box, and its translation into a query over the word index.

    words            any of them; the more and the rarer, the higher (English stems: budget finds budgets)
    "pooled budget"  the phrase            "care home"~5   the words within five of each other, in any order
    AND OR NOT -     in capitals; AND binds tighter than OR; -word and NOT word exclude; ( ) group
    integrat*        a prefix of two letters or more
    title:x publisher:"x y"   words of the document's title or publisher

What cannot be parsed is searched as plain words, and the reading says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from warehouse.errors import UsageError

MAX_CHARS = 10_000
MAX_WORDS = 400
MAX_DEPTH = 30
MAX_SLOP = 50
FIELDS = {"title": "title", "publisher": "publisher_words"}
HELP = __doc__.split("\n", 1)[1] if __doc__ else ""

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<open>\() | (?P<close>\))
    | (?P<minus>-)(?=[\w"(])
    | (?P<field>[A-Za-z_]+):(?=[\w"(])
    | "(?P<phrase>[^"]*)"(?:~(?P<slop>\d{1,3}))?
    | (?P<word>[^\s()"]+)
    | (?P<quote>")
    )""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word, or a prefix where ``prefix``."""

    text: str
    field: str = "text"
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in a row, or within ``slop`` of each other."""

    text: str
    field: str = "text"
    slop: int = 0


@dataclass(frozen=True, slots=True)
class Not:
    """Excludes."""

    node: Node


@dataclass(frozen=True, slots=True)
class All:
    """All must match."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """One at least must match."""

    nodes: tuple[Node, ...]


Node = Word | Phrase | Not | All | Any


@dataclass(frozen=True, slots=True)
class Reading:
    """A query as understood. ``root`` is None where nothing was asked; ``note`` says what could not be parsed."""

    query: str
    root: Node | None
    note: str | None = None
    plain: bool = True

    @property
    def meaning(self) -> str:
        """Return the words to take the meaning of: the query itself, or its positive words where it has operators."""
        return self.query.strip() if self.plain or self.root is None else " ".join(_positive(self.root))


class _Unreadable(Exception):
    """Why a query cannot be parsed."""


@dataclass(slots=True)
class _Tokens:
    items: list[re.Match[str]]
    at: int = 0
    depth: int = 0
    operators: bool = field(default=False)

    def peek(self) -> re.Match[str] | None:
        return self.items[self.at] if self.at < len(self.items) else None

    def word(self) -> str | None:
        token = self.peek()
        return token["word"] if token is not None and token.lastgroup == "word" else None

    def next(self) -> re.Match[str]:
        self.at += 1
        return self.items[self.at - 1]


def read(query: str) -> Reading:
    """Return the reading of ``query``. Raises UsageError where it is longer than any question (10,000 characters)."""
    if len(query) > MAX_CHARS:
        raise UsageError(f"the query has {len(query):,} characters; a search takes up to {MAX_CHARS:,}: ask with fewer")
    text = "".join(c if c.isprintable() else " " for c in query)
    tokens = _Tokens(list(_TOKEN.finditer(text)))
    if not tokens.items:
        return Reading(query, None)
    try:
        root = _any(tokens)
        if tokens.peek() is not None:
            raise _Unreadable("a ) without its (")
        return Reading(query, root, plain=not tokens.operators)
    except _Unreadable as why:
        return Reading(query, as_words(text).root, f"searched as plain words: {why}")


def as_words(text: str) -> Reading:
    """Return the reading of ``text`` as plain words, whatever signs it holds."""
    words = [Word(word) for word in re.findall(r"\w+", text)[:MAX_WORDS]]
    return Reading(text, Any(tuple(dict.fromkeys(words))) if words else None)


def _any(tokens: _Tokens) -> Node:
    """One or more parts, side by side or joined by OR."""
    parts = [_all(tokens)]
    while (token := tokens.peek()) is not None and token.lastgroup != "close":
        if tokens.word() == "OR":
            tokens.operators = True
            tokens.next()
        elif tokens.word() == "AND":
            raise _Unreadable("AND with nothing before it")
        parts.append(_all(tokens))
        if len(parts) > MAX_WORDS:
            raise _Unreadable(f"more than {MAX_WORDS} words")
    return parts[0] if len(parts) == 1 else Any(tuple(dict.fromkeys(parts)))


def _all(tokens: _Tokens) -> Node:
    parts = [_one(tokens)]
    while tokens.word() == "AND":
        tokens.operators = True
        tokens.next()
        parts.append(_one(tokens))
    return parts[0] if len(parts) == 1 else All(tuple(parts))


def _one(tokens: _Tokens, name: str = "text") -> Node:
    token = tokens.peek()
    if token is None or token.lastgroup == "close" or tokens.word() in ("AND", "OR"):
        raise _Unreadable("an operator with nothing after it" if tokens.at else "it begins with an operator")
    tokens.next()
    kind = token.lastgroup
    if (kind == "word" and token["word"] == "NOT") or kind == "minus":
        tokens.operators = True
        return Not(_one(tokens))
    if kind == "quote":
        raise _Unreadable('a " without its pair')
    if kind == "field":
        tokens.operators = True
        if token["field"].lower() not in FIELDS:
            raise _Unreadable(f"no field named {token['field']!r} (there are {', '.join(FIELDS)})")
        return _one(tokens, FIELDS[token["field"].lower()])
    if kind == "open":
        return _group(tokens, name)
    tokens.operators = tokens.operators or kind != "word"
    return _leaf(token, name, tokens)


def _group(tokens: _Tokens, name: str) -> Node:
    tokens.depth += 1
    tokens.operators = True
    if tokens.depth > MAX_DEPTH:
        raise _Unreadable(f"more than {MAX_DEPTH} ( inside one another")
    inside = _any(tokens)
    if (token := tokens.peek()) is None or token.lastgroup != "close":
        raise _Unreadable("a ( without its )")
    tokens.next()
    tokens.depth -= 1
    return _in_field(inside, name) if name != "text" else inside


def _leaf(token: re.Match[str], name: str, tokens: _Tokens) -> Node:
    if token["phrase"] is not None:
        return Phrase(token["phrase"], name, min(int(token["slop"] or 0), MAX_SLOP))
    word = token["word"]
    stem = word.rstrip("*")
    if stem != word and len(stem) >= 2 and stem.isalnum():
        tokens.operators = True
        return Word(stem, name, prefix=True)
    return Word(word, name)


def _in_field(node: Node, name: str) -> Node:
    match node:
        case Word(text, "text", prefix):
            return Word(text, name, prefix)
        case Phrase(text, "text", slop):
            return Phrase(text, name, slop)
        case Not(inside):
            return Not(_in_field(inside, name))
        case All(nodes):
            return All(tuple(_in_field(one, name) for one in nodes))
        case Any(nodes):
            return Any(tuple(_in_field(one, name) for one in nodes))
        case _:
            return node


def _positive(node: Node) -> list[str]:
    match node:
        case Word(text) | Phrase(text):
            return [text] if node.field == "text" else []
        case All(nodes) | Any(nodes):
            return [word for one in nodes for word in _positive(one)]
        case _:
            return []
