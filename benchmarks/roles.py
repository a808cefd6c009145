"""Planned, actual or context: the judge of roles beside the rules alone, on sentences that taught it nothing."""

from __future__ import annotations

from pathlib import Path

from benchmarks.table import Cell, Table
from nlp.codebook import load_codebook
from nlp.embed import Encoder
from nlp.figures.learned import ROLES, logits
from nlp.figures.marked import read as read_marked
from nlp.figures.teach import gather, joined, teach
from nlp.model import Model, load_model

APART = Path(__file__).parent.parent / "tests" / "nlp" / "cases"


def run() -> list[Table]:
    """Score the sentences kept apart, and each writer's by what the others taught."""
    model = load_model(load_codebook())
    return [apart(model), _across_writers(model.encoder)]


def apart(model: Model) -> Table:
    """Score roles on sentences whose writer saw neither code nor other sentences, and which taught nothing."""
    sentences = read_marked(APART)["roles_sealed"]
    lines = [sentence.line() for sentence in sentences]
    told = [
        (wanted, figure.role, judged)
        for sentence, line, roles in zip(sentences, lines, model.judge_roles(lines), strict=True)
        for figure, judged in zip(line.figures, roles, strict=True)
        if (wanted := sentence.role(figure))
    ]
    rows: list[list[Cell]] = []
    for role in (*ROLES, "all"):
        some = [each for each in told if role in (each[0], "all")]
        by_rules, judged = (sum(each[0] == each[place] for each in some) for place in (1, 2))
        rows.append([role, len(some), judged / len(some), by_rules / len(some)])
    marked = sum(len(sentence.roles) for sentence in sentences)
    return Table(
        title="Roles of figures, on sentences kept apart",
        columns=["role", "figures", "right", "right by rules alone"],
        rows=rows,
        page="accuracy",
        notes=f"{len(sentences)} sentences with {marked} marked figures; those found are scored. Scored first: "
        "0.888 of 312, by rules alone 0.728; then more counts came to be found, from other sentences, and years before "
        "a comma to be read as years.",
    )


def _across_writers(encoder: Encoder) -> Table:
    """Score each writer's marked sentences by what the others' teach; the cases of the tests are left out."""
    files = {name: sentences for name, sentences in read_marked().items() if name != "cases"}
    lines = {name: [sentence.line() for sentence in sentences] for name, sentences in files.items()}
    taught = {name: gather(sentences, encoder) for name, sentences in files.items()}
    counts: list[tuple[str, int, int, int]] = []
    for name, own in taught.items():
        weights = teach(joined([other for key, other in taught.items() if key != name]))
        right = int((logits(own.states, own.words, weights).argmax(1) == own.roles).sum())
        pairs = [
            (sentence.role(figure), figure.role)
            for sentence, line in zip(files[name], lines[name], strict=True)
            for figure in line.figures
        ]
        by_rules = sum(wanted == role for wanted, role in pairs if wanted)
        counts.append((name, len(own.words), right, by_rules))
    every = ("all", *(sum(count) for count in list(zip(*counts, strict=True))[1:]))
    rows: list[list[Cell]] = [
        [name, count, right / count, by_rules / count] for name, count, right, by_rules in [*counts, every]
    ]
    return Table(
        title="Roles of figures, across writers",
        columns=["writer", "figures", "right", "right by rules alone"],
        rows=rows,
        page="accuracy",
        notes="Each writer's sentences, scored by what the other eight taught.",
    )
