"""Files that reviewers have: each kind read, and every real export loads."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.warehouse.tables import row, written
from warehouse.errors import UsageError
from warehouse.imports import read_records

RIS = "TY  - JOUR\nTI  - Pooled budgets\nAU  - Example, Ann\nAU  - Other, Bo\nPY  - 2017\nDO  - 10.1000/AB.1\nER  - \n"
NBIB = """\
PMID- 123
TI  - Integrated care and admissions.
AB  - Admissions fell.
FAU - Example, Ann
DP  - 2016 Mar 2
AID - 10.1000/ab.1 [doi]
"""
BIBTEX = "@article{k1,\n title = {Pooled {B}udgets},\n author = {Example, Ann and Other, Bo},\n year = {2017}\n}\n"
CSV = """record_id,Title,Abstract,Authors,Year,DOI,included
7,Pooled budgets,"Two
lines","Example, A.; Other, B.",2017,10.1000/x,1
"""
XML = """<?xml version="1.0"?><xml><records><record><ref-type name="Report">27</ref-type><contributors><authors>
<author><style>Example, Ann</style></author><author>Audit Office,</author></authors></contributors>
<titles><title><style>Pooled</style><style> budgets</style></title></titles><dates>
<year>2017</year></dates></record></records></xml>"""


def test_ris(tmp_path: Path) -> None:
    (record,) = read_records(_file(tmp_path, RIS))
    assert (record.title, record.authors, record.published) == (
        "Pooled budgets", ("Example, Ann", "Other, Bo"), "2017-01-01",
    )  # fmt: skip
    assert record.doi == "10.1000/ab.1"
    assert record.document("a.ris").url == "https://doi.org/10.1000/ab.1"


def _file(tmp_path: Path, text: str, name: str = "a.txt") -> Path:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return path


def test_pubmed(tmp_path: Path) -> None:
    (record,) = read_records(_file(tmp_path, NBIB))
    assert record.title == "Integrated care and admissions."
    assert (record.id, record.doi, record.abstract) == ("123", "10.1000/ab.1", "Admissions fell.")


def test_bibtex(tmp_path: Path) -> None:
    (record,) = read_records(_file(tmp_path, BIBTEX))
    assert (record.title, record.authors) == ("Pooled Budgets", ("Example, Ann", "Other, Bo"))
    assert record.type == "article"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_tables(tmp_path: Path, delimiter: str) -> None:
    text = CSV if delimiter == "," else CSV.replace("Example, A.; Other, B.", "A Example").replace(",", delimiter)
    (record,) = read_records(_file(tmp_path, text))
    assert (record.id, record.title, record.abstract, record.included) == ("7", "Pooled budgets", "Two lines", True)


def test_endnote_xml(tmp_path: Path) -> None:
    (record,) = read_records(_file(tmp_path, XML))
    assert (record.title, record.authors) == ("Pooled budgets", ("Example, Ann", "Audit Office"))
    assert (record.type, record.published) == ("Report", "2017-01-01")


@pytest.mark.parametrize("format", ["ris", "bibtex", "endnote", "csv"])
def test_what_is_exported_can_be_imported(tmp_path: Path, format: str) -> None:
    path = tmp_path / "out"
    path.write_bytes(written([row(1), row(2)], format))
    found = read_records(path)
    assert [one.title for one in found] == ["Pooled budgets examined"] * 2
    assert {one.published for one in found} == {"2017-03-02"}
    assert [one.authors for one in found] == [("Example, Ann" if format != "csv" else "Ann Example",)] * 2


@pytest.mark.parametrize(
    ("text", "note"),
    [("", "empty"), ("just some words\nand more", "prose"), ("\x00\x01\x02", "bytes"), ("a,b\n1,2\n", "another table"),
     ("TY  - JOUR\nER  - \n", "no title"), ("<?xml version='1.0'?><records>", "cut")],
)  # fmt: skip
def test_what_is_no_file_of_references_is_refused_with_advice(tmp_path: Path, text: str, note: str) -> None:
    with pytest.raises(UsageError, match=r"a\.txt.*"):
        read_records(_file(tmp_path, text))


def test_entities_are_refused(tmp_path: Path) -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><xml><record>&b;</record></xml>'
    with pytest.raises(UsageError, match="not EndNote XML"):
        read_records(_file(tmp_path, bomb))


# Files of the real exports that do not load, and why.
NOT_LOADED = {
    "generic.vec": "word vectors, not references",
    "baseline_reference_types.ris": "records of a type and a note, without title or abstract",
    "baseline_tag_and_field_definitions_lists.ris": "names of tags alone, without title or abstract",
}


def test_every_real_export_loads(real: Path) -> None:
    files = sorted((real / "exports" / "tests" / "demo_data").iterdir())
    assert len(files) > 30
    failed = {}
    for file in files:
        try:
            records = read_records(file)
        except UsageError as error:
            failed[file.name] = str(error)
            continue
        assert records, file.name
        assert len({record.id for record in records}) == len(records), file.name
        assert all(record.title or record.abstract for record in records), file.name
    assert set(failed) == set(NOT_LOADED), failed


def test_real_exports_keep_authors_years_and_dois(real: Path) -> None:
    folder = real / "exports" / "tests" / "demo_data"
    for name in ("scopus.ris", "embase.ris", "ovid_zotero.ris", "pubmed_zotero.ris", "web_of_science.txt"):
        records = read_records(folder / name)
        assert sum(bool(one.authors) for one in records) >= 0.8 * len(records), name
        assert sum(bool(one.published) for one in records) >= 0.8 * len(records), name
