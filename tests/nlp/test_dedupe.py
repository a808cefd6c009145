"""Records of one work are linked, of two works are not, and what cannot be told is left to a person."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.dedupe import SETS, false_merges, per_record, truth
from nlp.dedupe import Record, dedupe, read_records
from nlp.dedupe_prep import plain, surnames
from warehouse.errors import UsageError

BASE = Record(
    "a", "Pooled budgets and emergency admissions: a controlled study", "Sample, Ann B. and Test, Carl", "2016",
    "International Journal of Joined-up Care", "12", "3", "288-297", "10.1234/ijjc.2016.7",
)  # fmt: skip


PLACE = {"journal": BASE.journal, "volume": "12", "pages": "288-297"}


def twin(**fields: str) -> Record:
    return Record(**{"id": "b", "title": BASE.title, "authors": BASE.authors, "year": BASE.year} | fields)


ABBREVIATED = {"authors": "Sample A.B., Test C.", "journal": "Int J Joined-up Care", "volume": "12", "pages": "288-97"}
ENTITIES = "Pooled budgets &amp; emergency admissions: a controlled study"
SAME = [
    ("another database's style", twin(**ABBREVIATED)),
    ("title cut short, same place", twin(**PLACE, title="Pooled budgets and emergency admissions")),
    ("DOI as an address", twin(doi="https://doi.org/10.1234/IJJC.2016.7")),
    ("bracketed tail", twin(**PLACE, title=f"{BASE.title}. [Review] [29 refs]")),
    ("erratum pointer, cut off", twin(**PLACE, title=f"{BASE.title}.[Erratum appears in Int J 2017; 13")),
    ("online a year before print", twin(year="2015", journal=BASE.journal, doi=BASE.doi)),
    ("accents and entities", twin(**PLACE, title=ENTITIES, authors="Sámple, Ann and Test, Carl")),
]
OTHER = [
    ("next part", twin(title=f"{BASE.title}. Part II", journal=BASE.journal, volume="13")),
    ("reply", twin(title=f"Reply: {BASE.title}", journal=BASE.journal, volume="12", pages="300-301")),
    ("erratum notice", twin(title=f"Erratum to: {BASE.title}", journal=BASE.journal, volume="13", pages="1")),
    ("other DOI, other place", twin(journal="Proceedings of the Care Symposium", doi="10.9999/abc.1", pages="12-19")),
    (
        "same authors, other study",
        twin(**PLACE | {"pages": "1-9"}, title="Joint posts and delayed discharge: a cohort"),
    ),
]


@pytest.mark.parametrize(("note", "record"), SAME, ids=[note for note, _ in SAME])
def test_one_work_written_otherwise_is_linked(note: str, record: Record) -> None:
    assert dedupe([BASE, record])["clusters"] == [["a", "b"]]


@pytest.mark.parametrize(("note", "record"), OTHER, ids=[note for note, _ in OTHER])
def test_another_work_is_not_linked(note: str, record: Record) -> None:
    assert dedupe([BASE, record])["clusters"] == []


@pytest.mark.parametrize("years", [("2014", "2015"), ("2014/15", "2015/16")])
def test_annual_reports_are_not_copies_of_each_other(years: tuple[str, str]) -> None:
    reports = [Record(y, f"Annual report and accounts {y}", "County Care Board", y[:4], "", "", "", "") for y in years]
    found = dedupe(reports)
    assert (found["clusters"], found["unsure"]) == ([], [])


def test_an_unsure_pair_is_a_third_answer() -> None:
    other = twin(journal="County Care Working Papers")
    found = dedupe([Record("a", BASE.title, BASE.authors, "2016", BASE.journal), other])
    assert found["clusters"] == []
    assert [(a, b) for a, b, _ in found["unsure"]] == [("a", "b")]
    assert 0 < found["unsure"][0][2] < 1


def test_titles_alone_link_only_equal_records_and_abstracts_help() -> None:
    long = "Beds were full because homes had no room for people who were well enough to leave the ward. " * 3
    first, second = (Record(n, "Delays on a ward in winter", abstract=a) for n, a in (("1", long), ("2", long + "x")))
    assert dedupe([first, second])["clusters"] == [["1", "2"]]
    equal = [Record(n, "Delays on a ward in winter", year="2016") for n in "12"]
    assert dedupe(equal)["clusters"] == [["1", "2"]]
    assert dedupe([Record(n, "Delays", year="2016") for n in "12"])["clusters"] == []


def test_editorials_of_different_issues_stay_apart() -> None:
    first, second = (Record(n, "Editorial", "Sample, A", "2016", BASE.journal, "12", n, "1-2") for n in "12")
    assert dedupe([first, second])["clusters"] == []


def test_the_order_of_records_does_not_matter() -> None:
    records = [BASE, *(Record(str(n), *list(r.__dict__.values())[1:11]) for n, (_, r) in enumerate(SAME + OTHER))]
    forwards = {frozenset(c) for c in dedupe(records)["clusters"]}
    assert forwards == {frozenset(c) for c in dedupe(records[::-1])["clusters"]}


@pytest.mark.parametrize(
    "authors",
    [
        "Smith, J. and O'Neil, Ann",
        "Smith J; O'Neil A",
        "Smith J, O'Neil A",
        "John Smith, Ann O'Neil",
        "J. Smith and A. O'Neil",
    ],
)
def test_surnames_in_every_style(authors: str) -> None:
    assert surnames(authors) == ("smith", "oneil")


def test_text_in_another_script_is_kept() -> None:
    assert plain("Интеграция  помощи!") == "интеграция помощи"


def test_csv_ris_and_bibtex_give_the_same_records(tmp_path: Path) -> None:
    table = tmp_path / "records.csv"
    table.write_text('\ufeffID;Title;Authors;Year;DOI\nx1;"Care; joined";"Doe, J.";2019;10.1234/x\n', encoding="utf-8")
    ris = tmp_path / "records.ris"
    ris.write_text(
        "TY  - JOUR\nID  - x1\nTI  - Care; joined\nAU  - Doe, J.\nPY  - 2019\nDO  - 10.1234/x\nER  - \n",
        encoding="utf-8",
    )
    bib = tmp_path / "records.bib"
    bib.write_text(
        "@article{x1,\n title = {Care; joined},\n author = {Doe, J.},\n year = {2019},\n doi = {10.1234/x}\n}\n",
        encoding="utf-8",
    )
    [left], [right], [third] = read_records(table), read_records(ris), read_records(bib)
    assert (left.id, left.prepared) == (right.id, right.prepared) == (third.id, third.prepared)
    assert (left.id, left.title, left.doi) == ("x1", "Care; joined", "10.1234/x")


def test_records_without_ids_of_their_own_are_numbered(tmp_path: Path) -> None:
    table = tmp_path / "records.csv"
    table.write_text("title,year\nOne,2001\nTwo,2002\n", encoding="utf-8")
    assert [r.id for r in read_records(table)] == ["1", "2"]


@pytest.mark.parametrize(
    ("name", "body"), [("a.csv", "x,y\n1,2\n"), ("a.csv", ""), ("a.pdf", "%PDF"), ("a.ris", "not RIS at all")]
)
def test_a_file_that_is_no_list_of_records_is_refused_by_name(tmp_path: Path, name: str, body: str) -> None:
    path = tmp_path / name
    path.write_text(body, encoding="utf-8")
    with pytest.raises(UsageError, match=name):
        read_records(path)


def test_the_measure_counts_a_record_once() -> None:
    groups, clusters = [["a", "b", "c"]], [["a", "b"], ["d", "e"]]
    outcome = per_record("abcdef", groups, clusters)
    assert (outcome.tp, outcome.fp, outcome.fn, outcome.tn) == (1, 1, 1, 3)
    assert false_merges(groups, clusters) == [("d", "e")]


@pytest.mark.parametrize("name", SETS)
def test_public_sets_reach_the_floor_without_a_false_merge(real: Path, name: str) -> None:
    records = read_records(real / "dedupe" / name / "records_pre_merged.csv")
    groups = truth(real / "dedupe" / name)
    clusters = dedupe(records)["clusters"]
    assert per_record([r.id for r in records], groups, clusters).f1 >= (0.99 if name == "digital_work" else 0.97)
    assert false_merges(groups, clusters) == []


def test_exports_of_databases_are_read(real: Path) -> None:
    folder = real / "exports" / "tests" / "demo_data"
    files = [p for p in sorted(folder.iterdir()) if p.suffix in (".ris", ".csv", ".tsv") and "no_title" not in p.name]
    counts = {path.name: len(read_records(path)) for path in files}
    assert all(counts.values()), counts
