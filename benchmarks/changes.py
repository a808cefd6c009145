"""How well differences are read (precision and recall a kind) and how long they take on a long document."""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.table import Table
from nlp.changes import align_passages, diff_texts
from nlp.passages import split
from warehouse.models import CHANGE_KINDS

PAIRS = Path(__file__).parents[1] / "tests" / "nlp" / "pairs"
LOCKED = "locked.jsonl"
LONG_BYTES = 2_000_000
EDITED = 0.05  # part of the sentences of the long document that is edited
SEED = 5


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts and what a difference must say of them: the kind of each change, and its others where given."""

    note: str
    old: str
    new: str
    expect: tuple[tuple[str, tuple[str, ...] | None], ...]

    @property
    def kinds(self) -> list[str]:
        """The kinds that are expected, one a change."""
        return [kind for kind, _ in self.expect]

    def found(self) -> list[str]:
        """The kinds that the difference of the two texts gives."""
        return [change.kind for change in diff_texts(self.old, self.new)]


@dataclass(slots=True)
class Counts:
    """Right, wrong and missed changes of one kind."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """Right of all reported (1 where none was)."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """Right of all expected (1 where none was)."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0


def load_pairs(folder: Path = PAIRS, files: str = "*.jsonl") -> list[Pair]:
    """Return the version pairs of ``folder``'s files: note, old, new, expect ``[{kind, also?}]``."""
    pairs = []
    for path in sorted(folder.glob(files)):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            expect = tuple((e["kind"], tuple(e["also"]) if "also" in e else None) for e in row["expect"])
            pairs.append(Pair(row["note"], row["old"], row["new"], expect))
    return pairs


def score(pairs: Sequence[Pair]) -> dict[str, Counts]:
    """Return right, wrong and missed changes for each kind over ``pairs``."""
    counts = {kind: Counts() for kind in CHANGE_KINDS}
    for pair in pairs:
        expected, found = Counter(pair.kinds), Counter(pair.found())
        for kind, count in counts.items():
            right = min(expected[kind], found[kind])
            count.right += right
            count.wrong += found[kind] - right
            count.missed += expected[kind] - right
    return counts


def long_document(size: int = LONG_BYTES) -> tuple[str, str]:
    """Return a made-up report of ``size`` bytes and an edited copy: figures, hedges, moves, cuts and additions."""
    dice = random.Random(SEED)
    who = [
        "The trust",
        "The council",
        "A ward team",
        "Each practice",
        "The county board",
        "The hospital",
        "One charity",
    ]
    did = ["reported", "expected", "recorded", "planned for", "lost", "shared", "reviewed", "paid for", "asked for"]
    what = ["admissions", "home visits", "bed days", "care plans", "assessments", "vacancies", "referrals", "reviews"]
    where = ["in the north", "at the coast", "in the second year", "after the merger", "before winter", "in care homes"]
    why = ["because budgets were separate", "as records were shared", "while staff were short", "once trust had grown"]
    sentences: list[str] = []
    length = 0
    while length < size:
        number, other = dice.randint(11, 99_999), dice.randint(2, 99)
        parts = (
            dice.choice(who),
            dice.choice(did),
            f"{number:,}",
            dice.choice(what),
            dice.choice(where),
            dice.choice(why),
        )
        sentences.append(
            f"{' '.join(parts)}, and {dice.choice(who).lower()} {dice.choice(did)} {other} {dice.choice(what)}."
        )
        length += len(sentences[-1]) + 1
    edited = [_edit(s, dice) if dice.random() < EDITED else s for s in sentences]
    for _ in range(20):
        at = dice.randrange(len(edited) - 10)
        block = edited[at : at + 5]
        del edited[at : at + 5]
        to = dice.randrange(len(edited))
        edited[to:to] = block
    return _paragraphs(sentences), _paragraphs([s for s in edited if s])


def _edit(sentence: str, dice: random.Random) -> str:
    pick = dice.randrange(4)
    if pick == 0:
        return ""
    if pick == 1:
        return sentence.replace(" and ", " and perhaps ", 1)
    if pick == 2:
        return f"{sentence} Nobody had counted {dice.randint(2, 999)} of them before."
    return sentence.replace(",", "", 1).replace("1", "7")


def _paragraphs(sentences: Sequence[str]) -> str:
    return "\n\n".join(" ".join(sentences[n : n + 6]) for n in range(0, len(sentences), 6))


def run() -> list[Table]:
    """Return the accuracy of differences a kind, and their time on a 2 MB document against its edited self."""
    ours = _scored("Changes between versions", load_pairs(files="[!l]*.jsonl") + load_pairs(files="longer.jsonl"))
    locked = _scored("Changes between versions, pairs by a writer who had not seen the code", load_pairs(files=LOCKED))
    return [ours, locked, _timing()]


def _scored(title: str, pairs: Sequence[Pair]) -> Table:
    rows = [(k, c.right, c.wrong, c.missed, c.precision, c.recall) for k, c in score(pairs).items()]
    unchanged = [pair for pair in pairs if not pair.expect]
    silent = sum(not pair.found() for pair in unchanged)
    notes = f"{len(pairs)} version pairs; {silent} of the {len(unchanged)} that must give no change give none."
    return Table(title, ("kind", "right", "wrong", "missed", "precision", "recall"), rows, "accuracy", notes)


def _timing() -> Table:
    old, new = long_document()
    started = time.perf_counter()
    left, right = split(old), split(new)
    halfway = time.perf_counter()
    align_passages(left, right)
    aligned = time.perf_counter()
    changes = diff_texts(old, new)
    done = time.perf_counter()
    rows = [
        ("split both texts", halfway - started, len(left) + len(right)),
        ("align sentences already split", aligned - halfway, len(left)),
        ("the whole difference of two texts", done - aligned, len(changes)),
    ]
    notes = f"A made-up report of {len(old):,} characters against its edited self."
    return Table("Time of a difference", ("step", "seconds", "items"), rows, "performance", notes)


if __name__ == "__main__":
    for table in run():
        print(table.markdown())
