"""Readings of Wix: wanted as rows, claimed, carried out for some seconds at a time, resumable."""

from .requests import stop, want, want_chosen
from .runs import due, run

__all__ = ["due", "run", "stop", "want", "want_chosen"]
