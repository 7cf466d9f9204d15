"""What Wix said, fit to be shown: no secret, no person's contact data, never endless."""

import json
from typing import Any

LONGEST = 20_000
HIDDEN = ("authorization", "apikey", "api_key", "token", "secret", "password", "email", "phone")


def as_text(answer: Any) -> str:
    """The answer as indented JSON, with values under telling names blanked."""
    text = json.dumps(_redacted(answer), indent=2, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}\n… {len(text):,} characters in all"


def _redacted(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: "(not shown)" if _is_telling(key) and item else _redacted(item)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [_redacted(item) for item in value]
    return value


def _is_telling(key: str) -> bool:
    return any(part in key.lower() for part in HIDDEN)
