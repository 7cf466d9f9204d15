"""Counts that are kept with the changes: the database writes them, here they are looked after."""

from .keeping import check, fold, fold_if_many, lay, mend

__all__ = ["check", "fold", "fold_if_many", "lay", "mend"]
