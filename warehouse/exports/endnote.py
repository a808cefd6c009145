"""EndNote XML: one record a report, as EndNote, Covidence and Zotero import it."""

from __future__ import annotations

from typing import IO
from xml.etree import ElementTree

from warehouse.exports.records import Report, parted, reports
from warehouse.exports.table import Table
from warehouse.exports.text import one_line

# EndNote's own numbers of its reference types.
TYPES = {"JOUR": ("17", "Journal Article"), "RPRT": ("27", "Report"), "GOVDOC": ("46", "Government Document"),
         "NEWS": ("23", "Newspaper Article"), "BLOG": ("56", "Blog"), "HEAR": ("19", "Hearing"),
         "CONF": ("10", "Conference Proceedings"), "CHAP": ("5", "Book Section"), "THES": ("32", "Thesis"),
         "ELEC": ("12", "Web Page")}  # fmt: skip


def write_endnote(table: Table, out: IO[bytes]) -> None:
    """Write the records, one at a time."""
    out.write(b'<?xml version="1.0" encoding="UTF-8"?>\n<xml><records>\n')
    for number, report in enumerate(reports(table), 1):
        out.write(ElementTree.tostring(_record(report, number), encoding="unicode").encode("utf-8") + b"\n")
    out.write(b"</records></xml>\n")


def _record(report: Report, number: int) -> ElementTree.Element:
    record = ElementTree.Element("record")
    _put(record, "database", "Claimwatch")
    _put(record, "rec-number", str(number))
    code, name = TYPES.get(report.type, TYPES["ELEC"])
    ElementTree.SubElement(record, "ref-type", {"name": name}).text = code
    people = ElementTree.SubElement(ElementTree.SubElement(record, "contributors"), "authors")
    for author in report.authors:
        family, given = parted(author)
        _put(people, "author", f"{family}, {given}" if given else f"{family},")
    titles = ElementTree.SubElement(record, "titles")
    _put(titles, "title", report.title)
    _put(titles, "secondary-title", report.publisher)
    words = ElementTree.SubElement(record, "keywords")
    for word in report.keywords:
        _put(words, "keyword", word)
    _dates(record, report)
    for tag, value in (
        ("publisher", report.publisher), ("accession-num", report.id), ("electronic-resource-num", report.doi),
        ("abstract", report.abstract), ("notes", "; ".join(report.notes)), ("remote-database-name", "Claimwatch"),
        ("language", report.language),
    ):  # fmt: skip
        _put(record, tag, value)
    links = ElementTree.SubElement(record, "urls")
    _put(ElementTree.SubElement(links, "related-urls"), "url", report.url)
    _put(ElementTree.SubElement(links, "web-urls"), "url", report.archive_url)
    _put(record, "access-date", report.accessed.isoformat() if report.accessed else None)
    return record


def _dates(record: ElementTree.Element, report: Report) -> None:
    dates = ElementTree.SubElement(record, "dates")
    year = report.published.year if report.published else report.year
    _put(dates, "year", f"{year:04d}" if year else None)
    _put(ElementTree.SubElement(dates, "pub-dates"), "date", report.published.isoformat() if report.published else None)


def _put(parent: ElementTree.Element, tag: str, text: str | None) -> None:
    """Add an element with EndNote's inner ``style`` element around the text; nothing for no text."""
    if text:
        element = ElementTree.SubElement(parent, tag)
        ElementTree.SubElement(element, "style", {"face": "normal", "font": "default"}).text = one_line(text)
