"""Text in, annotations out: every stage is a pure function over a batch."""
