"""The stages themselves: where crawlers, nlp and warehouse meet."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from commands.carrying import Walk, walked
from commands.context import meter
from commands.pipeline import Outcome
from warehouse.home import Home
from warehouse.ids import make_id
from warehouse.models import Change
from warehouse.people import Overlay, People
from warehouse.store import Store
from warehouse.store_links import Pair
from warehouse.store_tags import Untagged

if TYPE_CHECKING:
    from crawlers.load import LoadReport
    from crawlers.sources import SourceConfig

Stage = Callable[[Home, Store, datetime, int, Outcome], None]


def crawl_stage(
    home: Home, store: Store, now: datetime, run: int, outcome: Outcome, *,
    sources: Sequence[SourceConfig], contact: str | None = None,
) -> None:  # fmt: skip
    """Network -> raw bodies and ledger, loaded as they come; what each source gave goes into the run record."""
    from crawlers.crawl import Crawling
    from crawlers.enrich import with_held
    from crawlers.load import load

    every, asked = {**every_source(home), **by_name(sources)}, with_held(sources, store.dois())
    with (
        meter("crawl") as progress,
        Crawling(home, asked, now, run=run, contact=contact, progress=progress.advance) as crawling,
    ):
        loaded = load(home, store, every, now, crawl=crawling)
        report = crawling.report()
    count_loaded(loaded, outcome)
    store.put_run_sources(run, report.rows())
    store.put_sources([source_row(source) for source in every.values()])
    outcome.counts["fetched"] = sum(row.fetched for row in report.sources)
    outcome.counts["unchanged"] = sum(row.unchanged for row in report.sources)
    outcome.warnings += report.warnings
    outcome.below_expected = any(row.status == "failed" for row in report.sources)


def by_name(sources: Sequence[SourceConfig]) -> dict[str, SourceConfig]:
    """Return sources by their names."""
    return {source.name: source for source in sources}


def source_row(source: SourceConfig) -> dict[str, Any]:
    """Return a source as the store keeps it."""
    config = source.model_dump(mode="json", exclude={"file"})
    names = ("name", "title", "publisher", "type", "licence", "storage")
    return {**{name: config[name] for name in names}, "config": config, "digest": make_id(json.dumps(config))}


def load_stage(sources: Sequence[SourceConfig] | None = None) -> Stage:
    """Ledger and raw bodies -> documents and versions, with the settings of these sources and all others."""

    def stage(home: Home, store: Store, now: datetime, run: int, outcome: Outcome) -> None:
        from crawlers.load import load
        from crawlers.sources import load_sources

        every = {**load_sources(home), **by_name(sources or ())}
        with meter("load") as progress:
            report = load(home, store, every, now, progress.advance)
        count_loaded(report, outcome)

    return stage


def count_loaded(report: LoadReport, outcome: Outcome) -> None:
    """Count what a load brought among what the run did."""
    outcome.counts["documents new"] = report.documents
    outcome.counts["versions new"] = report.versions
    outcome.warnings += report.warnings


def tag_stage(home: Home, store: Store, now: datetime, run: int, outcome: Outcome) -> None:
    """Untagged versions -> passages, claims, tags, figures, vectors; then what changed between versions.

    Documents that are not about the field are held: kept, counted, listed for a person, and not tagged.
    """
    from crawlers.storage import apply_storage
    from nlp.annotate import Annotator

    annotator = Annotator.load()
    admitted = {subject for subject, said in people_say(home).items() if said.value("admit") == "yes"}
    for document in sorted(admitted):
        store.set_document_status(document, "live", reason="let in by a person")
    general = {name for name, source in every_source(home).items() if source.relevance}
    tagged = held = 0
    with meter("tag") as progress:
        for batch in store.untagged(annotator.tagger):
            kept = [item for item in batch if not hold(store, item, admitted, general)]
            held += len(batch) - len(kept)
            found = annotator.annotate(
                [item.text for item in kept], comments=[item.comments for item in kept], memo=store.memo
            )
            for item, annotated in zip(kept, found, strict=True):
                store.put_annotated(item.version, annotated.annotations, annotated.vectors, annotator.tagger)
                progress.advance(1, item.title or "")
            tagged += len(kept)
    apply_storage(home, store, every_source(home))
    outcome.counts["versions tagged"] = tagged
    if held:
        outcome.counts["held as off the field"] = held
    outcome.counts["changes"] = compare_versions(store, run)


def hold(store: Store, item: Untagged, admitted: set[str], general: set[str]) -> bool:
    """Tell whether a document is off the field, and record its relevance with the reason."""
    from nlp.relevance import LINE, relevance

    if item.source not in general or item.document in admitted:
        return False
    score, reason = relevance(item.text, item.title)
    held = bool(score < LINE)
    store.set_relevance(item.document, score, reason, held=held)
    return held


def people_say(home: Home) -> Mapping[str, Overlay]:
    """Return what people decided, by claim thread or document."""
    return People(home.people).overlay() if home.people.exists() else {}


def every_source(home: Home) -> Mapping[str, SourceConfig]:
    """Return all sources by name."""
    from crawlers.sources import load_sources

    return load_sources(home)


def compare_versions(store: Store, run: int) -> int:
    """Compare neighbouring versions that were not compared yet; return how many changes there are."""
    count, walk = 0, Walk("", 0)
    for pair in store.pairs_to_compare():
        if (walk.document, walk.n) != (pair.document, pair.old.n):
            walk = walked(store, pair)
        changes = changes_between(pair) if pair.comparable else []
        store.put_changes(pair, changes, run, threads=walk.carry(pair.new))
        count += len(changes)
    return count


def changes_between(pair: Pair) -> list[Change]:
    """Return what changed in the title and in the text of two showings."""
    from nlp.changes import diff_annotations
    from nlp.changes_title import title_change

    changes = diff_annotations(pair.old.annotations, pair.new.annotations)
    if "metadata" in (pair.old.kept, pair.new.kept):
        return changes
    title = title_change(pair.old.title, pair.new.title, changes)
    return [title, *changes] if title else changes


def link_stage(home: Home, store: Store, now: datetime, run: int, outcome: Outcome) -> None:
    """What holds between documents and claims: copies, the same claim elsewhere, promises, disagreements."""
    from commands.linking import link_all

    pairs = {name: said.value("same_work") for name, said in people_say(home).items() if name.startswith("pair:")}
    settled = {frozenset(name[5:].split("|")): value == "yes" for name, value in pairs.items() if value}
    outcome.counts.update(link_all(store, settled))


def publish_stage(home: Home, store: Store, now: datetime, run: int, outcome: Outcome) -> None:
    """The store -> a verified snapshot that readers open."""
    from warehouse.publish import publish

    # as the snapshot will show it
    store.end_run(run, outcome.ended(now), outcome.exit_code, outcome.counts, outcome.warnings)
    snapshot = publish(home, store, now, run)
    outcome.counts["claims published"] = snapshot.counts["claim"]
