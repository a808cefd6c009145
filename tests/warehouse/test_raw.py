"""Bodies and the ledger: whole or absent, and a crash's half line is mended, damage is named."""

from pathlib import Path

import pytest

from warehouse.errors import DamagedError
from warehouse.ids import make_id
from warehouse.models import Fetch
from warehouse.raw import Ledger, as_fetch, body_path, get_body, put_body, read_ledger


def fetch(seq: int) -> Fetch:
    return Fetch(seq, 1, "nao", "http://a/", "http://a/", "2026-01-01T00:00:00+00:00", 200, "ok", hints={"title": "é"})


def test_a_body_comes_back_and_is_kept_once(tmp_path: Path) -> None:
    sha256 = put_body(tmp_path, b"body")
    assert put_body(tmp_path, b"body") == sha256
    assert get_body(tmp_path, sha256) == b"body"
    assert len([p for p in tmp_path.rglob("*") if p.is_file()]) == 1


def test_a_damaged_or_lost_body_is_named(tmp_path: Path) -> None:
    sha256 = put_body(tmp_path, b"body")
    path = body_path(tmp_path, sha256)
    data = bytearray(path.read_bytes())
    data[-2] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(DamagedError, match=sha256):
        get_body(tmp_path, sha256)
    path.unlink()
    with pytest.raises(DamagedError, match="gone"):
        get_body(tmp_path, sha256)


def test_ledger_lines_come_back_in_order_and_from_where_asked(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger")
    for seq in (1, 2, 3):
        ledger.append_fetch(fetch(seq))
    ledger.close()
    assert [as_fetch(entry) for entry in read_ledger(tmp_path / "ledger", after_seq=1)] == [fetch(2), fetch(3)]
    assert Ledger(tmp_path / "ledger").next_seq == 4


@pytest.mark.parametrize("cut", [1, 5, 40])
def test_a_half_written_line_is_dropped_and_the_next_one_is_whole(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "ledger"
    ledger = Ledger(path)
    ledger.append_fetch(fetch(1))
    ledger.append_fetch(fetch(2))
    ledger.close()
    path.write_bytes(path.read_bytes()[:-cut])
    assert [entry["seq"] for entry in read_ledger(path)] == [1]
    mended = Ledger(path)
    mended.append_fetch(fetch(mended.next_seq))
    mended.close()
    assert [entry["seq"] for entry in read_ledger(path)] == [1, 2]


def test_a_flipped_bit_in_the_middle_is_noticed_by_reader_and_writer(tmp_path: Path) -> None:
    path = tmp_path / "ledger"
    ledger = Ledger(path)
    for seq in (1, 2, 3):
        ledger.append_fetch(fetch(seq))
    ledger.close()
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 4
    path.write_bytes(bytes(data))
    with pytest.raises(DamagedError, match="damaged at byte"):
        list(read_ledger(path))
    with pytest.raises(DamagedError, match="restore it"):
        Ledger(path)


def test_ids_keep_their_parts_apart() -> None:
    assert make_id("ab", "c") != make_id("a", "bc")
