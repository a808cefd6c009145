"""What language a text is in: by the text itself where there is enough of it."""

from __future__ import annotations

from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

_ENOUGH = 200
_SAMPLE = 1500


@cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def language_of(text: str, declared: str | None = None) -> str | None:
    """Return the ISO 639-1 code of ``text``; what the page declares stands where the text is short or unclear."""
    if len(text) < _ENOUGH:
        return declared
    code, probability = _identifier().classify(text[:_SAMPLE])
    return str(code) if probability > 0.9 else declared
