"""Packages and sites as Wix gave them in, changed rows out: the only way into the mirror."""

from .batch import Ingested, ingest_packages, ingest_sites, mark_package_gone, note_sites

__all__ = ["Ingested", "ingest_packages", "ingest_sites", "mark_package_gone", "note_sites"]
