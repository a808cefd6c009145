"""What the rules add to a claim in one passage."""

from __future__ import annotations

from nlp.details import assemble
from warehouse.models import Attribution, Claim


def test_what_a_promise_will_measure_is_not_what_it_rests_on() -> None:
    text = "A survey of 400 residents found that fewer felt alone."
    finding, promise = (
        assemble(text, "", [], Claim(kind, 0.9), (), Attribution())
        for kind in ("finding", "commitment")  # type: ignore[arg-type]
    )
    assert finding.basis == "observational"
    assert (promise.basis, promise.study) == (None, ())


def test_a_forecast_keeps_the_model_that_it_rests_on() -> None:
    text = "Modelling suggests that the scheme will save £3 million a year."
    assert assemble(text, "", [], Claim("commitment", 0.9), (), Attribution()).basis == "modelling"
