"""What stands among the paragraphs of a page and is not its text: teasers, sign-ups, credits, dates, counters.

Every rule looks at one short block and is general: words that publishers everywhere use around their texts. A
sentence of the text itself is left alone: rules ask for a label, or for two cues together.
"""

from __future__ import annotations

import re

_SHORT = 220  # characters; a longer block is text
_TEASER = re.compile(
    r"^[\W_]{0,4}(?:related(?: (?:story|stories|articles?|posts?|content|videos?|coverage|links?|reading|topics?"
    r"|news))?"
    r"|read more|see more|see also|read also|also read|read next|up next|also on [\w.]{2,40}|also|don['’]t miss"
    r"|(?:you )?(?:may|might) also (?:like|be interested in)|recommended(?: for you)?|further reading|explore further"
    r"|most (?:read|popular|viewed)(?: (?:in|on) [\w ]{2,30})?|popular (?:on|in) [\w ]{2,30}|trending(?: now)?"
    r"|more (?:from|on|in|about) [^.:]{2,60}|more|what to read next|editors?['’]s? picks?|in case you missed it"
    r"|sponsored(?: content)?|advertisements?|promoted(?: stories)?|something to consider"
    r")\s{0,3}(?:[:|…]|\.{3}|$)",
    re.I,
)
_UI = re.compile(
    r"^[\W\d_]{0,4}(?:(?:(?:first |last )?(?:published|updated|reviewed)|authors?|date|written by|contents"
    r"|on this page)|comments?|leave a (?:comment|reply)|tags?|topics?|share(?: (?:this|on|via)(?: [\w ]{2,30})?)?"
    r"|print(?: (?:this )?(?:page|article))?|loading|thank you|thanks for signing up|sorry|menu|search|review|close"
    r"|tell us what you think|show more|view comments|save|e-?mail|copy link|skip to (?:main )?content|back to top"
    r"|order reprints|print article|text size|post comment|this article has been sent to"
    r"|an error (?:has )?occurred[\w ,]{0,40}|was this (?:page|article) helpful"
    r"|there was an error[\w ]{0,60}|keep an eye on your inbox[\w ]{0,60}|\d{1,6} (?:views?|shares?|likes?"
    r"|reads?))[\W_]{0,6}",
    re.I,
)
_LABELLED = re.compile(
    r"^[\W_]{0,3}(?:filed under|tags?|tagged(?: (?:with|as|in))?|posted (?:in|under)|categor(?:y|ies)|source"
    r"|photo(?:graph)?(?: by)?"
    r"|image(?: credit)?|credit|share this|topics?)\s{0,3}:\s?[^\n]{0,160}",
    re.I,
)
_RIGHTS = re.compile(
    r"[\W_]{0,3}(?:copyright\W{1,3}(?:©|\(c\)|[\w .]{0,40}\b(?:19|20)\d\d\b)|©|ⓒ|\(c\))|\ball rights reserved\b"
    r"|\bpersonal,? non-commercial use only\b",
    re.I,
)
_CAPTION = re.compile(
    r"\((?:photo(?:graph)?|image|picture|credit|photo credit|image credit)s?(?: by|:)[^()]{2,80}\)\s{0,3}$", re.I
)
_READER = re.compile(r"\bif you (?:enjoyed|liked|found)\b[^\n]{0,60}\b(?:article|post|story)\b", re.I)
_CREDIT = re.compile(
    r"[\W_]{0,3}(?:additional |further )?(?:reporting|writing|editing) by\b"
    r"|\bcontributed (?:reporting\b|to (?:this|the) (?:report|story|article))",
    re.I,
)
_SIGN_UP = re.compile(r"\b(?:subscribe|sign(?:ing)?[- ]?up|register|join|get|receive|delivered)\b", re.I)
_LETTER = re.compile(
    r"\b(?:newsletters?|in(?:to|) your (?:inbox|letterbox)|your (?:inbox|letterbox)|mailing list"
    r"|e-?mail (?:alerts?|updates?)"
    r"|youtube channel|on youtube|every morning by|free trial|our app)\b",
    re.I,
)
_FOLLOW = re.compile(
    r"(?:\bfollow\b|\blike us\b|\blisten\b|\bjoin us\b|\breach (?:the )?reporters?\b)[^\n]{0,120}"
    r"(?:\b(?:twitter|facebook|instagram|linkedin|youtube|bluesky|mastodon|threads|whatsapp)\b|@\w|\bhttps?://)",
    re.I,
)
_CLICK = re.compile(r"\bclick(?:ing)? here\b|\bget the [\w ]{2,40} app\b|\bshare it with a friend\b", re.I)
_WRITE_TO = re.compile(
    r"[\W_]{0,3}(?:write to|e-?mail|contact|reach|have a tip|got a tip"
    r"|do you have a story)\b[^\n]{0,160}?[\w.+-]{1,40}@[\w-]{1,40}",
    re.I,
)
_ADDRESS = re.compile(
    r"(?:https?://|www\.)\S{1,500}|[\w.+-]{1,60}@[\w-]{1,60}\.[\w.]{2,20}|@\w{2,30}|\b\w{2,30}\.com/\S{1,200}"
)
_TIME_WORDS = re.compile(
    r"\b(?:(?:first |last )?(?:published|updated|posted|modified|reviewed|created|served|generated|printed"
    r"|retrieved)|date|on|at|by|the|of|to|ago|hours?|minutes?|mins?"
    r"|days?|read(?:ing)?(?: time)?|min|am|pm|a\.m|p\.m|gmt|bst|utc|[ecmp][sd]?t"
    r"|mon|tues?|wed|thu(?:rs?)?|fri|sat|sun|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\b|\d{1,4}(?:st|nd|rd|th)?\b",
    re.I,
)
_CLOCK = re.compile(r"\b\d{1,2}[:.h]\d{2}\b")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_LETTERS = re.compile(r"[^\W\d_]")


def is_noise(text: str) -> bool:
    """Whether a block is furniture of the page rather than text."""
    if len(text) > _SHORT:
        return bool(len(text) < 2 * _SHORT and _is_long_noise(text))
    return bool(
        _UI.fullmatch(text)
        or _LABELLED.fullmatch(text)
        or is_teaser(text)
        or _RIGHTS.search(text)
        or _CREDIT.search(text)
        or _WRITE_TO.match(text)
        or _FOLLOW.search(text)
        or _CLICK.search(text)
        or (_SIGN_UP.search(text) and _LETTER.search(text))
        or _CAPTION.search(text)
        or _READER.search(text)
        or _is_address(text)
    )


def _is_long_noise(text: str) -> bool:
    signs_up = _SIGN_UP.search(text) and _LETTER.search(text)
    return bool(_CREDIT.match(text) or _RIGHTS.search(text) or _READER.match(text) or signs_up or _FOLLOW.match(text))


def _is_address(text: str) -> bool:
    """Whether a block is a link, a mail address or a rule of signs, and nothing else."""
    without = _ADDRESS.sub("", text)
    letters = len(_LETTERS.findall(without))
    return (letters == 0 and not any(char.isdigit() for char in without)) or (letters < 4 and without != text)


def is_teaser(text: str) -> bool:
    """Whether a block points to another page, or heads a list of those."""
    return len(text) <= _SHORT and bool(_TEASER.match(text))


def is_date_line(text: str) -> bool:
    """Whether a block says when the page was published or how long it takes to read, and nothing else."""
    if len(text) > 100 or not any(char.isdigit() for char in text):
        return False
    return bool(_CLOCK.search(text) and _YEAR.search(text)) or not _LETTERS.search(_TIME_WORDS.sub("", text))
