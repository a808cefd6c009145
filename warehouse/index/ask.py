"""A reading of the search box, and filters, as queries of the word index."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import tantivy
from tantivy import Occur, Query

from warehouse import grammar
from warehouse.filters import Filters
from warehouse.grammar import Node, Phrase, Word
from warehouse.index.corrected import Correction, Corrections, rows_with
from warehouse.index.words import plain, schema, stems
from warehouse.models import Span

TITLE_BOOST = 0.3
# Words so common that a plain query does not ask for them (phrases keep them).
STOPWORDS = frozenset(
    """a about an and are as at be been but by can did do does for from had has have how if in into is it its more no
    not of on or our over she should so such than that the their them then there these they this those to under was we
    were what when where which who why will with would you your""".split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A query of the word index. ``stems`` and ``prefixes`` are what to mark in a quote."""

    query: Query
    stems: frozenset[str]
    prefixes: tuple[str, ...]


def ask(reading: grammar.Reading) -> Asked | None:
    """Return the query of a reading; None where nothing was asked for (all stopwords, or empty)."""
    if reading.root is None:
        return None
    wanted: set[str] = set()
    prefixes: list[str] = []
    query = _query(reading.root, wanted, prefixes)
    if query is None:
        return None
    titles = [(Occur.Should, Query.boost_query(_term("title", stem), TITLE_BOOST)) for stem in sorted(wanted)]
    if titles:
        query = Query.boolean_query([(Occur.Must, query), *titles])
    return Asked(query, frozenset(wanted), tuple(prefixes))


def _query(node: Node, wanted: set[str], prefixes: list[str]) -> Query | None:
    match node:
        case Word(text, name, True):
            (word,) = plain().analyze(text)[:1] or [text]
            prefixes.append(word)
            return Query.regex_query(schema(), "plain" if name == "text" else name, f"{re.escape(word)}.*")
        case Word(text, name):
            return _words(stems().analyze(text), name, 0, wanted)
        case Phrase(text, name, slop):
            return _words(stems().analyze(text), name, slop, wanted)
        case grammar.Not(inside):
            excluded = _query(inside, set(), [])
            return _but_not(Query.all_query(), [excluded] if excluded else [])
        case grammar.All(nodes):
            return _join(Occur.Must, nodes, wanted, prefixes)
        case grammar.Any(nodes):
            return _join(Occur.Should, _without_stopwords(nodes), wanted, prefixes)


def _join(occur: Occur, nodes: Sequence[Node], wanted: set[str], prefixes: list[str]) -> Query | None:
    asked = [_query(node, wanted, prefixes) for node in nodes if not isinstance(node, grammar.Not)]
    excluded = [_query(node.node, set(), []) for node in nodes if isinstance(node, grammar.Not)]
    clauses = [(occur, query) for query in asked if query is not None]
    if not clauses and not excluded:
        return None
    base = Query.boolean_query(clauses) if clauses else Query.all_query()
    return _but_not(base, [query for query in excluded if query is not None])


def _but_not(base: Query, excluded: Sequence[Query]) -> Query:
    if not excluded:
        return base
    return Query.boolean_query([(Occur.Must, base), *((Occur.MustNot, query) for query in excluded)])


def _without_stopwords(nodes: Sequence[Node]) -> Sequence[Node]:
    kept = [node for node in nodes if not (type(node) is Word and node.text.lower() in STOPWORDS)]
    return kept if any(not isinstance(node, grammar.Not) for node in kept) else nodes


def _words(tokens: Sequence[str], name: str, slop: int, wanted: set[str]) -> Query | None:
    if name == "text":
        wanted.update(tokens)
    if not tokens:
        return None
    if len(tokens) == 1:
        return _term(name, tokens[0])
    if not slop:
        return Query.phrase_query(schema(), name, list(tokens))
    ways = [tokens, tokens[::-1]] if len(tokens) == 2 else [tokens]
    return Query.boolean_query([(Occur.Should, Query.phrase_query(schema(), name, list(way), slop)) for way in ways])


def _term(name: str, token: str) -> Query:
    return Query.term_query(schema(), name, token, "position" if name in ("text", "title") else "freq")


def one_of(name: str, values: Iterable[str | int]) -> Query:
    """Return the query for entries with one of ``values`` in a raw or number field."""
    wanted = list(values)
    if len(wanted) == 1:  # read along with the other clauses; a set is gathered whole before
        return Query.term_query(schema(), name, wanted[0], "basic")
    return Query.term_set_query(schema(), name, wanted)


FILTERS = {
    "kinds": "kind", "themes": "theme", "outcomes": "outcome", "directions": "direction", "programmes": "programme",
    "care_models": "care_model", "places": "place", "publishers": "publisher", "source_types": "source_type",
    "bases": "basis", "speakers": "speaker", "changes": "change", "documents": "document",
}  # fmt: skip


def filter_queries(
    filters: Filters, reviewed_rows: Sequence[int] = (), corrections: Corrections | None = None,
    rejected_rows: Sequence[int] = (),
) -> dict[str, Query]:  # fmt: skip
    """Return a query for each filter that is set, by the name of its facet; people's corrections count."""
    found = {
        facet: _or_corrected(one_of(facet, values), values, (corrections or {}).get(facet, {}))
        for name, facet in FILTERS.items()
        if (values := getattr(filters, name))
    }
    if filters.since_year is not None or filters.until_year is not None:
        found["year"] = Query.range_query(
            schema(), "year", tantivy.FieldType.Integer, filters.since_year, filters.until_year
        )
    for name, wanted, rows in (
        ("reviewed", filters.reviewed, reviewed_rows), ("rejected", filters.rejected, rejected_rows),
    ):  # fmt: skip
        if wanted is not None:
            decided = one_of("row", rows) if rows else Query.empty_query()
            found[name] = decided if wanted else _but_not(Query.all_query(), [decided])
    return found


def _or_corrected(by_machine: Query, values: Iterable[str], corrected: Mapping[int, Correction]) -> Query:
    """Return the query for what has one of ``values``, where people's word stands over the machine's."""
    if not corrected:
        return by_machine
    others = _but_not(by_machine, [one_of("row", corrected)])
    fitting = rows_with(corrected, values)
    return Query.boolean_query([(Occur.Should, others), (Occur.Should, one_of("row", fitting))]) if fitting else others


def filter_keys(
    filters: Filters, reviewed_rows: Sequence[int] = (), corrections: Corrections | None = None,
    rejected_rows: Sequence[int] = (),
) -> dict[str, str]:  # fmt: skip
    """Return, by facet, what tells one filter's values from another's: rows found once are found for all who ask."""
    values = {facet: getattr(filters, name) for name, facet in FILTERS.items()}
    for facet, corrected in (corrections or {}).items():
        values[facet] = (values[facet], sorted(corrected), rows_with(corrected, values[facet]))
    values |= {"year": (filters.since_year, filters.until_year), "reviewed": (filters.reviewed, tuple(reviewed_rows)),
               "rejected": (filters.rejected, tuple(rejected_rows))}  # fmt: skip
    return {facet: repr(value) for facet, value in values.items()}


def matched_spans(text: str, asked: Asked) -> tuple[Span, ...]:
    """Return the spans of ``text`` (code points) whose words the query asked for."""
    spans = []
    stemmed = stems().pre_tokenize(text).tokens
    for token, bare in zip(stemmed, plain().pre_tokenize(text).tokens, strict=True):
        if token.text in asked.stems or any(bare.text.startswith(prefix) for prefix in asked.prefixes):
            spans.append((token.char_offset_from, token.char_offset_to))
    return tuple(spans)
