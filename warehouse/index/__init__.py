"""The search index of a snapshot: words (tantivy), meaning (quantised vectors), and what both filter by."""
