"""Faults that corrupt a finished answer: JSON cut short, unknown values, cursors left out."""

from __future__ import annotations

import json
from collections.abc import Container, Iterator
from dataclasses import replace
from typing import Any

from ..wire.messages import Answer

PAGING_NAMES = ("metadata", "pagingMetadata")
# For each enum, a value that no document names.
UNKNOWN_VALUES = {
    "status": "UNDER_REVIEW",
    "unit": "DECADE",
    "editorType": "HOLOGRAM",
    "parentChildRole": "COUSIN",
    "connectionType": "TUNNEL",
    "assignmentType": "SHARED",
    "dnsPropagationStatus": "REWINDING",
    "icannConfirmationStatus": "ADJOURNED",
    "premiumType": "AUCTION",
}


def corrupt(given: Answer, effects: Container[str]) -> Answer:
    """The answer as these effects leave it; refusals stay as they are, save for cut JSON."""
    if given.status == 200 and any(
        name in effects
        for name in ("unknown_enum", "unknown_field", "paging_metadata", "no_cursors")
    ):
        body = json.loads(given.bytes())
        if "unknown_enum" in effects:
            _put_unknown_values(body)
        if "unknown_field" in effects:
            _put_unknown_fields(body)
        if "paging_metadata" in effects:
            body = {_other_name(name): value for name, value in body.items()}
        if "no_cursors" in effects:
            for name in PAGING_NAMES:
                (body.get(name) or {}).pop("cursors", None)
        given = replace(given, body=body)
    if "no_date" in effects:
        given = replace(given, dated=False)
    if "bad_json" in effects:
        text = given.bytes().decode("utf-8", "replace")
        given = replace(given, body=text[: max(1, len(text) * 2 // 3)])
    return given


def _other_name(name: str) -> str:
    if name not in PAGING_NAMES:
        return name
    return PAGING_NAMES[1 - PAGING_NAMES.index(name)]


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for one in list(value.values()):
            yield from _objects(one)
    elif isinstance(value, list):
        for one in value:
            yield from _objects(one)


def _put_unknown_values(body: dict[str, Any]) -> None:
    for one in _objects(body):
        for name in one.keys() & UNKNOWN_VALUES.keys():
            one[name] = UNKNOWN_VALUES[name]
        if "type" in one and "cycleDuration" in one:
            one["type"] = "ON_DEMAND"
        if "code" in one and "message" in one:
            one["code"] = "LOST_IN_TRANSIT"


def _put_unknown_fields(body: dict[str, Any]) -> None:
    for one in list(_objects(body)):
        one["addedLater"] = {"note": "no document names this", "values": [1, None, True]}
