"""What may differ between two versions without anything having been said differently.

White space, typographic quotes and dashes; lines that pages put around an article: datelines, "last updated",
"read more" and "related" links, share, view and comment counters, reading times, advertisements, copyright years.
A line counts as such only as a whole, so that a sentence that speaks of a date or of sharing is never lost.
"""

from __future__ import annotations

import re

from nlp.align import normalise
from nlp.passages import flat

_MONTH = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,? )"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_TIME = r"(?:(?:at |,|-)? ?\d{1,2}[.:]\d{2}(?:[.:]\d{2})?(?:\.\d+)? ?(?:am|pm|a\.m\.|p\.m\.)?,? ?(?:gmt|bst|utc|est|edt|cet|z|[+-]\d{2}:?\d{2})?|,? (?:at )?\d{1,2} ?(?:am|pm)(?: gmt| bst)?)"
_DATE = (
    rf"{_WEEKDAY}?(?:the )?(?:{_DAY} (?:of )?{_MONTH},?(?: \d{{4}})?|{_MONTH} {_DAY}(?:,? \d{{4}})?|{_MONTH},? \d{{4}}"
    rf"|\d{{4}}-\d{{2}}-\d{{2}}(?:t(?=\d))?|\d{{1,2}}[/.]\d{{1,2}}[/.]\d{{2,4}})"
)
_AGO = r"(?:(?:about |over |almost )?(?:an?|\d+) (?:second|minute|min|hour|hr|day|week|month|year)s? (?:ago|later)|today|yesterday|just now)"
_WHEN = rf"(?:{_DATE}(?:{_TIME})?|{_TIME} ?,?(?:on )?{_DATE}|{_AGO}(?:{_TIME})?)"
_LABEL = (
    r"(?:first |last |page |this (?:page|article|content|document) (?:was |is )?|(?:article|content|page) )*"
    r"(?:published|posted|updated|modified|revised|reviewed|changed|edited|checked|created|added|accessed|issued|date|dated|"
    r"publication date|review date|next review(?: due)?|release date|first seen|available online)"
)
_COUNT = r"[\d,.]+ ?[km]?"
_COUNTED = r"(?:comments?|replies|responses?|shares?|views?|likes?|reads?|retweets?|reposts?|tweets?|downloads?|reactions?|claps?|votes?|visits?|citations?|followers?|people (?:like|shared|found) this(?: helpful| useful)?)"

_NOISE = [
    rf"(?:\W*(?:{_LABEL}(?: on| at| by| in|:)* *)?{_WHEN}[\W]*)+",
    rf"{_LABEL}(?: date| on| at| in|:| -)* ?{_WHEN}(?:,? (?:by|in|under) [\w ,.'&-]{{1,60}})?",
    rf"(?:by )?[\w.' -]{{3,60}}[,|·•-] ?{_WHEN}",
    rf"(?:view |see |show |read |share |all )?(?:all )?(?:the )?\(?{_COUNT}\)? {_COUNTED}(?:(?: ?[,|·•/] ?| ){_COUNT} {_COUNTED})*",
    rf"{_COUNTED} ?[:(-]? ?{_COUNT}\)?(?: times)?",
    rf"(?:viewed|read|shared|downloaded|cited|cited by|visited|liked|page views|share count|comment count) ?:? ?{_COUNT}(?: times?| people| articles?)?",
    r"(?:no|be the first to|leave a|add a|post a|write a|add your|join the) ?(?:comments?|reply|comment|conversation|discussion)(?: yet)?",
    r"(?:read|see|find out|learn|show|view|load|discover|continue) (?:more|less|on|reading|also|next|all)(?: ?[:>»→-].*| about .{1,80}| \.\.\.)?",
    r"(?:related|also read|see also|read next|more on this|more on this story|up next|recommended|you may also like|more like this|more stories|most read|most viewed|trending|popular|in this (?:article|section)|topics|tags|filed under|categories)(?: (?:stories|articles|content|links|topics|posts|reading))?(?: ?:.*)?",
    r"share(?: (?:this|on|via|to|by)(?: (?:page|article|story|post|link))?)?(?: ?(?:on|via|to|by|with|:)? ?(?:facebook|twitter|x|linkedin|whatsapp|e-?mail|mastodon|bluesky|reddit|pinterest|messenger|threads)?(?:,| and| or| \|)?)*",
    r"(?:tweet|pin|like|follow us|follow us on .{1,40}|print(?: this(?: page| article)?)?|e-?mail(?: this)?(?: page| article| to a friend)?|copy link|save|bookmark|download(?: as)? pdf|back to top|top|skip to .{1,30}|menu|search|close|home|next|previous|listen to this article)",
    rf"(?:{_COUNT} ?-? ?(?:min(?:ute)?s?|mins)\.? read|(?:estimated )?reading time:? ?(?:about )?{_COUNT} ?(?:minutes?|mins?)?|(?:time to read|read time):? ?{_COUNT}.{{0,10}})",
    r"(?:advertisement|advert|sponsored(?: content)?|promoted(?: content)?|article continues below(?: advertisement)?|story continues below|sign up (?:to|for) .{1,60}(?:newsletter|bulletin|alerts?|emails?)|subscribe(?: (?:now|to|for) .{1,60})?)",
    r"(?:\(c\)|©|copyright)(?: ?\(c\)| ?©)? ?(?:\d{4}(?: ?- ?\d{4})?)?,?.{0,60}(?:\d{4})?(?: all rights reserved)?",
    rf"page {_COUNT}(?: of {_COUNT})?|{_COUNT} of {_COUNT}|\(?{_AGO}\)?",
    rf"(?:this article|the article|it) (?:has |was )?(?:last )?changed (?:{_COUNT} times?|{_AGO}|over .{{1,40}}).*",
]  # fmt: skip
_NOISE_LINE = re.compile("|".join(f"(?:{p})" for p in _NOISE), re.I)
_DATELINE = re.compile(
    rf"\A(?:[A-Z][A-Z .,'/]{{2,30}}(?:, ?(?i:{_DATE}))? ?(?:\((?:Reuters|PA|AP|AFP|PA Media|Press Association)\))? ?-+ ?"
    rf"|\(?(?i:{_WEEKDAY}?{_DATE}(?:{_TIME})?)\)? ?[-:|] ?(?=[A-Z\"']))"
)
_STAMP = re.compile(rf"(?:[,|·•(-] ?|\b(?:on|at|of) )?\b{_WHEN}\)?", re.I)
_TRAILER = re.compile(
    rf" ?(?:\[?(?:read|see|find out|learn) more\]?(?: ?(?:>+|»|→|\.\.\.))?|\(?{_COUNT} (?:shares?|comments?|views?)\)?) ?\Z",
    re.I,
)
_ENDS_SENTENCE = re.compile(r"[.!?][\"')\]]*\Z")
MAX_LINE_CHARS = 160
MAX_FURNITURE_WORDS = 14


def is_noise(text: str) -> bool:
    """Return whether ``text``, as a whole, is a dateline, a counter, a link to elsewhere or other page furniture."""
    line = normalise(flat(text)).strip(" .|>»→·•*#[]-")
    return not any(c.isalnum() for c in line) or (len(line) <= MAX_LINE_CHARS and bool(_NOISE_LINE.fullmatch(line)))


def comparable(text: str) -> str:
    """Return what of ``text`` is compared between versions; empty where nothing is (it is furniture).

    A dateline before a sentence and a "read more" behind it are taken off. In a short line that is no sentence
    (a byline with its date), whole dates are taken out.
    """
    if is_noise(text):
        return ""
    line = normalise(flat(text))
    line = _TRAILER.sub("", _DATELINE.sub("", line)).strip() or line
    if not _ENDS_SENTENCE.search(line) and len(line.split()) <= MAX_FURNITURE_WORDS:
        bare = _STAMP.sub("", line).strip(" ,|-:")
        line = bare if bare and bare != line and not _NOISE_LINE.fullmatch(bare) else line
    return line
