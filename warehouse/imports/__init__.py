"""What a reviewer already has: RIS, BibTeX, CSV, TSV, PubMed and EndNote XML files to records. Nothing is fetched."""

from warehouse.imports.read import MAX_BYTES, read_records, read_rows
from warehouse.imports.records import Record

__all__ = ["MAX_BYTES", "Record", "read_records", "read_rows"]
