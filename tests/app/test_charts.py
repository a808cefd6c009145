"""Charts: pictures to take away, years without holes, and periods as they are written."""

from __future__ import annotations

import re

import pytest

from views import charts, words

ROWS = [{"name": "Workforce", "period": "2015", "value": 2, "said": "2"},
        {"name": "<b>Funding</b>", "period": "2017", "value": 1, "said": "1"}]  # fmt: skip


def test_a_chart_is_taken_away_as_a_picture_that_is_legible_on_white(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(charts, "on_dark", lambda: True)
    drawn = charts.grid(ROWS, ["Workforce", "<b>Funding</b>"], ["2015", "2016", "2017"], share=False)
    assert charts.INK_ON_DARK in drawn.to_json()
    svg = charts.picture(drawn, "svg").decode()
    assert svg.startswith("<svg")
    assert charts.INK.lower() in svg.lower()
    assert charts.INK_ON_DARK.lower() not in svg.lower()
    assert "2016" in svg  # a year in which nothing was named
    assert "<b>" not in svg
    assert charts.picture(drawn, "png").startswith(b"\x89PNG")


def test_a_chart_with_numbers_says_how_wide_it_is_at_least_and_its_pictures_keep_to_it() -> None:
    years = [str(year) for year in range(2000, 2030)]
    assert charts.grid_px([], []) < charts.grid_px(ROWS, years[:9]) < charts.grid_px(ROWS, years)
    wider = [{**ROWS[0], "said": "100%"}]
    assert charts.grid_px(wider, years) - charts.grid_px(ROWS, years) == 3 * 7 * len(years)
    assert charts.grid_px(ROWS, [*years, *years]) == charts.grid_px(ROWS, years)  # no numbers on so many
    drawn = charts.grid(ROWS, ["Workforce"], years, share=False)
    widths = [int(re.findall(r'width="(\d+)', charts.picture(drawn, "svg", least).decode())[0]) for least in (0, 2000)]
    assert 800 < widths[0] < 1100 < 2000 < widths[1]


@pytest.mark.parametrize(
    ("found", "group", "whole"),
    [
        (["2015", "2017"], "year", ["2015", "2016", "2017"]),
        (["2015-Q3", "2016-Q1"], "quarter", ["2015-Q3", "2015-Q4", "2016-Q1"]),
        (["2015-11", "2016-01"], "month", ["2015-11", "2015-12", "2016-01"]),
        ([], "year", []),
    ],
)
def test_periods_have_no_holes(found: list[str], group: str, whole: list[str]) -> None:
    assert charts.periods(found, group) == whole


def test_periods_of_a_date_that_was_misread_do_not_fill_a_thousand_years() -> None:
    assert charts.periods(["1000", "2017"], "year") == ["1000", "2017"]


@pytest.mark.parametrize(
    ("value", "unit", "way", "said"),
    [(87_000, "admissions", "rise", "a rise of 87,000 admissions"), (4, "%", "fall", "a fall of 4%"),
     (5e8, "GBP", None, "£500,000,000")],
)  # fmt: skip
def test_a_figure_says_which_way_it_went(value: float, unit: str, way: str | None, said: str) -> None:
    assert words.moved(value, unit, way) == said


def test_things_have_the_names_that_people_give_them() -> None:
    assert words.thing("stps") == words.facet_value("programme", "stps") == "Sustainability and Transformation Plans"
    assert words.facet_value("place", "uk") == "United Kingdom"
    assert words.facet_value("model", "telehealth") == "Telehealth and telecare"
    assert words.facet_value("outcome", "emergency-admissions") == "Emergency admissions"
    assert words.thing("nobody-knows-this", first=False) == "nobody knows this"
