"""Pages that came with status 200 and are not the article: not found, a consent or login wall, a robot check.

Each rule asks for its words and for the lack of a text, so that an article about cookie walls is an article.
"""

from __future__ import annotations

import re

_MISSING = re.compile(
    r"\b(?:page|article|file|content|document|resource)(?: you (?:requested|are looking for|were looking for))?"
    r" (?:(?:was|is|could|can)(?: ?not|n['’]t)?(?: be)? ?(?:not )?(?:found|available|exist)|not found"
    r"|no longer (?:exists?|available)"
    r"|does(?: not|n['’]t) exist|has been (?:removed|deleted|moved))"
    r"|^(?:error )?404\b|\b404 (?:error|not found)|\bnot found\b.{0,20}\b404\b|^(?:page )?not found\b",
    re.I,
)
_CONSENT = re.compile(
    r"\bcookies?\b|\bconsent\b|\bour partners\b|\baccept all\b|\breject all\b|\bprivacy (?:choices|settings"
    r"|policy|preferences)\b"
    r"|\blegitimate interest|\bpersonali[sz]ed (?:ads|content)|\bmanage (?:options|preferences)\b"
    r"|\bstore and/or access\b",
    re.I,
)
_LOGIN = re.compile(
    r"\b(?:sign|log) ?-?in\b.{0,60}\b(?:to (?:continue|read|view|access)|required)|\b(?:subscribe|register"
    r"|create (?:a free|an) account)"
    r"\b.{0,60}\bto (?:continue|read|view|access|keep reading)|\b(?:subscribers?|members) only\b|\byou (?:must"
    r"|need to) (?:be logged|log|sign) in\b",
    re.I | re.S,
)
_ROBOT = re.compile(
    r"\bverify(?:ing)? (?:that )?you are (?:a )?(?:not a robot|human)|\bcaptcha\b"
    r"|\baccess (?:to this page has been )?denied\b|\bunusual traffic\b"
    r"|\benable (?:javascript|cookies)\b|\bchecking (?:your browser|if the site connection is secure)"
    r"|\battention required\b"
    r"|\bjavascript is (?:disabled|required)|\bone more step\b|\bpardon our interruption\b"
    r"|\brequest (?:was )?blocked\b",
    re.I,
)
_ENOUGH = 40  # characters below which there is no text


def suspicion(title: str | None, text: str, whole: str) -> str | None:
    """Return why a page is not the article it seems to be, or None.

    ``text`` is its main text; ``whole`` the first part of all its words, for pages where no main text was found.
    """
    head = f"{title or ''}\n{text[:600] or whole[:600]}"
    sentences = [part for part in re.split(r"[.\n!?]+", text or whole[:2000]) if len(part) > 10]
    if len(text) < 1500 and (_MISSING.search(title or "") or (len(text) < 600 and _MISSING.search(head))):
        return "soft 404: it says the page was not found"
    if len(text) < 800 and _ROBOT.search(head):
        return "robot check: it asks to prove being human, or for JavaScript"
    if len(text) < 700 and _LOGIN.search(head):
        return "login wall: it asks to sign in or subscribe"
    about_consent = sum(bool(_CONSENT.search(sentence)) for sentence in sentences)
    if len(text) < 2500 and about_consent >= 2 and about_consent * 2 > len(sentences):
        return "consent wall: its text is about cookies"
    return "no text found on the page" if len(text.strip()) < _ENOUGH else None
