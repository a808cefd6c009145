"""Damaged bodies: cut, flipped, doubled. The answer is a Document or an UnreadableError, and nothing else."""

from __future__ import annotations

import contextlib
import io
import random
import re
import zipfile

import pytest

from crawlers.errors import UnreadableError
from crawlers.extract import extract
from tests.crawlers.pages import JATS, archive, page, pdf
from tests.crawlers.test_extract_comments import BELOW
from tests.crawlers.test_extract_revisions import NEWSDIFFS, SNIFFER
from tests.crawlers.test_extract_types import word_file

BODIES = {
    "page": page(bottom=BELOW, head='<script type="application/ld+json">{"@type": "Article"}</script>'),
    "tracker": SNIFFER.encode(), "marked": NEWSDIFFS.encode(), "jats": JATS, "word": word_file(),
    "pdf": pdf([[(72, 700, 12, "Some words that stand here."), (300, 700, 12, "and there.")]] * 3, "/Title (A plan)"),
    "markdown": b"---\ntitle: A\ndate: 2024-03-05\n---\n\n# A title\n\n- item\n", "nothing": b"\x00\xff\xfe<",
}  # fmt: skip
ROUNDS = 40


def damaged(body: bytes, chance: random.Random) -> bytes:
    data = bytearray(body)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(data) + 1)
        match chance.randrange(5):
            case 0:
                del data[at:]
            case 1:
                del data[at : at + chance.randint(1, 40)]
            case 2:
                data[at:at] = data[at : at + chance.randint(1, 200)] * chance.randint(1, 5)
            case 3:
                data[at:at] = bytes(chance.randrange(256) for _ in range(chance.randint(1, 8)))
            case _:
                data[at:at] = chance.choice(
                    [b"<", b">", b"\x00", b"</p>", b"<table>", b"\xff", b"&#x110000;", b"'", b'"']
                )
    return bytes(data)


@pytest.mark.parametrize("name", list(BODIES))
def test_damage_is_answered(name: str) -> None:
    chance = random.Random(name)
    declared = [None, "text/html", "text/plain; charset=x"]
    for _ in range(ROUNDS):
        body = damaged(BODIES[name], chance)
        with contextlib.suppress(UnreadableError):
            document = extract(body, f"https://x.example/{name}", chance.choice(declared), comments=True)
            assert all(0 <= a <= b <= len(document.text) for a, b in document.pages or ())


def damaged_parts(body: bytes, chance: random.Random) -> bytes:
    """Damage inside a container that stays whole: parts gone, empty, in each other's place, with other values."""
    members = zipfile.ZipFile(io.BytesIO(body))
    parts = {name: members.read(name) for name in members.namelist()}
    for _ in range(chance.randint(1, 2)):
        name = chance.choice(sorted(parts))
        values = re.findall(rb'="([^"]*)"', parts[name])
        match chance.randrange(5):
            case 0 if len(parts) > 1:
                del parts[name]
            case 1:
                parts[name] = b""
            case 2:
                parts[name] = parts[chance.choice(sorted(parts))]
            case 3 if values:
                put = chance.choice([b"", b"-1", b"99999999999", b"rId999", b"../../x", *values])
                parts[name] = parts[name].replace(b'="' + chance.choice(values) + b'"', b'="' + put + b'"', 1)
            case _:
                parts[name] = damaged(parts[name], chance)
    return archive(parts)


def test_damage_inside_a_word_file_is_answered() -> None:
    chance, reasons = random.Random(7), set()
    for _ in range(400):
        try:
            extract(damaged_parts(BODIES["word"], chance), "https://x.example/a.docx")
        except UnreadableError as error:
            reasons.add(error.reason)
    assert "broken" in reasons


def test_a_word_file_whose_content_types_are_another_part_is_broken() -> None:
    members = zipfile.ZipFile(io.BytesIO(BODIES["word"]))
    parts = {name: members.read(name) for name in members.namelist()}
    parts["[Content_Types].xml"] = parts["word/styles.xml"]
    with pytest.raises(UnreadableError) as caught:
        extract(archive(parts), "https://x.example/a.docx")
    assert caught.value.reason == "broken"


def test_control_characters_in_loose_text_are_left_out() -> None:
    loose = "<div>The two councils signed\x08 a joint plan&#1; in April that puts nurses in one team.<p>x</p></div>"
    document = extract(page(bottom=loose), "https://x.example/a", "text/html")
    assert "signed a joint plan in April" in document.text
