"""The columns of the evidence table, and the presets: the one list that every exporter, the codebook and docs read."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from warehouse.errors import UsageError

Who = Literal["machine", "machine, a person's wins", "machine where the text says so, or a person", "person", "base"]
Shape = Literal["text", "long", "number", "whole", "date", "time", "link", "list", "flag", "map"]
Grain = Literal["claim", "document", "theme"]
M: Who = "machine"
MP: Who = "machine, a person's wins"
SP: Who = "machine where the text says so, or a person"
P: Who = "person"
B: Who = "base"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name in files for programs, its title for people, what it means, and who fills it."""

    name: str
    title: str
    group: str
    shape: Shape
    who: Who
    definition: str


COLUMNS: tuple[Column, ...] = (
    Column("claim_id", "Claim", "Claim", "text", B, "The claim's permanent id; the app opens it at ?claim=<id>."),
    Column("quote", "Quote", "Claim", "long", B, "The sentence, list item or heading that claims, word for word."),
    Column("kind", "Kind", "Claim", "text", MP, "finding, commitment, recommendation or assertion."),
    Column("themes", "Themes", "Claim", "list", MP, "Codes of the codebook, each with barrier, enabler or mention."),
    Column("direction", "Direction", "Claim", "text", MP, "improved, worsened, no_effect, mixed or unclear."),
    Column("outcome", "Outcome", "Claim", "text", M, "What the claim is about the change of, by the gazetteer."),
    Column("intervention", "Intervention", "Claim", "text", M, "The programme, care model or measure it speaks of."),
    Column("comparator", "Comparator", "Study", "text", P, "What it was compared with."),
    Column("population", "Population", "Study", "text", P, "Who was studied, or is meant."),
    Column("setting", "Setting", "Study", "text", P, "Where care was given: home, hospital, care home, …"),
    Column("geography", "Geography", "Study", "list", MP, "Places and countries that the claim names."),
    Column("time_period", "Period", "Figure", "text", M, "The period that the first figure is of."),
    Column("figure_value", "Figure", "Figure", "number", M, "The first figure. A share is a fraction."),
    Column("figure_unit", "Unit", "Figure", "text", M, "GBP, %, percentage points, share, or the counted noun."),
    Column("figure_role", "Planned or actual", "Figure", "text", M, "planned, actual or context."),
    Column("figure_text", "Figure as written", "Figure", "text", M, "The figure in the quote's own words."),
    Column("hedge", "Hedge", "Claim", "text", M, "How sure the words are: none, hedged or strong."),
    Column("attribution", "Who says it", "Claim", "text", MP, "The person, body or study quoted, else author."),
    Column("basis", "Basis", "Study", "text", MP, "trial, observational, qualitative, modelling, review, opinion, …"),
    Column("study_design", "Study design", "Study", "text", SP, "The design, in the document's words."),
    Column("sample_size", "Sample size", "Study", "text", SP, "How many were studied, in the document's words."),
    Column("source_type", "Kind of source", "Source", "text", B, "think tank, news, journal, government, …"),
    Column("publisher", "Publisher", "Source", "text", B, "Who published the document."),
    Column("authors", "Authors", "Source", "list", B, "The authors as the document names them."),
    Column("year", "Year", "Source", "whole", B, "The year of publication, else of the first sight."),
    Column("title", "Title", "Source", "long", B, "The document's title."),
    Column("published", "Published", "Source", "date", B, "The day of publication, as the document states it."),
    Column("doi", "DOI", "Source", "text", B, "The document's DOI."),
    Column("url", "Address", "Source", "link", B, "Where the document is."),
    Column("deep_link", "Link to the words", "Source", "link", B, "Opens at the quote, or a PDF's page."),
    Column("archive_url", "Archived copy", "Source", "link", B, "The Internet Archive's, nearest to the last fetch."),
    Column("location", "Location", "Source", "text", B, "The page, or the characters of the text, of the quote."),
    Column("language", "Language", "Source", "text", B, "ISO 639-1."),
    Column("peer_reviewed", "Peer reviewed", "Source", "flag", MP, "Whether the source says that it was."),
    Column("funder", "Funder", "Study", "text", P, "Who paid for the study."),
    Column("licence", "Licence", "Source", "text", B, "Under which the document may be used, as stated there."),
    Column("version", "Version", "History", "text", B, "Which of the document's texts the quote stands in."),
    Column("first_seen", "First seen", "History", "time", B, "When the claim was first seen (UTC)."),
    Column("last_seen", "Last seen", "History", "time", B, "When the document was last fetched (UTC)."),
    Column("change_status", "Change", "History", "text", B, "What last happened to the claim: unchanged, softened, …"),
    Column("copies", "Copies", "History", "whole", B, "Other documents that carry the same text."),
    Column("review_verdict", "Verdict", "Review", "text", P, "accept, or empty where nobody has decided."),
    Column("reviewer", "Reviewer", "Review", "text", P, "Who decided or corrected."),
    Column("review_date", "Reviewed", "Review", "date", P, "The day of the last decision."),
    Column("note", "Note", "Review", "long", P, "A reviewer's note."),
    Column("confidence", "Machine confidence", "Review", "number", M, "0 to 1: how sure the tagger is."),
    Column("origin_of_each_value", "Origin of each value", "Review", "map", B, "Which values the machine made, and "
           "with which version; which a person, with name, day, and what the machine had said."),
)  # fmt: skip
# Columns of presets that gather claims; the rest of a gathered row is as above.
GATHERED: tuple[Column, ...] = (
    Column("number", "#", "Claim", "whole", B, "The row's number in this table."),
    Column("reference", "Reference", "Source", "long", B, "Authors (year). Title. Publisher. Address."),
    Column("findings", "Key findings", "Claim", "long", MP, "The quotes of the document's claims, one a line."),
    Column("claims", "Claims", "Claim", "whole", B, "How many claims are gathered here."),
    Column("effect", "Effect", "Figure", "text", M, "Direction and figure of the claim, as written."),
    Column("finding", "Summarised review finding", "Claim", "long", P, "The theme; for a person to word."),
    Column("documents", "Studies contributing", "Source", "whole", B, "How many works carry these claims."),
    Column("references", "References", "Source", "long", B, "The works that carry these claims."),
    Column("example", "Example", "Claim", "long", B, "The claim the tagger is surest of."),
    Column("adequacy", "Adequacy of data", "Review", "text", B, "Counts; the judgement is yours."),
    Column("aims", "Aims", "Study", "text", P, "Aims or purpose."),
    Column("follow_up", "Length of follow-up", "Study", "text", P, "How long participants were followed."),
    Column("characteristics", "Characteristics", "Study", "text", P, "Age, sex, condition, … of participants."),
    Column("risk_of_bias", "Risk of bias", "Review", "text", P, "By the tool of your choice."),
    Column("eligible", "Eligible", "Review", "text", P, "Whether the report is eligible, and why not."),
    Column("conflicts", "Conflicts of interest", "Study", "text", P, "As declared."),
    Column("limitations", "Methodological limitations", "Review", "text", P, "GRADE-CERQual."),
    Column("coherence", "Coherence", "Review", "text", P, "GRADE-CERQual."),
    Column("relevance", "Relevance", "Review", "text", P, "GRADE-CERQual."),
    Column("cerqual", "CERQual assessment of confidence", "Review", "text", P, "Only a person sets it."),
    Column("explanation", "Explanation of the assessment", "Review", "long", P, "Why that confidence."),
)  # fmt: skip
BY_NAME: Mapping[str, Column] = {column.name: column for column in (*COLUMNS, *GATHERED)}
PEOPLE_FIELDS = frozenset(c.name for c in COLUMNS if c.who in (MP, SP, P)) - {"reviewer", "review_date"}


@dataclass(frozen=True, slots=True)
class Preset:
    """A named choice of columns: a row a claim, a document or a theme. ``titles`` are a tradition's own headings."""

    name: str
    title: str
    grain: Grain
    columns: tuple[str, ...]
    titles: Mapping[str, str]

    def shown(self) -> list[Column]:
        """Return the columns under their headings here."""
        picked = [BY_NAME[name] for name in self.columns]
        return [Column(c.name, self.titles.get(c.name, c.title), c.group, c.shape, c.who, c.definition) for c in picked]


def _preset(name: str, title: str, grain: Grain, columns: str, **titles: str) -> Preset:
    return Preset(name, title, grain, tuple(columns.split()), titles)


PRESETS: Mapping[str, Preset] = {
    preset.name: preset
    for preset in (
        _preset("minimal", "The quote and where it stands", "claim",
                "quote kind themes publisher published url deep_link"),
        Preset("full", "Every column", "claim", tuple(c.name for c in COLUMNS), {}),
        _preset("cochrane", "Cochrane data collection, a row a study", "document",
                "reference authors year title doi eligible study_design time_period sample_size population setting "
                "geography characteristics risk_of_bias intervention comparator outcome claims findings funder "
                "conflicts note url archive_url reviewer review_date origin_of_each_value",
                intervention="Interventions", comparator="Comparison groups", outcome="Outcomes",
                findings="Key conclusions (quotes)", note="Reviewer's comments", study_design="Design",
                time_period="Duration", geography="Country or place", sample_size="Total participants",
                population="Participants", review_date="Reviewed on"),
        _preset("nice", "NICE intervention evidence table", "claim",
                "reference study_design sample_size characteristics intervention comparator follow_up outcome effect "
                "quote funder note deep_link reviewer review_date origin_of_each_value",
                reference="Bibliographic reference", study_design="Study type", sample_size="Number of patients",
                characteristics="Patient characteristics", comparator="Comparison", outcome="Outcome measures",
                effect="Effect size", funder="Source of funding", note="Additional comments"),
        _preset("jbi-scoping", "JBI scoping review charting", "document",
                "authors year title geography aims population sample_size study_design intervention comparator "
                "time_period outcome findings url note reviewer review_date origin_of_each_value",
                authors="Author(s)", geography="Country of origin", aims="Aims/purpose", study_design="Methodology",
                time_period="Duration", outcome="Outcomes", findings="Key findings that relate to the question"),
        _preset("cerqual-soqf", "GRADE-CERQual summary of qualitative findings", "theme",
                "number finding documents claims references example limitations coherence adequacy relevance cerqual "
                "explanation"),
    )
}  # fmt: skip


def find_preset(name: str, own: Mapping[str, str] | None = None) -> Preset:
    """Return a preset, or a person's own column set (``own``: name -> JSON list of columns).

    Raises UsageError naming those that there are.
    """
    if name in PRESETS:
        return PRESETS[name]
    if own and name in own:
        return own_preset(name, json.loads(own[name]))
    raise UsageError(f"--preset {name!r}: choose from {', '.join([*PRESETS, *(own or {})])}")


def own_preset(name: str, columns: Sequence[str]) -> Preset:
    """Return a preset of a person's own columns. Raises UsageError for a column that is none, or for no columns."""
    known = [column.name for column in COLUMNS]
    unknown = [column for column in columns if column not in known]
    if unknown or not columns:
        raise UsageError(f"columns {', '.join(unknown) or 'are missing'}: choose from {', '.join(known)}")
    return Preset(name, f"Columns of {name!r}", "claim", tuple(columns), {})
