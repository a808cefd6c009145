"""Train the tagger, and measure search on a data set of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from commands.context import CONTEXT, emit, meter, say
from warehouse.errors import UsageError

eval_app = typer.Typer(help="Measure on data of one's own.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command(epilog="Example: claimwatch train --with-reviews")(train)
    app.add_typer(eval_app, name="eval")


def train(
    with_reviews: Annotated[bool, typer.Option("--with-reviews", help="Learn from people's corrections too.")] = False,
    output: Annotated[Path | None, typer.Option(help="Where to put the weights (default: the tagger's own).")] = None,
) -> None:
    """Rebuild the tagger's weights from nlp/training, and its model card with the scores by theme."""
    from nlp.train import train as rebuild

    corrections = None
    if with_reviews:
        from warehouse.people import People

        corrections = People(CONTEXT.home.people).decisions()
    with meter("train") as progress:
        report = rebuild(output, corrections, lambda note: progress.advance(1, note))
    say(report)


@eval_app.command("retrieval", epilog="Example: claimwatch eval retrieval --beir scifact --split test --json")
def retrieval(
    beir: Annotated[Path, typer.Option(help="A folder in BEIR's layout: corpus.jsonl, queries.jsonl, qrels/.")],
    split: Annotated[str, typer.Option(help="test, dev or train.")] = "test",
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Run a retrieval data set through the index and ranking that search uses: words, meaning and both."""
    if not (beir / "corpus.jsonl").is_file():
        raise UsageError(f"{beir}: holds no corpus.jsonl; give a folder in BEIR's layout")
    if not (beir / "qrels" / f"{split}.tsv").is_file():
        there = ", ".join(sorted(path.stem for path in (beir / "qrels").glob("*.tsv"))) or "none"
        raise UsageError(f"--split {split}: no qrels/{split}.tsv in {beir}; there are: {there}")
    from nlp.embed import Encoder
    from warehouse.evaluate import evaluate

    found = evaluate(beir, split, Encoder().encode)
    if as_json:
        emit(found)
        return
    for way, scores in found.items():
        say(f"{way:<8} " + "  ".join(f"{name} {value:.3f}" for name, value in scores.items()))
