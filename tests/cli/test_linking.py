"""People's word on duplicates goes before the machine's."""

import pytest

from commands.linking import with_peoples_word

ORDER = ["a", "b", "c", "d", "e"]


@pytest.mark.parametrize(
    ("clusters", "settled", "expected"),
    [
        ([["a", "b"]], {}, [["a", "b"]]),
        ([["a", "b"]], {("b", "c"): True}, [["a", "b", "c"]]),
        ([["a", "b"], ["c", "d"]], {("b", "d"): True}, [["a", "b", "c", "d"]]),
        ([["a", "b"]], {("a", "b"): False}, []),
        ([["a", "b", "c"]], {("a", "c"): False}, [["a", "b"]]),
        ([], {("d", "e"): True}, [["d", "e"]]),
        ([], {("d", "gone"): True}, []),
    ],
)
def test_a_person_joins_and_parts_records(
    clusters: list[list[str]], settled: dict[tuple[str, str], bool], expected: list[list[str]]
) -> None:
    assert with_peoples_word(clusters, {frozenset(pair): same for pair, same in settled.items()}, ORDER) == expected
