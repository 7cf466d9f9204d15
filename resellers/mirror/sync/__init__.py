"""Readings of Wix: wanted as rows, claimed, carried out in short stretches, resumable."""

from .runs import due, run, stop, want, want_chosen

__all__ = ["due", "run", "stop", "want", "want_chosen"]
