"""The evidence map: what was found, by care model, programme or theme and outcome; where nothing is, a gap shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import streamlit as st

from views import charts, words
from views.address import choice, here, put_there
from views.parts import cards, lead
from views.safe import note, plain
from views.state import base, overlay
from warehouse.filters import Filters
from warehouse.queries.views import MapCell

ROWS = {"theme": "Theme", "care_model": "Care model", "programme": "Programme", "place": "Place"}
FILTER = {"theme": "themes", "care_model": "care_models", "programme": "programmes", "place": "places"}
POINTS = ["improved", "worsened", "no effect", "mixed or unclear"]
COLOURS = ["#009E73", "#D55E00", "#7A7A7A", "#E69F00"]
SHAPES = ["triangle-up", "triangle-down", "square", "diamond"]
MOST_ROWS = 30
ROW_NAME_PX, COLUMN_PX = 260, 56  # the longest name of a row; a dot of the largest size with its number beside it


def page() -> None:
    """Show the map, and the claims of the cell that the address names."""
    st.title("Evidence map")
    lead("Findings by what was done and what came of it. The number is that of works; a small ring is a gap, where "
         "this base has no finding.")  # fmt: skip
    rows = choice("Rows", "rows", list(ROWS), ROWS.__getitem__, buttons=True)
    cells = base().evidence_map(rows, overlay())
    if not cells:
        st.info("No finding in this base has an outcome for these rows yet. Try other rows.")
        return
    _map(cells, rows)
    _cell(cells, rows)


def leaning(cell: MapCell) -> str:
    """Return which way a cell points: one direction alone, or mixed."""
    ways = {"improved": cell.improved, "worsened": cell.worsened, "no effect": cell.no_effect}
    best = max(ways, key=lambda name: ways[name])
    rest = sum(ways.values()) - ways[best]
    return best if ways[best] > 0 and ways[best] > 2 * rest else POINTS[3]


def _map(cells: Sequence[MapCell], kind: str) -> None:
    works: dict[str, int] = {}
    for cell in cells:
        works[cell.row] = works.get(cell.row, 0) + cell.works
    for row in _all_rows(kind):
        works.setdefault(row, 0)
    shown = sorted(works, key=lambda name: (-works[name], name))[:MOST_ROWS]
    outcomes = sorted({cell.outcome for cell in cells})
    filled = {(cell.row, cell.outcome): cell for cell in cells}
    name = words.theme_title if kind == "theme" else words.thing
    rows: list[dict[str, Any]] = []
    gaps: list[dict[str, Any]] = []
    for row in shown:
        for outcome in outcomes:
            place = {"row": row, "outcome": outcome, "Row": name(row), "Outcome": words.thing(outcome)}
            if (row, outcome) not in filled:
                gaps.append(place)
                continue
            cell = filled[row, outcome]
            rows.append({**place, "works": cell.works, "claims": cell.claims, "way": leaning(cell), "improved":
                         cell.improved, "worsened": cell.worsened, "no_effect": cell.no_effect})  # fmt: skip
    chosen = charts.show(
        _drawn(rows, gaps, [name(row) for row in shown]), "evidence-map",
        f"Works by {ROWS[kind].lower()} and outcome, with the direction of the findings; {len(gaps)} gaps",
        [ROWS[kind], "Outcome", "Works", "Claims", "Improved", "Worsened", "No effect"],
        [[r["Row"], r["Outcome"], r["works"], r["claims"], r["improved"], r["worsened"], r["no_effect"]] for r in rows],
        least=_least([name(row) for row in shown], len(outcomes)), key="map", on_select="rerun", selection_mode="cell",
    )  # fmt: skip
    picked = (chosen.get("selection", {}).get("cell") if chosen else None) or []
    if picked and (picked[0]["row"], picked[0]["outcome"]) != (here("row"), here("outcome")):
        put_there(row=picked[0]["row"], outcome=picked[0]["outcome"])


def _least(names: Sequence[str], columns: int) -> int:
    """Return how many pixels wide the map is at least, so that no number runs into the next dot."""
    return 70 + min(ROW_NAME_PX, 6 * max(map(len, names))) + COLUMN_PX * columns


def _all_rows(kind: str) -> Sequence[str]:
    """Return the rows that claims name, with a finding or without: a row that is all gaps is the widest gap."""
    if kind == "theme":
        return list(words.theme_titles())
    found = base().search("", filters=Filters(rejected=False), size=1, overlay=overlay())
    return [name for name, _ in found.facets.get(kind, ())]


def _drawn(rows: list[dict[str, Any]], gaps: list[dict[str, Any]], order: list[str]) -> Any:
    place = {
        "x": alt.X("Outcome:N", title=None,
                   axis=alt.Axis(labelAngle=-35, orient="top", labelLimit=220, labelOverlap=False, grid=True)),
        "y": alt.Y("Row:N", title=None, sort=order, axis=alt.Axis(labelLimit=ROW_NAME_PX, grid=True)),
    }  # fmt: skip
    cell = alt.selection_point(name="cell", fields=["row", "outcome"], on="click")

    dots = (
        alt.Chart(charts.data(rows)).mark_point(filled=True, opacity=0.9)
        .encode(
            **place, size=alt.Size("works:Q", scale=alt.Scale(range=[120, 900]), legend=None),
            color=alt.Color("way:N", title=None, scale=alt.Scale(domain=POINTS, range=COLOURS),
                            legend=alt.Legend(orient="bottom", columns=2)),
            shape=alt.Shape("way:N", title=None, scale=alt.Scale(domain=POINTS, range=SHAPES),
                            legend=alt.Legend(orient="bottom", columns=2)),
            tooltip=["Row:N", "Outcome:N", "works:Q", "claims:Q", "improved:Q", "worsened:Q", "no_effect:Q"],
        ).add_params(cell)
    )  # fmt: skip
    numbers = (
        alt.Chart(charts.data(rows)).mark_text(dx=24, fontSize=12, color=charts.ink(), align="left")
        .encode(**place, text="works:Q")
    )  # fmt: skip
    rings = alt.Chart(charts.data(gaps)).mark_point(size=16, color="#8a8f98", opacity=0.6).encode(**place)
    return alt.layer(rings, dots, numbers).properties(height=alt.Step(38))


def _cell(cells: Sequence[MapCell], kind: str) -> None:
    st.header("The claims of a cell")
    pairs = {f"{cell.row}|{cell.outcome}": cell for cell in cells}
    asked = f"{here('row')}|{here('outcome')}"
    name = words.theme_title if kind == "theme" else words.thing

    def shown(key: str) -> str:
        row, _, outcome = key.partition("|")
        return plain(f"{name(row)}: {words.thing(outcome)} ({words.count(pairs[key].works, 'work')})")

    st.session_state["cell"] = asked if asked in pairs else None

    def moved() -> None:
        row, _, outcome = (st.session_state["cell"] or "|").partition("|")
        put_there(row=row, outcome=outcome)

    st.selectbox("Cell", list(pairs), key="cell", format_func=shown, on_change=moved, placeholder="Choose a cell")
    if asked not in pairs:
        note("Choose a dot on the map, or a cell here.")
        return
    filters = Filters(**{FILTER[kind]: (here("row"),)}, outcomes=(here("outcome"),), kinds=("finding",), rejected=False)  # type: ignore[arg-type]
    found = base().search("", filters=filters, sort="newest", size=50, overlay=overlay())
    cards(found.hits, "No claim is in force in this cell.")
