"""People's decisions as the index needs them: which entries they touched, and what those have now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from warehouse.index.corrected import Correction, Corrections
from warehouse.people import Overlay
from warehouse.queries.reader import Reader

FACETS = ("kind", "direction")
THEME = "theme:"
KEPT = 4
Said = tuple[tuple[str, str | None], ...]  # (field, value) of kind, direction, theme:<code>

TOUCHED = """
with member as (select row, unnest(members) as n from entry),
touched as (
    select distinct m.row from member m join current_claim c on c.n = m.n
    where c.thread in (select unnest(?::varchar[]))
)
select m.row, c.thread, c.kind, c.direction, c.themes
from touched t join member m on m.row = t.row join current_claim c on c.n = m.n order by m.row, m.n
"""


def corrections(reader: Reader, overlay: Mapping[str, Overlay]) -> Corrections:
    """Return, by facet and row, where people's values differ from the machine's."""
    said = ((thread, _said(over)) for thread, over in overlay.items())
    key = frozenset((thread, fields) for thread, fields in said if fields)
    return _corrections(reader, key) if key else {}


@lru_cache(maxsize=KEPT)
def _corrections(reader: Reader, key: frozenset[tuple[str, Said]]) -> Corrections:
    said = dict(key)
    before: dict[tuple[str, int], set[str]] = {}
    after: dict[tuple[str, int], set[str]] = {}
    for claim in reader.rows(TOUCHED, [sorted(said)]):
        fields = dict(said.get(claim["thread"], ()))
        row, themes = claim["row"], claim["themes"]
        for name in FACETS:
            before.setdefault((name, row), set()).update({claim[name]} - {None})
            after.setdefault((name, row), set()).update({fields.get(name) or claim[name]} - {None})
        before.setdefault(("theme", row), set()).update(themes)
        after.setdefault(("theme", row), set()).update(themes_in_force(themes, fields))
    found: dict[str, dict[int, Correction]] = {}
    for (name, row), values in before.items():
        if values != after[name, row]:
            found.setdefault(name, {})[row] = Correction(frozenset(values), frozenset(after[name, row]))
    return found


def _said(over: Overlay) -> Said:
    fields = ((name, decision.value) for name, decision in over.values.items())
    return tuple(sorted((name, value) for name, value in fields if name in FACETS or name.startswith(THEME)))


def themes_in_force(themes: Iterable[str], fields: Mapping[str, str | None]) -> set[str]:
    """Return the facet's values (``code``, ``code:polarity``) with people's polarity, or none, over the machine's."""
    decided = {name.removeprefix(THEME): value for name, value in fields.items() if name.startswith(THEME)}
    kept = {theme for theme in themes if theme.split(":")[0] not in decided}
    present = {code: value for code, value in decided.items() if value and value != "none"}
    return kept | set(present) | {f"{code}:{value}" for code, value in present.items()}
