"""Figures in a passage: what was promised, what came, and what only sets the scene."""

from nlp.figures.find import find_figures

__all__ = ["find_figures"]
