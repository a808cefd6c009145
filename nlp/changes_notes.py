"""Notes of correction: what a publisher adds to say that the text was wrong before."""

from __future__ import annotations

import re

from nlp.align import normalise
from nlp.passages import flat

_CORRECTED = r"(?:amended|corrected|clarified|revised|edited|altered|updated to (?:correct|clarify|reflect|remove|make clear|state|say|show|include))"
_THIS = r"(?:this|the) (?:[\w-]+ ){0,2}?(?:article|story|piece|page|post|report|document|version|item|headline|text|sentence|paragraph|table|figure|column|blog|entry|paper|press release|publication|statement)"
_NOTE = re.compile(
    "|".join(
        [
            r"\A\W*(?:editor'?s? note|correction|corrections? and clarifications?|clarification|erratum|errata|corrigendum|"
            r"amendment|retraction|note of correction|correction notice)\b(?: \(?[\w ,]{0,30}\)?)?\s*(?:[:.-]|\Z)",
            r"\A\W*(?:updated?|corrected|amended|clarified)(?: (?:on )?[\w ,]{3,24})?\s*[:-] ?(?:.*)(?:correct|amend|clarif|error|wrong|mistake|previously|originally|earlier version)",
            rf"\b{_THIS} (?:was|has been|have been|is being) (?:\w+ )?{_CORRECTED}",
            rf"\b{_THIS} (?:originally|previously|initially|wrongly|incorrectly|mistakenly) (?:said|stated|gave|reported|claimed|described|named|attributed|referred|included|suggested|omitted)",
            rf"\b(?:an? |the )?(?:earlier|previous|original|initial|first) versions? of {_THIS}",
            r"\bwe (?:originally|previously|initially|wrongly|incorrectly|mistakenly) (?:said|stated|gave|reported|wrote|claimed)",
            r"\b(?:this|it|the (?:figure|number|name|date|sentence|text|error|mistake)) (?:has been|was) (?:since )?(?:corrected|amended)\b",
            r"\bwe (?:apologise|are happy to clarify|regret) (?:for )?(?:the |this |any |an )?(?:error|mistake|confusion|inaccurac)",
        ]
    ),
    re.I,
)
_GOES_ON = re.compile(
    r"\b(?:the (?:correct|right|accurate) (?:figure|number|name|date|amount|sum|title|spelling)|"
    r"(?:earlier|previous|original|first) versions?|it (?:originally|previously|wrongly|incorrectly|should have|now)|(?:originally|previously|wrongly|incorrectly|mistakenly) (?:said|stated|gave|reported)|"
    r"should (?:have (?:read|said|been)|read)|(?:figure|number) (?:is|was|should be)|has (?:now )?been (?:corrected|amended)|in fact|rather than|not, as|we apologise|regret)\b",
    re.I,
)


def is_note(text: str) -> bool:
    """Return whether ``text`` says that the document was corrected, amended or retracted."""
    return bool(_NOTE.search(normalise(flat(text))))


def goes_on(text: str) -> bool:
    """Return whether ``text``, standing right behind a note of correction, belongs to it."""
    return bool(_GOES_ON.search(normalise(flat(text)))) or is_note(text)
