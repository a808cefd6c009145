"""Links over the whole base: copies, one work under several records, the same claim elsewhere, promises, disagreements.

They are worked out anew in each run from the latest versions, so that nothing depends on the order of runs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

from warehouse.ids import make_id
from warehouse.latest import LatestClaim, LatestDocument, latest_claims, latest_documents, latest_figures
from warehouse.store import Store
from warehouse.store_links import EchoRow


def link_all(store: Store, settled: Mapping[frozenset[str], bool]) -> dict[str, int]:
    """Replace every link in the store; return how many of each kind there are.

    ``settled``: pairs of documents that a person said are one work, or are not.
    """
    documents = latest_documents(store.con)
    copies = link_copies(store, documents)
    works = {**link_works(store, documents, settled), **copies}
    claims, vectors = latest_claims(store.con)
    return {
        "copies": len(copies),
        "claims said elsewhere": link_claims(store, claims, vectors, works),
        "promises with an outcome": link_promises(store),
        "disagreements": link_disagreements(store, claims, works),
    }


def link_copies(store: Store, documents: Sequence[LatestDocument]) -> dict[str, str]:
    """Link copies and near copies; return the original of each document that has one."""
    from nlp.echoes import Text, find_copies

    texts = [
        Text(
            d.id, d.text, d.title or "", d.url, d.canonical_url, d.published.isoformat() if d.published else None,
            d.first_seen.isoformat(), d.authors,
        )
        for d in documents
    ]  # fmt: skip
    found = find_copies(texts)
    for kind in ("copy", "near_copy"):
        rows = [
            EchoRow(group.members[0].id, member.id, member.original, member.score, member.why)
            for group in found
            if group.kind == kind
            for member in group.members
        ]
        store.replace_echoes(kind, rows)
    return {member.id: group.members[0].id for group in found for member in group.members}


def link_works(
    store: Store, documents: Sequence[LatestDocument], settled: Mapping[frozenset[str], bool]
) -> dict[str, str]:
    """Link records of one study from several sources, people's word first; return the first record of each."""
    from nlp.dedupe import Record, dedupe

    records = [
        Record(
            d.id, d.title or "", "; ".join(d.authors), str(d.published.year) if d.published else "", d.publisher or "",
            doi=d.doi or "", abstract=d.text[:5000],
        )
        for d in documents
        if d.doi or d.kind in ("study", "record")
    ]  # fmt: skip
    found = dedupe(records)
    clusters = with_peoples_word(found["clusters"], settled, [d.id for d in documents])
    unsure = [(a, b, score) for a, b, score in found["unsure"] if frozenset((a, b)) not in settled]
    rows = [EchoRow(cluster[0], member, member == cluster[0]) for cluster in clusters for member in cluster]
    store.replace_echoes("same_work", rows, unsure)
    return {member: cluster[0] for cluster in clusters for member in cluster}


def with_peoples_word(
    clusters: Sequence[Sequence[str]], settled: Mapping[frozenset[str], bool], order: Sequence[str]
) -> list[list[str]]:
    """Return clusters joined where a person said "one work", and with a record taken out where they said "not one"."""
    place = {document: n for n, document in enumerate(order)}
    groups = [set(cluster) for cluster in clusters]
    for pair, same in settled.items():
        touched = [group for group in groups if group & pair]
        if same and pair <= place.keys():
            groups = [group for group in groups if not group & pair] + [set(pair).union(*touched)]
        for group in touched if not same else ():
            if pair <= group:
                group.remove(max(pair, key=place.__getitem__))
    return [sorted(group, key=place.__getitem__) for group in groups if len(group) > 1]


def link_claims(store: Store, claims: Sequence[LatestClaim], vectors: Any, works: Mapping[str, str]) -> int:
    """Link claims that say the same in more than one work; a copy is no second voice."""
    from nlp.echoes_claims import Said, same_claims

    kept = [n for n, claim in enumerate(claims) if works.get(claim.document, claim.document) == claim.document]
    said = [
        Said(claim.thread, claim.document, claim.quote, claim.kind, claim.said_at.isoformat(), claim.who)
        for claim in (claims[n] for n in kept)
    ]
    groups = same_claims(said, vectors[kept])
    rows = {
        member.id: EchoRow(group.members[0].id, member.id, n == 0, score)
        for group in groups
        for n, (member, score) in enumerate(zip(group.members, group.scores, strict=True))
    }
    store.replace_echoes("same_claim", list(rows.values()))
    return len(rows)


def link_promises(store: Store) -> int:
    """Pair planned figures with the actual ones on the same measure."""
    from nlp.promises import Stated, pair_promises, state

    stated: list[Stated] = []
    for found in latest_figures(store.con):
        passage = {"ref": found.passage, "position": found.start}
        stated += state(found.quote, found.figures, found.named, found.document, **passage)  # type: ignore[arg-type]
    rows = {}
    for pair in pair_promises(stated):
        planned, actual = _figure_id(pair.promise), _figure_id(pair.outcome)
        rows[planned, actual] = {
            "measure": pair.promise.figure.measure, "planned_figure": planned, "actual_figure": actual,
            "score": pair.score, "verdict": pair.verdict,
        }  # fmt: skip
    store.replace_promises(list(rows.values()))
    return len(rows)


def _figure_id(one: Any) -> str:
    return make_id("figure", one.ref, one.figure.start, one.figure.end)


def link_disagreements(store: Store, claims: Sequence[LatestClaim], works: Mapping[str, str]) -> int:
    """Link claims on one outcome of one intervention that point opposite ways."""
    from nlp.disagreements import Said, find_disagreements

    said = [
        Said(
            c.thread, works.get(c.document, c.document), c.quote, c.kind, c.direction, c.outcome, c.intervention,
            c.basis,
        )
        for c in claims
    ]  # fmt: skip
    rows = {}
    for found in find_disagreements(said, with_no_effect=True):
        sides = (found.improved, found.worsened, found.no_effect)
        for one, other in combinations([side for side in sides if side], 2):
            for a in one:
                for b in other:
                    if a.ref != b.ref:
                        subject = {"outcome": found.outcome, "intervention": found.intervention}
                        rows[a.ref, b.ref] = {"a": a.ref, "b": b.ref, **subject}
    store.replace_disagreements(list(rows.values()))
    return len(rows)
