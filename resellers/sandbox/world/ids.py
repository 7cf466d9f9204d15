"""Ids of a world: GUIDs that follow from its seed alone."""

from __future__ import annotations

import hashlib


def guid(seed: int, kind: str, number: int) -> str:
    """The number-th id of that kind in the world of that seed."""
    digits = hashlib.sha256(f"{seed}:{kind}:{number}".encode()).hexdigest()
    # Version 4 and its variant, written by hand: uuid.UUID takes three times as long, and a large
    # world has half a million ids.
    variant = "89ab"[int(digits[16], 16) % 4]
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:32]}"


def key(seed: int, *, after: str = "") -> str:
    """The first API key of the world of that seed, or the one that is made after another."""
    return f"sandbox-key-{hashlib.sha256(f'{seed}:key{after}'.encode()).hexdigest()[:40]}"


class Ids:
    """Fresh ids for what is made while the world runs; `made` counts them."""

    def __init__(self, seed: int, made: int = 0) -> None:
        self.seed = seed
        self.made = made

    def new(self) -> str:
        self.made += 1
        return guid(self.seed, "made", self.made)
