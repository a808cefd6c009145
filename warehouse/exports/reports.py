"""Reports for a review's methods section, from what was really run: PRISMA-S and a paragraph."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from warehouse.exports.text import one_line
from warehouse.people import Overlay, is_rejected

if TYPE_CHECKING:
    from warehouse.queries.views import RunRow, SourceRow, Stats

BLANK = "*reviewer to complete*"
DATABASES = {
    "openalex": "OpenAlex (openalex.org API)", "europepmc": "Europe PMC (REST API)", "crossref": "Crossref (REST API)",
    "oai-pmh": "OAI-PMH repository",
}  # fmt: skip
ONLINE = {
    "feed": "its feed", "sitemap": "its sitemap", "page-list": "a list of its pages", "wordpress": "its WordPress API",
    "govuk": "the GOV.UK Search and Content APIs", "guardian": "the Guardian Open Platform API",
    "parliament": "the UK Parliament APIs", "local": "files supplied by the reviewer",
}  # fmt: skip
COLLECTS = ("nightly", "crawl", "add", "import")
Facts = tuple[Sequence["RunRow"], Sequence["SourceRow"], "Stats"]


def prisma_s_table(runs: Sequence[RunRow], sources: Sequence[SourceRow], stats: Stats) -> str:
    """Return the PRISMA-S checklist (16 items, Rethlefsen 2021) as Markdown, filled from the run log.

    What only a person can know is marked "reviewer to complete". ``runs`` newest first, as ``Base.runs`` gives them.
    """
    run = _collecting(runs)
    used = [source for source in sources if source.last_run or source.documents]
    lines = [
        "# Search report (PRISMA-S)", "",
        f"Filled by Claimwatch from its run log; base as of {stats.published_at:%Y-%m-%d}, snapshot {stats.snapshot}.",
        *(["", "**Demonstration material: not evidence.**"] if stats.demo else []),
        "", "| # | Item | What was done |", "| --- | --- | --- |",
    ]  # fmt: skip
    for number, (item, fill) in enumerate(ITEMS, 1):
        lines.append(f"| {number} | {item} | {fill((run, used, stats))} |")
    return "\n".join([*lines, "", *_strategies(run, used), ""])


def _collecting(runs: Sequence[RunRow]) -> list[RunRow]:
    return [run for run in runs if run.command in COLLECTS] or list(runs)


def _cell(text: str) -> str:
    return one_line(text).replace("|", "\\|")


def _databases(facts: Facts) -> str:
    named = [source for source in facts[1] if source.type in DATABASES]
    parts = [f"{_cell(source.title)}: {DATABASES[source.type]}" for source in named]
    return "; ".join(parts) or "none: no bibliographic database was searched"


def _platforms(facts: Facts) -> str:
    platforms = {DATABASES[source.type] for source in facts[1] if source.type in DATABASES}
    return "each database was searched by itself, on its own platform" if platforms else "none"


def _online(facts: Facts) -> str:
    named = [source for source in facts[1] if source.type not in DATABASES]
    parts = [f"{_cell(source.title)}, through {ONLINE.get(source.type, source.type)}" for source in named]
    return "; ".join(parts) or "none"


def _chasing(facts: Facts) -> str:
    chased = [s for s in facts[1] if s.config.get("filters") and "cites" in str(s.config.get("filters"))]
    return "; ".join(_cell(s.title) for s in chased) or "none by Claimwatch; " + BLANK


def _limits(facts: Facts) -> str:
    parts = []
    for source in facts[1]:
        limits = {n: source.config[n] for n in ("since", "sections", "include", "exclude") if source.config.get(n)}
        if limits:
            parts.append(f"{_cell(source.title)}: {_cell(_pairs(limits))}")
    off_field = " Documents off the field were left out by a relevance score, each kept and listed for a person."
    return ("; ".join(parts) or "none set") + "." + off_field + f" Justification: {BLANK}"


def _pairs(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in values.items())


def _updates(facts: Facts) -> str:
    runs = [run for run in facts[0] if run.command == "nightly"]
    if not runs:
        return "no nightly run is recorded; " + BLANK
    return (
        f"{len(runs)} nightly runs, {runs[-1].started:%Y-%m-%d} to {runs[0].started:%Y-%m-%d}, each asking every source"
    )


def _dates(facts: Facts) -> str:
    parts = [f"{_cell(s.title)}: {s.last_good:%Y-%m-%d}" for s in facts[1] if s.last_good]
    return "; ".join(parts) or BLANK


def _records(facts: Facts) -> str:
    parts = [f"{_cell(s.title)}: {s.documents:,}" for s in facts[1]]
    return f"{facts[2].documents:,} documents in all. " + "; ".join(parts)


def _duplicates(facts: Facts) -> str:
    version = facts[0][0].versions.get("claimwatch", "") if facts[0] else ""
    return (
        f"Claimwatch {version}: addresses normalised; copies and near copies by shared word sequences; records of one "
        "work by DOI, then title, authors, year and journal; unsure pairs left for a person. Linked, not deleted."
    )


def _blank(facts: Facts) -> str:
    return BLANK


def _exactly(facts: Facts) -> str:
    return "see *Strategies as run*, below"


ITEMS: tuple[tuple[str, Callable[[Facts], str]], ...] = (
    ("Database name", _databases), ("Multi-database searching", _platforms), ("Study registries", _blank),
    ("Online resources and browsing", _online), ("Citation searching", _chasing), ("Contacts", _blank),
    ("Other methods", _blank), ("Full search strategies", _exactly), ("Limits and restrictions", _limits),
    ("Search filters", _blank), ("Prior work", _blank), ("Updates", _updates), ("Dates of searches", _dates),
    ("Peer review", _blank), ("Total records", _records), ("Deduplication", _duplicates),
)  # fmt: skip


def _strategies(runs: Sequence[RunRow], sources: Sequence[SourceRow]) -> list[str]:
    """Return the requests exactly as they were sent, per source, from the last run that asked it."""
    lines = ["## Strategies as run", "", "| Source | Date | Request | Listed | Reported by the source |",
             "| --- | --- | --- | --- | --- |"]  # fmt: skip
    for source in sources:
        last = source.last_run
        if last is None:
            continue
        when = f"{last['started']:%Y-%m-%d %H:%M} UTC" if last.get("started") else "unknown"
        reported = last.get("reported")
        lines.append(
            f"| {_cell(source.title)} | {when} | `{_cell(str(last.get('request') or '')).replace('`', '')}` "
            f"| {last.get('listed', 0):,} | {f'{reported:,}' if reported is not None else 'not stated'} |"
        )
    return lines


def methods_paragraph(
    runs: Sequence[RunRow], sources: Sequence[SourceRow], stats: Stats, overlay: Mapping[str, Overlay] | None = None
) -> str:
    """Return the paragraph for a methods section, with the real numbers; what only a person knows is marked.

    ``overlay``: what people decided, by claim or document.
    """
    collecting = _collecting(runs)
    used = [source for source in sources if source.documents]
    names = ", ".join(one_line(source.title) for source in used[:8]) + (" and others" if len(used) > 8 else "")
    first, last = (collecting[-1].started, collecting[0].started) if collecting else (None, None)
    span = f"between {first:%-d %B %Y} and {last:%-d %B %Y}" if first and last else "on dates not recorded"
    kinds = ", ".join(f"{count:,} {kind}s" for kind, count in stats.claims_by_kind.items())
    barriers = ", ".join(
        f"{code.replace('_', ' ')} ({count:,})" for code, count in [*stats.barriers_by_theme.items()][:3]
    )
    versions = collecting[0].versions if collecting else {}
    software = ", ".join(f"{name} {version}" for name, version in versions.items() if name != "claimwatch")
    demo = "(Demonstration material: not evidence.) " if stats.demo else ""
    return (
        f"{demo}We collected documents with Claimwatch {versions.get('claimwatch', '')} from {len(used)} sources "
        f"({names}) in {len(collecting)} runs {span}. The base then held {stats.documents:,} documents in "
        f"{stats.versions:,} versions (snapshot {stats.snapshot}). Every sentence and list item was read by machine "
        f"({software or 'versions not recorded'}), which found {stats.claims:,} claims: {kinds or 'none'}. The "
        f"barriers named most, by the passages that name them, were {barriers or 'none'}. Copies and records of one "
        f"work were linked and counted once. {_reviewed(overlay or {})}"
    )  # fmt: skip


def _reviewed(overlay: Mapping[str, Overlay]) -> str:
    """Say how much of it people looked at; how they agreed beyond that is theirs to say."""
    every = [
        d for said in overlay.values() for group in (said.values.values(), *said.conflicts.values()) for d in group
    ]
    people = {decision.by for decision in every}
    differ = sum(bool(said.conflicts) for said in overlay.values())
    rejected = sum(is_rejected(said) for said in overlay.values())
    if not people:
        return f"No machine-made tag has been reviewed by a person; {BLANK}."
    who, what = (
        _counted(len(people), "person", "people"),
        _counted(len(overlay), "claim or record", "claims or records"),
    )
    return (
        f"{who} decided on {what}, rejected {rejected:,} and differed on {differ:,}; how these were chosen, and with "
        f"what agreement: {BLANK}."
    )


def _counted(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
