"""Copies are linked and their original named; what only looks alike is not. Claims that say the same are gathered."""

from __future__ import annotations

import random
import re
from collections import Counter

import numpy as np
import pytest

from benchmarks.echoes_scale import make_texts
from nlp.align import LITTLE, words
from nlp.echoes import Text, find_copies
from nlp.echoes_claims import Said, same_claims

TOWNS = ["Ashby", "Barton", "Corfe", "Dunley", "Elmham", "Farway", "Gaddon", "Holme"]
DEEDS = ["merged two teams", "shared a record", "pooled a budget", "closed a ward", "hired nurses", "ended a contract",
         "opened a clinic", "wrote a plan"]  # fmt: skip
REASONS = ["beds were full", "staff had left", "money ran out", "carers asked", "auditors urged it", "trust had grown",
           "the law changed", "winter came"]  # fmt: skip
VOICES = ["managers", "nurses", "residents", "doctors", "porters", "clerks", "drivers", "cooks"]
STORY = " ".join(
    f"In town {town} the council and the hospital trust {did} because {why}, and {who} spoke of it in month {n}."
    for n, (town, did, why, who) in enumerate(zip(TOWNS, DEEDS, REASONS, VOICES, strict=True))
)
OTHER = " ".join(random.Random(3).sample(STORY.split(), len(STORY.split())))


def kinds(texts: list[Text]) -> list[tuple[str, list[str]]]:
    return [(group.kind, [m.id for m in group.members]) for group in find_copies(texts)]


def test_a_syndicated_story_is_a_copy_of_the_one_published_first() -> None:
    texts = [
        Text("b", STORY, "A story", published="2019-03-05"),
        Text("a", STORY.replace("Ashby", "Ashley"), "A story", published="2019-03-04"),
        Text("c", OTHER, "Another"),
    ]
    assert kinds(texts) == [("copy", ["a", "b"])]


def test_a_story_reposted_in_part_is_a_near_copy() -> None:
    half = " ".join(STORY.split()[:70])
    texts = [
        Text("long", STORY, "A story", first_seen="1"),
        Text("part", f"We liked this. {half}", "Seen elsewhere", first_seen="2"),
    ]
    assert kinds(texts) == [("near_copy", ["long", "part"])]
    assert find_copies(texts)[0].members[1].why == "in part"


PAGE = "https://a.example/s"
ORIGINALS = [
    (
        "canonical link beats date",
        {"published": "2020-02-02", "url": PAGE},
        {"published": "2020-01-01", "canonical_url": PAGE},
        "the others name it as canonical",
    ),
    ("print view", {"url": PAGE, "first_seen": "2"}, {"url": f"{PAGE}?print", "first_seen": "1"}, "seen first"),
    ("AMP view", {"url": PAGE, "first_seen": "2"}, {"url": "https://a.example/amp/s", "first_seen": "1"}, "seen first"),
    ("byline", {"authors": ("Ann Example",), "first_seen": "2"}, {"first_seen": "1"}, "carries the byline"),
    ("seen first", {"first_seen": "1"}, {"first_seen": "2"}, "seen first"),
]


@pytest.mark.parametrize(("note", "original", "copy", "why"), ORIGINALS, ids=[note for note, *_ in ORIGINALS])
def test_the_likely_original_is_named(note: str, original: dict[str, str], copy: dict[str, str], why: str) -> None:
    [group] = find_copies([Text("copy", STORY, "T", **copy), Text("original", STORY, "T", **original)])
    assert (group.members[0].id, group.members[0].original, group.members[0].why) == ("original", True, why)
    assert [m.original for m in group.members] == [True, False]


@pytest.mark.parametrize(
    "titles", [("Annual report 2014", "Annual report 2015"), ("Plan 2014-15: review", "Plan 2015-16: review")]
)
def test_titles_that_differ_by_a_year_are_no_copies(titles: tuple[str, str]) -> None:
    assert find_copies([Text("a", STORY, titles[0]), Text("b", STORY, titles[1])]) == []


def test_pages_of_one_template_with_other_figures_are_no_copies() -> None:
    page = STORY.replace("In town", "With 17 beds, 23 nurses and a rate of 4.5 in town")
    dice = random.Random(1)
    other = re.sub(r"\d[\d.]*", lambda _: f"{dice.randint(200, 999)}", page)
    assert find_copies([Text("a", page, "Ashby at a glance"), Text("b", other, "Corfe at a glance")]) == []


def test_a_short_release_quoted_in_two_articles_does_not_make_them_one() -> None:
    release = " ".join(STORY.split()[:60])
    first, second = (" ".join(random.Random(n).sample(STORY.split(), 150)) for n in (5, 6))
    groups = kinds(
        [Text("r", release, "R"), Text("x", f"{first} {release}", "X"), Text("y", f"{second} {release}", "Y")]
    )
    assert [sorted(ids) for _, ids in groups] in ([["r", "x"]], [["r", "y"]])


def test_short_texts_are_copies_only_when_equal() -> None:
    texts = [
        Text("a", "Too short to say.", first_seen="1"),
        Text("b", "Too  short to say!", first_seen="2"),
        Text("c", "Too short to tell."),
        Text("d", ""),
    ]
    assert kinds(texts) == [("copy", ["a", "b"])]


def test_a_document_is_in_one_group_and_copies_made_are_found() -> None:
    texts, copies = make_texts(600)
    groups = find_copies(texts)
    count = Counter(m.id for group in groups for m in group.members)
    assert max(count.values()) == 1
    assert sum(len(g.members) - 1 for g in groups) == copies


def unit_vectors(texts: list[str]) -> np.ndarray:
    """Bags of words as unit vectors: what the test needs of an encoder."""
    bags = [Counter(w for w in words(t) if w not in LITTLE) for t in texts]
    index = {w: n for n, w in enumerate(sorted({w for bag in bags for w in bag}))}
    vectors = np.zeros((len(bags), len(index)), dtype=np.float32)
    for row, bag in zip(vectors, bags, strict=True):
        for word, count in bag.items():
            row[index[word]] = count
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def claims(*rows: tuple[str, str, str, str, str | None]) -> list[Said]:
    return [Said(f"t{n}", doc, text, kind, at, who) for n, (doc, text, kind, at, who) in enumerate(rows)]


def test_one_claim_in_three_places_is_gathered_with_who_and_when() -> None:
    found = claims(
        (
            "d2",
            "The fund will cut emergency admissions by 3.5% across England.",
            "commitment",
            "2015-02-01",
            "NHS England",
        ),
        (
            "d1",
            "The fund will cut emergency admissions across England by 3.5%.",
            "commitment",
            "2014-05-01",
            "Department of Health",
        ),
        ("d3", "The fund cut emergency admissions across England by 3.5%.", "finding", "2017-02-01", "NHS England"),
        ("d4", "Nurses in Leeds share one record with the council.", "assertion", "2016-01-01", None),
    )
    [same] = same_claims(found, unit_vectors([c.text for c in found]))
    assert [c.document for c in same.members] == ["d1", "d2", "d3"]
    assert (same.first_seen, same.last_seen) == ("2014-05-01", "2017-02-01")
    assert same.who == ("Department of Health", "NHS England")
    assert same.kinds_differ
    assert same.kinds == ("commitment", "finding")


@pytest.mark.parametrize(
    "other",
    [
        "The fund will cut emergency admissions across England by 1.5%.",
        "The fund will not cut emergency admissions across England by 3.5%.",
        "The fund will increase emergency admissions across England by 3.5%.",
    ],
    ids=["another figure", "denied", "turned round"],
)
def test_a_claim_that_says_otherwise_is_not_the_same(other: str) -> None:
    text = "The fund will cut emergency admissions across England by 3.5%."
    found = claims(("d1", text, "commitment", "1", None), ("d2", other, "commitment", "2", None))
    assert same_claims(found, unit_vectors([text, other])) == []


def test_a_claim_said_twice_in_one_document_is_no_echo() -> None:
    found = claims(
        ("d1", "Trust takes years to build.", "assertion", "1", None),
        ("d1", "Trust takes years to build.", "assertion", "1", None),
    )
    assert same_claims(found, unit_vectors([c.text for c in found])) == []
