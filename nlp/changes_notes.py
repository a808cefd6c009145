"""Notes of correction: what a publisher adds to say that the text was wrong before."""

from __future__ import annotations

import re

from nlp.align import normalise
from nlp.passages import flat

_WRONGLY = r"(?:originally|previously|initially|wrongly|incorrectly|mistakenly)"
_SAID = r"(?:said|stated|gave|reported|wrote|claimed|described|named|attributed|referred|included|suggested|omitted)"
_PUT_RIGHT = (
    r"(?:amended|corrected|clarified|revised|edited|altered|retracted|withdrawn"
    r"|(?:updated|changed|modified) (?:[\w ]{1,40} )?"
    r"to (?:correct|clarify|reflect|remove|make clear|state|say|show|include))"
)
_TEXT = (
    r"(?:article|story|piece|page|post|report|document|version|item|headline|text|sentence|paragraph|table|figure"
    r"|column|blog|entry|paper|press release|publication|statement)"
)
_THIS = rf"(?:this|the) (?:[\w-]+ ){{0,2}}?{_TEXT}"
_HEAD = (
    r"(?:editor'?s? note|corrections?(?: and clarifications?| notice)?|clarification|errat(?:um|a)|corrigendum"
    r"|amendment|retraction|note of correction)"
)
_NOTES = [
    rf"\A\W*{_HEAD}\b(?: \(?[\w ,]{{0,30}}\)?)?\s*(?:[:.-]|\Z)",
    r"\A\W*(?:updated?|corrected|amended|clarified)(?: (?:on )?[\w ,]{3,24})?\s*[:-] ?.*"
    r"(?:correct|amend|clarif|error|wrong|mistake|previously|originally|earlier version)",
    r"\A\W*(?:last )?(?:updated|corrected|amended|clarified|revised|edited)\b.{0,40}"
    r"\bto (?:correct|clarify|reflect|remove|make clear|fix)\b",
    rf"\b{_THIS} (?:was|has been|have been|is being) (?:\w+ )?{_PUT_RIGHT}",
    r"\bthe (?:headline|title|standfirst|caption|wording|introduction|figures?)\b.{0,40}"
    r"\b(?:was|were|has been|have been) (?:since )?(?:changed|amended|corrected|updated|altered)\b",
    rf"\b{_THIS} {_WRONGLY} {_SAID}",
    rf"\b(?:{_WRONGLY} (?:given|stated|reported|described|said)) (?:as|to|that)\b.*\bversion\b",
    rf"\b(?:an? |the )?(?:earlier|previous|original|initial|first) versions? of {_THIS}",
    rf"\b(?:an?|the) (?:earlier|previous|original) version (?:{_SAID}|{_WRONGLY}|misstated|contained)\b",
    r"\bwe have (?:since |now )?(?:corrected|amended|clarified)\b",
    rf"\bwe {_WRONGLY} {_SAID}",
    r"\b(?:this|it|the (?:figure|number|name|date|sentence|text|error|mistake)) (?:has been|was) (?:since )?"
    r"(?:corrected|amended)\b",
    r"\bwe (?:apologise|are happy to clarify|regret)(?: to [\w .'-]{1,60}?)? ?(?:for )?(?:the |this |any |an )?"
    r"(?:error|mistake|confusion|inaccurac)",
]
_MORE = [
    r"\bthe (?:correct|right|accurate) (?:figure|number|name|date|amount|sum|title|spelling)\b",
    rf"\b{_WRONGLY} {_SAID}\b",
    r"\b(?:earlier|previous|original|first) versions?\b",
    r"\bit (?:originally|previously|wrongly|incorrectly|should have|now)\b",
    r"\bshould (?:have (?:read|said|been)|read)\b",
    r"\b(?:figure|number) (?:is|was|should be)\b",
    r"\Athis (?:was|is|were) (?:\w+ )?"
    r"(?:incorrect|wrong|inaccurate|an error|a mistake|untrue|not (?:correct|the case|right))\b",
    r"\b(?:has (?:now )?been (?:corrected|amended)|in fact|rather than|not, as|we apologise|regret)\b",
]
_NOTE = re.compile("|".join(_NOTES), re.I)
_BARE = re.compile(rf"\W*{_HEAD}\W*\Z", re.I)
_GOES_ON = re.compile("|".join(_MORE), re.I)


def is_note(text: str) -> bool:
    """Return whether ``text`` says that the document was corrected, amended or retracted."""
    return bool(_NOTE.search(normalise(flat(text))))


def is_heading(text: str) -> bool:
    """Return whether ``text`` is no more than the heading of a note: "Correction", "Editor's note:"."""
    return bool(_BARE.match(normalise(flat(text))))


def goes_on(text: str) -> bool:
    """Return whether ``text``, standing right behind a note of correction, belongs to it."""
    return bool(_GOES_ON.search(normalise(flat(text)))) or is_note(text)
