"""Evidence tables and feeds, one module a format."""
