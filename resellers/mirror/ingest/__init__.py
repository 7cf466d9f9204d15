"""Packages and sites as Wix gave them in, changed rows out: the only way into the mirror."""

from .batch import Ingested, ingest_packages, mark_package_gone
from .sites import ingest_sites, note_sites

__all__ = ["Ingested", "ingest_packages", "ingest_sites", "mark_package_gone", "note_sites"]
