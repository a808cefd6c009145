"""Filters that read files or standard input and need no base: extract, annotate, diff, dedupe."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from commands.context import emit, emit_lines, printable, read_input, say
from warehouse.errors import UsageError
from warehouse.models import Document

FILE = typer.Argument(help="A file, or - for standard input.", metavar="FILE|-")
JSON = typer.Option("--json", help="JSON, for programs (shapes in docs/contracts.md).")
EXTRACTED = (
    "title", "authors", "published", "updated", "publisher", "language", "canonical_url", "licence", "text", "pages",
)  # fmt: skip
TEXT_SUFFIXES = {".txt", ".md", ".markdown", ""}


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command(epilog="Example: claimwatch extract report.pdf --json")(extract)
    app.command(epilog="Example: claimwatch annotate plan.md --json | head")(annotate)
    app.command(epilog="Example: claimwatch diff old.txt new.txt --json")(diff)
    app.command(epilog="Example: claimwatch dedupe records.ris --json")(dedupe)


def read_document(file: str, url: str | None = None, *, comments: bool = False) -> Document:
    """Return the Document in a file; parsed in a child process under limits."""
    from crawlers.sandbox import MEMORY_BYTES, TIMEOUT_S, Child, Job

    body = read_input(file)
    address = url or ("stdin:" if file == "-" else Path(file).name)
    child = Child(MEMORY_BYTES, TIMEOUT_S)
    try:
        (document,) = child.read(Job(address, body, comments=comments))
    finally:
        child.close()
    return document


def extract(
    file: Annotated[str, FILE],
    url: Annotated[str | None, typer.Option(help="The address it came from.")] = None,
    comments: Annotated[bool, typer.Option(help="Readers' comments too, apart.")] = False,
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Read the text, title, date and authors out of an HTML, PDF, JATS, Word, Markdown or text file."""
    document = read_document(file, url, comments=comments)
    if as_json:
        emit(extract_json(document))
        return
    for name in ("title", "authors", "published", "publisher", "language", "licence", "canonical_url", "suspect"):
        value = getattr(document, name)
        if value:
            say(f"{name}: {', '.join(value) if isinstance(value, tuple) else value}")
    say(f"\n{document.text}")


def extract_json(document: Document) -> dict[str, Any]:
    """Return the contract's shape of ``extract``."""
    kept = {name: getattr(document, name) for name in EXTRACTED}
    return {**kept, "comments": [{"text": text} for text in document.comments], "suspect": document.suspect}


def annotate(
    file: Annotated[str, FILE],
    sentences: Annotated[bool, typer.Option("--sentences", help="One a line; a blank line, a new document.")] = False,
    explain: Annotated[bool, typer.Option(help="Say for each sentence why: cues, nearest examples, scores.")] = False,
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Find the claims, barriers, figures and speakers in a document."""
    from nlp.annotate import Annotator, to_json

    annotator = Annotator.load()
    if sentences:
        lines = read_input(file).decode("utf-8", "replace").splitlines()
        found = annotator.annotate_sentences(lines)
    else:
        document = read_document(file)
        found = annotator.annotate([document.text], comments=[document.comments])[0].annotations
    if explain:
        from nlp.explain import explain as why

        emit_lines(why(annotator, item.text) for item in found)
    elif as_json:
        emit_lines(to_json(item) for item in found)
    else:
        for item in found:
            if item.claim or item.themes or item.skipped:
                kind = item.skipped or (item.claim.kind if item.claim else "")
                themes = ", ".join(f"{tag.code}:{tag.polarity}" for tag in item.themes)
                say(f"{kind:<15} {themes}\n    {item.text.strip()}")


def read_text(file: str) -> tuple[str, str | None]:
    """Return text and title to compare: text and Markdown as they stand, without a title; else as extracted."""
    if Path(file).suffix.lower() in TEXT_SUFFIXES and file != "-":
        return read_input(file).decode("utf-8", "replace"), None
    document = read_document(file)
    return document.text, document.title


def diff(old: Annotated[str, FILE], new: Annotated[str, FILE], as_json: Annotated[bool, JSON] = False) -> None:
    """Say what happened to each sentence between two files: softened, figure changed, removed, …"""
    from nlp.changes import change_json, diff_texts
    from nlp.changes_title import title_change

    if old == new == "-":
        raise UsageError("only one of OLD and NEW can be standard input")
    (old_text, old_title), (new_text, new_title) = read_text(old), read_text(new)
    changes = diff_texts(old_text, new_text, which_claim)
    title = title_change(old_title, new_title, changes)
    changes = [title, *changes] if title else changes
    if as_json:
        emit({"changes": [change_json(change) for change in changes]})
        return
    for change in changes:
        say(describe_change(asdict(change)))
    if not changes:
        say("nothing changed")


def which_claim(sentences: list[str]) -> list[bool]:
    """Tell which of some sentences are claims; asked only for those that changed."""
    from nlp.annotate import Annotator

    lines = [" ".join(sentence.split()) for sentence in sentences]
    return [found.claim is not None for found in Annotator.load().annotate_sentences(lines)]


def describe_change(change: dict[str, Any]) -> str:
    """Return a change as lines for a person, readable without colour."""
    also = f" (also {', '.join(change['also'])})".replace("_", " ") if change.get("also") else ""
    of = "title " if change.get("detail", {}).get("part") == "title" else ""
    lines = [f"{of}{change['kind'].replace('_', ' ')}{also}"]
    lines += [f"  - {change['old']}"] if change.get("old") else []
    lines += [f"  + {change['new']}"] if change.get("new") else []
    return printable("\n".join(lines))


def dedupe(
    file: Annotated[Path, typer.Argument(help="CSV, TSV, RIS, BibTeX, PubMed, EndNote.")],
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Find the records of one study among many (DOI, then title, authors, year, journal)."""
    from nlp.dedupe import dedupe as find_duplicates
    from nlp.dedupe import read_records

    if not file.is_file():
        raise UsageError(f"{file}: no such file; give a file of references, such as CSV or RIS")
    records = read_records(file)
    found = find_duplicates(records)
    if as_json:
        emit(found)
        return
    named = {one.id: f"{one.id}  {one.title or 'no title'} ({one.year or 'no year'})" for one in records}
    for cluster in found["clusters"]:
        say("one work:\n" + "\n".join(f"  {named[one]}" for one in cluster))
    for a, b, score in found["unsure"]:
        say(f"unsure, {score:.2f}:\n  {named[a]}\n  {named[b]}")
    repeated = sum(len(cluster) - 1 for cluster in found["clusters"])
    say(f"{len(records)} records, {repeated} of them repeated; {len(found['unsure'])} unsure pairs for a person")
