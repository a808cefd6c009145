"""One item of GOV.UK's Content API to a Document: its text, its change history, its attachments.

Source: the content schemas of alphagov/publishing-api. The text lies under ``details``, in keys that differ by type.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from crawlers.adapters.common import clean_hints, day, mapping, objects, text_of, web_link
from crawlers.adapters.fragment import fragment_text
from warehouse.models import Document

_NO_TEXT = {
    "redirect", "gone", "vanish", "unpublishing", "placeholder", "special_route", "external_content", "need", "facet",
    "finder", "finder_email_signup", "email_alert_signup", "homepage", "organisations_homepage", "service_sign_in",
    "mainstream_browse_page", "topic", "taxon", "travel_advice_index", "service_manual_topic",
}  # fmt: skip
# In the order in which the pages show them.
_HTML = (
    "introductory_paragraph", "introduction", "licence_overview", "summary", "body", "what_you_need_to_know",
    "need_to_know", "more_information", "other_ways_to_apply", "public_feedback_detail", "final_outcome_detail",
)  # fmt: skip
_PARTS = ("parts", "collection_groups", "nodes", "collections")


def read_content(item: dict[str, Any], address: str) -> Document | None:
    """Return a content item, fetched from ``address``, as a Document; None where the item has no text of its own.

    ``history`` is the official log of changes, oldest first; attachments stand in ``extra["attachments"]``.
    """
    details, kind = mapping(item.get("details")), text_of(item.get("schema_name")) or ""
    path = text_of(item.get("base_path"))
    if kind in _NO_TEXT or text_of(item.get("document_type")) in _NO_TEXT:
        return None
    body = "\n\n".join(_blocks(details))
    description = fragment_text(_html(item.get("description"))) or None
    if not body and not description:
        return None
    url = web_link(address, path) or address.replace("/api/content", "", 1)
    return Document(
        url=url,
        text="\n\n".join(part for part in (description, body) if part),
        title=text_of(item.get("title")),
        published=day(item.get("first_published_at")) or day(details.get("first_public_at")),
        updated=day(item.get("public_updated_at")),
        publisher=_publisher(item),
        language=text_of(item.get("locale")),
        canonical_url=url,
        kind=text_of(item.get("document_type")) or "page",
        history=tuple(_history(details)),
        extra=clean_hints(
            attachments=list(_attachments(details, url)),
            withdrawn=day(mapping(item.get("withdrawn_notice")).get("withdrawn_at")),
            withdrawn_why=fragment_text(text_of(mapping(item.get("withdrawn_notice")).get("explanation"))),
            first_published=day(details.get("first_public_at")),
        ),
    )


def _blocks(details: dict[str, Any]) -> Iterator[str]:
    for key in _HTML:
        if text := fragment_text(_html(details.get(key))):
            yield text
    for key in _PARTS:
        for part in objects(details.get(key)):
            yield from filter(None, (text_of(part.get("title")), fragment_text(_html(part.get("body")))))
            if key == "collections":
                yield from filter(None, [fragment_text(_html(part.get("description")))])
    yield from _steps(mapping(details.get("step_by_step_nav")))


def _steps(guide: dict[str, Any]) -> Iterator[str]:
    if text := fragment_text(_html(guide.get("introduction"))):
        yield text
    for step in objects(guide.get("steps")):
        if title := text_of(step.get("title")):
            yield title
        for content in objects(step.get("contents")):
            names = [text_of(link.get("text")) for link in objects(content.get("contents"))]
            if block := text_of(content.get("text")) or "\n".join(f"- {name}" for name in names if name):
                yield block


def _html(value: object) -> str | None:
    """The HTML of a field that is a string, or a list of the same text in several forms."""
    if isinstance(value, str):
        return value
    forms = {text_of(form.get("content_type")): form.get("content") for form in objects(value)}
    chosen = forms.get("text/html") or forms.get("text/govspeak")
    return chosen if isinstance(chosen, str) else None


def _history(details: dict[str, Any]) -> Iterator[tuple[str, str]]:
    changes = [
        *((change.get("public_timestamp"), change.get("note")) for change in objects(details.get("change_history"))),
        *((change.get("published_at"), change.get("change_note")) for change in objects(details.get("change_notes"))),
    ]
    known = ((text_of(at), text_of(note)) for at, note in changes)
    yield from sorted((at, note or "") for at, note in known if at)


def _publisher(item: dict[str, Any]) -> str | None:
    links = mapping(item.get("links"))
    bodies = objects(links.get("primary_publishing_organisation")) or objects(links.get("organisations"))
    bodies = bodies or objects(mapping(item.get("details")).get("organisations"))
    return "; ".join(dict.fromkeys(title for body in bodies if (title := text_of(body.get("title"))))) or None


def _attachments(details: dict[str, Any], base: str) -> Iterator[dict[str, Any]]:
    for file in objects(details.get("attachments")):
        if link := web_link(base, file.get("url")):
            name = text_of(file.get("title")) or urlsplit(link).path.rsplit("/", 1)[-1]
            yield clean_hints(title=name, url=link, content_type=text_of(file.get("content_type")))
