"""Measurements, one module a table. Run all with ``make bench``, one with ``make bench ONLY=extraction``."""
