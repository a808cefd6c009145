"""Names that training data and models share, apart so that reading the data loads no model."""

KINDS = ("none", "finding", "commitment", "recommendation", "assertion")
