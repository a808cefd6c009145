"""What may be a person's address or number is crossed out before anything is stored; figures and offices stay."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawlers.extract.contacts import without_contacts
from crawlers.load import load
from tests.crawlers.test_load import NOW, Recorder, page, source
from warehouse.home import Home
from warehouse.store import Store

CROSSED = [
    "jo.example@mail.example", "jo_2@trust.example.org", "01632 960123", "01632 960 123", "(01632) 960123",
    "07700 900123", "07700900123", "020 7946 0018", "+44 1632 960123", "+44 (0)1632 960123", "+33 1 99 00 12 34",
]  # fmt: skip
KEPT = [
    "enquiries@trust.example", "press.office@nhs.example", "england.media@nhs.example", "0300 123 4567",
    "0800 555 0100", "2015-16 2016-17 2017-18", "between 2019 and 2020", "1,204 5,310 9,001", "£1 200 000 000",
    "ISBN 0198526636", "10.1136/bmj-2020-0123456789", "0.123456789012", "012-34", "from 01-02-2024 to 07-03-2024",
    "@handle", "p = 0.0123", "+5 to +10", "ISRCTN01234567", "0 1 2 3 4 5 6 7 8 9 10 11",
]  # fmt: skip


@pytest.mark.parametrize("contact", CROSSED)
def test_a_persons_contact_is_crossed_out_and_offsets_stay(contact: str) -> None:
    before, after = "Ask Jo (", "), who keeps the register, by 1 March."
    found = without_contacts(before + contact + after)
    assert found.startswith(before)
    assert found.endswith(after)
    assert len(found) == len(before + contact + after)
    assert not any(sign.isalnum() and sign != "x" for sign in found[len(before) : -len(after)])


@pytest.mark.parametrize("text", KEPT)
def test_offices_and_figures_stay(text: str) -> None:
    assert without_contacts(f"It says {text}, as before.") == f"It says {text}, as before."


JO = "The register of joint teams in the county is kept by Jo Example, who can be reached"
PLANTED = ("jo.example@mail.example", "01632 960 123", "07700 900123")


@pytest.mark.parametrize("comments", [False, True])
def test_b16_nothing_planted_in_a_text_is_in_the_database(home: Home, comments: bool) -> None:
    recorder = Recorder(home)
    recorder.fetch("a", page(f"{JO} at {PLANTED[0]}, {PLANTED[1]} or {PLANTED[2]}; others ask enquiries@x.example."))
    recorder.fetch("b.txt", f"Jo keeps the register. Write to {PLANTED[0]}.".encode(), content_type="text/plain")
    config = source().model_copy(update={"comments": comments})
    with Store.open(home) as store:
        load(home, store, {"sample": config}, NOW)
        texts = [row[0] for row in store.con.execute("select text from version").fetchall()]
        store.con.execute("checkpoint")
    assert len(texts) == 2
    assert "enquiries@x.example" in "".join(texts)
    held = b"".join(Path(file).read_bytes() for file in home.root.glob("work.duckdb*"))
    assert not [word for word in PLANTED if word in "".join(texts) or word.encode() in held]


def test_b16_without_crossing_out_a_person_can_be_written_to(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawlers.load.spare_persons", lambda document: document)
    Recorder(home).fetch("a", page(f"{JO} at {PLANTED[0]}."))
    with Store.open(home) as store:
        load(home, store, {"sample": source()}, NOW)
        ((text,),) = store.con.execute("select text from version").fetchall()
    assert PLANTED[0] in text
