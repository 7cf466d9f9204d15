"""What Wix said, fit to be shown: no secret, no person's contact data, never endless."""

import json
import re
from typing import Any

from resellers.connection import known_keys

LONGEST = 20_000
BLANK = "(not shown)"
# Parts of the keys whose values tell of a person or open a door.
HIDDEN = (
    *("authorization", "apikey", "api_key", "token", "secret", "password"),
    *("email", "phone", "mobile", "fax"),
    *("fullname", "full_name", "firstname", "first_name", "lastname", "last_name"),
)
# Fields that come as pairs are named by one key and told by another.
NAME_KEYS, VALUE_KEYS = ("name", "key", "type", "label", "field"), ("value", "values")
# What gives itself away wherever it stands. Ids, dates, IP addresses and versions do not look so.
LOOKS = (
    # An e-mail address; the lengths keep a long text from being looked through again and again.
    r"[^\s@<>()\"',;:]{1,64}@[^\s@<>()\"',;:]{1,255}\.[^\s@<>()\"',;:.]+",
    r"(?<![\w+])\+\d[\d ().\-]{6,}\d",  # a phone number with its country
    # A phone number without one: three groups, the last of three digits or more.
    r"(?<![\w.\-])(?:\(\d{2,5}\) ?|\d{2,5}[ .\-])\d{2,4}[ .\-]\d{3,}(?![\w\-]|\.\d)",
    r"\b(?i:bearer)\s+[\w.~+/=\-]+|\b(?i:basic)\s+[\w+/\-]{12,}=*",  # an Authorization
    r"\bIST\.[\w.\-]+|\beyJ[\w\-]{8,}(?:\.[\w\-]*)*",  # a key of Wix, a signed token
    # A long run of letters, large and small, and digits: nothing that people read.
    r"(?<![\w\-])(?=[\w\-]*[a-z])(?=[\w\-]*[A-Z])(?=[\w\-]*\d)[\w\-]{32,}",
)
SENSITIVE = re.compile("|".join(LOOKS))


def redacted_json(answer: Any) -> str:
    """The answer as indented JSON, with our key and whatever tells of a person blanked.

    That is values under telling keys, and what looks like an e-mail address, a phone number, a key
    or a token, wherever it stands.
    """
    text = _without_key(json.dumps(_redacted(answer), indent=2, ensure_ascii=False))
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}\n… {len(text):,} characters in all"


def redacted_text(text: str) -> str:
    """The text with our key blanked, and what looks as if it told of a person."""
    return _without_key(SENSITIVE.sub(BLANK, text))


def _without_key(text: str) -> str:
    for key in known_keys():
        text = text.replace(key, BLANK)
    return text


def _redacted(value: Any) -> Any:
    if isinstance(value, dict):
        pair = any(_is_sensitive(str(value.get(key, ""))) for key in NAME_KEYS)
        return {
            _redacted(key): BLANK
            if item and (_is_sensitive(key) or (pair and key in VALUE_KEYS))
            else _redacted(item)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [_redacted(item) for item in value]
    return SENSITIVE.sub(BLANK, value) if isinstance(value, str) else value


def _is_sensitive(key: str) -> bool:
    return any(part in key.lower() for part in HIDDEN)
