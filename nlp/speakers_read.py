"""Read a parsed passage: which subject of a verb of saying speaks, and under what name or role."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from nlp.attribution import body_at, name_of_body
from nlp.speakers_words import load_words
from warehouse.models import Attribution

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

_WORDS = load_words()
_FINITE = frozenset(["VBD", "VBZ", "VBP", "MD"])
_PHRASE = frozenset(
    [
        *("amod", "advmod", "case", "cc", "compound", "conj", "det", "nmod", "npadvmod", "nummod", "pobj"),
        *("poss", "prep", "punct", "quantmod"),
    ]
)
_LINKS = frozenset(["across", "at", "for", "from", "in", "of", "on", "to", "with", "within"])
_ARTICLES = frozenset(["a", "an", "the", "one", "another", "its", "their", "our", "his", "her"])
_QUOTES = re.compile('[“”"‘]')
_MAX_ROLE = 110
_COUNTS = frozenset(["", "CARDINAL", "DATE", "ORDINAL", "PERCENT", "QUANTITY"])
_TITLES = frozenset(["baroness", "cllr", "councillor", "dame", "dr", "lady", "lord", "miss", "mr", "mrs", "ms", "prof"])


def said_by(doc: Doc, matches: Iterable[tuple[int, int]], mark_names: Callable[[Doc], Doc]) -> Attribution | None:
    """Return who speaks. ``matches`` are places of subject and verb; ``mark_names`` finds a document's entities."""
    for subject, verb in matches:
        if not _reports(doc[verb], doc[subject]):
            continue
        head = _counted(doc[subject])
        if _barred(doc[subject]) or _barred(head):
            continue
        if not doc.has_annotation("ENT_IOB"):
            mark_names(doc)
        if doc[verb].lemma_ in _WORDS.evidence and _lemma(head) not in _WORDS.studies:
            continue
        named = head.pos_ == "PROPN" and not _is_unnamed(head)
        found = _named(head) if named else _unnamed(doc[subject], head)
        if found:
            return found
    return None


def _reports(verb: Token, subject: Token) -> bool:
    """Say whether ``verb`` reports what the passage says: finite, not denied, not supposed, with a clause or quote."""
    if verb.lower_ == "according":
        return verb.head.lemma_ not in _WORDS.sorting
    if verb.pos_ != "VERB":
        return verb.head.lower_ in ("in", "from")
    asks = any(child.dep_ == "aux" and child.i < subject.i < verb.i for child in verb.children)
    if asks or not _stands(verb) or not _finite(verb) or any(_undoes(child) for child in verb.children):
        return False
    if subject.dep_ == "pobj":
        past = any(child.dep_ == "auxpass" and child.tag_ == "VBD" for child in verb.children)
        return _tells(verb) or (verb.lemma_ in _WORDS.object and past) or verb.lemma_ == "describe"
    return _tells(verb) or _as_clause(verb) or (verb.lemma_ in _WORDS.object and _object(verb))


def _undoes(child: Token) -> bool:
    """Say whether a word below a verb denies it, supposes it, or makes it a question or a heading ("what we heard")."""
    return child.dep_ == "neg" or child.tag_ in ("MD", "WP", "WDT", "WRB")


def _stands(verb: Token) -> bool:
    """Say whether ``verb`` is the sentence's own, or told by another verb of saying: not wished for, not an aside."""
    top = verb
    while top.dep_ == "conj" and top.head.pos_ in ("VERB", "AUX"):
        top = top.head
    if top.dep_ == "ccomp":
        above = top.head
        told = above.lemma_ in _WORDS.clause and not any(_undoes(child) for child in above.children)
        return told and above.dep_ == "ROOT"
    return top.dep_ in ("ROOT", "parataxis") or _as_clause(top)


def _as_clause(verb: Token) -> bool:
    marks = {child.lower_ for child in verb.children if child.i < verb.i}
    return verb.dep_ == "advcl" and "as" in marks and "if" not in marks


def _finite(verb: Token) -> bool:
    return verb.tag_ in _FINITE or any(
        child.tag_ in _FINITE and child.dep_ in ("aux", "auxpass") for child in verb.children
    )


def _tells(verb: Token) -> bool:
    """Say whether a finite clause or a quotation hangs on ``verb``, or, with "told us", anything at all."""
    for child in verb.children:
        marks = {token.lower_ for token in child.children if token.dep_ in ("mark", "advmod")}
        if child.dep_ in ("ccomp", "parataxis") and (_finite(child) or "that" in marks):
            return not marks & {"whether", "if"} and ("that" in marks or verb.lemma_ not in _WORDS.strict)
        if verb.lemma_ == "tell" and child.dep_ in ("dobj", "dative") and child.lower_ in ("us", "me"):
            return True
    if verb.dep_ == "parataxis":
        return verb.lemma_ not in _WORDS.strict and verb.lemma_ != "think"  # "think big" is no opinion
    return verb.lemma_ in ("say", "tell", "add", "explain") and bool(_QUOTES.search(verb.sent.text))


def _object(verb: Token) -> bool:
    for child in verb.children:
        if child.dep_ == "dobj":
            owned = any(token.dep_ == "poss" for token in child.children)
            return verb.lemma_ != "report" or (verb.tag_ in ("VBD", "VBN") and not owned)
        if child.dep_ == "xcomp" and child.tag_ == "VBG":
            return True
    return False


def _counted(head: Token) -> Token:
    """Return who is counted: the managers in "two thirds of the managers"."""
    for _ in range(3):
        inner = [
            word for of in head.children if of.dep_ == "prep" and of.lower_ == "of"
            for word in of.children if word.dep_ == "pobj"
        ]  # fmt: skip
        if not inner or head.lemma_.lower() not in _WORDS.parts:
            return head
        head = inner[0]
    return head


def _barred(head: Token) -> bool:
    """Say whether this is nobody ("no one", "few managers") or the author ("our review", "this study")."""
    around = {head.lower_, *(child.lower_ for child in head.children if child.dep_ in ("det", "amod", "neg", "predet"))}
    owned = {child.lower_ for child in head.children if child.dep_ == "poss"}
    denied = not around.isdisjoint(_WORDS.never | _WORDS.own)
    return denied or (_lemma(head) in _WORDS.studies and not owned.isdisjoint(_WORDS.own))


def _lemma(head: Token) -> str:
    word = head.lemma_.lower()
    return word[:-1] if word.endswith("s") and word[:-1] in _WORDS.people | _WORDS.bodies else word


def _is_unnamed(head: Token) -> bool:
    """Say whether a capital is only that of a heading, a first word, or "GPs": the head is a noun of the lists."""
    plural = head.lower_ != _lemma(head)
    return _lemma(head) in _WORDS.people | _WORDS.bodies and (plural or head.text.islower() or bool(head.is_sent_start))


def _unnamed(subject: Token, head: Token) -> Attribution | None:
    word = _lemma(head)
    phrase = _phrase(subject)
    if word in _WORDS.studies:
        return Attribution("study", phrase.text) if len(phrase.text) <= _MAX_ROLE else None
    if word in _WORDS.bodies and head.tag_ == "NN" and phrase[0].lower_ == "the":
        return Attribution("body", phrase.text)
    if word in _WORDS.people and (name := _name_after(phrase)):
        return Attribution("person", name, _role(phrase))
    if word in _WORDS.people | _WORDS.bodies or (head.lower_ in _WORDS.alone and head == subject):
        return Attribution("person", None, _role(phrase))
    body = body_at(head.doc.text, head.idx)
    return Attribution("body", body) if body else None


def _name_after(phrase: Span) -> str | None:
    """Return the name that follows a role: "The chief executive of Oakham, Joan Mills, has argued that"."""
    doc, at = phrase.doc, phrase.end + 1
    if at >= len(doc) or doc[at - 1].text != ",":
        return None
    return next((span.text for span in doc.ents if span.start == at and span.label_ == "PERSON"), None)


def _named(head: Token) -> Attribution | None:
    entity = next((span for span in head.doc.ents if span.start <= head.i < span.end), None)
    if entity is None:
        return None
    if any(child.dep_ == "poss" and child.i < entity.start for child in head.children):
        return None
    if entity.label_ == "PERSON" and _is_name(entity):
        title = head.doc[entity.start - 1] if entity.start else None
        titled = title is not None and title.lower_.rstrip(".") in _TITLES
        name = head.doc[entity.start - 1 : entity.end] if titled else entity
        return Attribution("person", name.text, _role_of(head, name))
    if entity.label_ in ("ORG", "GPE"):
        body = name_of_body(entity.text)
        return Attribution("body", body) if body else None
    return None


def _is_name(entity: Span) -> bool:
    words = [token for token in entity if token.is_alpha]
    return len(words) >= 2 and all(token.text[0].isupper() for token in words) and name_of_body(entity.text) is None


def _role_of(head: Token, name: Span) -> str | None:
    """Return the apposition after a name, what its bearer is said to be, or the nouns before it."""
    aside = [child for child in head.children if child.dep_ == "relcl" and child.lemma_ == "be"]
    for child in [*head.children, *(word for be in aside for word in be.children if word.dep_ == "attr")]:
        if child.dep_ in ("appos", "attr") and child.i >= name.end and _lemma(child) in _WORDS.people:
            role = _role(_phrase(child))
            return role.split(", ")[0] if role else None
    before = [child for child in head.lefts if child.dep_ in ("compound", "nmod", "amod") and child.i < name.start]
    if before and _lemma(before[-1]) in _WORDS.people and before[-1].i == name.start - 1:
        return _role(head.doc[min(before[0].left_edge.i, before[0].i) : name.start])
    return None


def _phrase(head: Token) -> Span:
    """Return the noun phrase of ``head`` without clauses and appositions that hang on it."""
    kept, todo = {head.i}, [head]
    while todo:
        for child in todo.pop().children:
            if child.dep_ in _PHRASE and _belongs(child):
                kept.add(child.i)
                todo.append(child)
    start = end = head.i
    while start - 1 in kept:
        start -= 1
    while end + 1 in kept:
        end += 1
    while head.doc[end].dep_ in ("punct", "cc", "prep", "det") and end > head.i:
        end -= 1
    while head.doc[start].dep_ in ("punct", "cc", "advmod") and not head.doc[start + 1].like_num and start < head.i:
        start += 1
    return head.doc[start : end + 1]


def _belongs(child: Token) -> bool:
    if child.dep_ == "prep":
        return child.lower_ in _LINKS
    return child.dep_ != "punct" or child.text in ("-", "’", ",")


def _role(phrase: Span) -> str | None:
    """Return a noun phrase as a role: no article, and no capital but those of names."""
    words = list(phrase)
    counts = any(word.like_num for word in words[1:])
    while len(words) > 1 and words[0].lower_ in _ARTICLES and not (counts and words[0].like_num):
        words.pop(0)
    first = words[0]
    text = phrase.doc[first.i : phrase.end].text
    if first.is_title and (first.ent_type_ in _COUNTS or _is_unnamed(first)):
        text = text[0].lower() + text[1:]
    return text if len(text) <= _MAX_ROLE else None
