"""What a list may be asked, as OpenAPI documents it. The list itself judges what was asked."""

from functools import singledispatch
from typing import Any

from dashboard.lists.declaration import List
from dashboard.lists.filters import (
    LONGEST,
    ChoiceFilter,
    DayFilter,
    Filter,
    FlagFilter,
    TypedFilter,
    WordFilter,
    WordsFilter,
)
from dashboard.lists.found_filters import IdFilter
from dashboard.lists.keyset import LONGEST_TOKEN
from dashboard.lists.page import PAGE_SIZE
from dashboard.lists.person_filter import PersonFilter
from dashboard.lists.query import MOST_VALUES, SIZES
from dashboard.lists.spans import SpanFilter

Json = dict[str, Any]
# One line, as `clean_text` has it; of a word that a column may hold, any text that can be kept.
VISIBLE = r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]+$"
WORD = r"^[^\x00]+$"
SPAN = r"^[<>][1-9][0-9]{0,2}(min|h|d|w)$"


def names_of(list_: List) -> set[str]:
    """Every parameter that a call for this list may have."""
    return {one.name for one in list_.filters} | {"sort", "per_page", "after"}


def texts_of(list_: List) -> set[str]:
    """Those that any text may be given to, blanks among it."""
    return {one.name for one in list_.filters if isinstance(one, WordsFilter | WordFilter)}


def documented(list_: List) -> list[Json]:
    """The same, each with what it may be."""
    sorts = [f"{sign}{name}" for name in list_.sorts for sign in ("", "-")]
    return [
        *(_documented(one) for one in list_.filters),
        _parameter(
            "sort",
            "By what the records are sorted; a minus reverses.",
            {"type": "string", "enum": sorts, "default": list_.default_sort},
        ),
        _parameter(
            "per_page",
            "How many records an answer has at most.",
            {"type": "integer", "enum": list(SIZES), "default": PAGE_SIZE},
        ),
        _parameter(
            "after",
            "Where the answer before this one ended: `next` has it.",
            {"type": "string", "format": "mark", "minLength": 1, "maxLength": LONGEST_TOKEN},
        ),
    ]


def _documented(asked: Filter) -> Json:
    schema = schema_of(asked)
    if asked.takes_several:
        schema = {"type": "array", "items": schema, "maxItems": MOST_VALUES}
    words = str(asked.label)
    if asked.takes_several:
        words += ". May be repeated: any of the values will do."
    return _parameter(asked.name, words, schema)


def _parameter(name: str, words: str, schema: Json) -> Json:
    several = {"style": "form", "explode": True} if schema["type"] == "array" else {}
    return {"in": "query", "name": name, "description": words, "schema": schema, **several}


@singledispatch
def schema_of(asked: Filter) -> Json:
    """What one value of this filter may be."""
    return _text(VISIBLE)


@schema_of.register
def _(asked: WordFilter) -> Json:
    return _text(WORD)


@schema_of.register
def _(asked: TypedFilter) -> Json:
    return _text(WORD)


@schema_of.register
def _(asked: ChoiceFilter) -> Json:
    return {"type": "string", "enum": list(asked.choices)}


@schema_of.register
def _(asked: SpanFilter) -> Json:
    choices = list(asked.choices)
    return {"type": "string", "anyOf": [{"enum": choices}, {"pattern": SPAN}]}


@schema_of.register
def _(asked: FlagFilter) -> Json:
    return {"type": "string", "enum": ["1"]}


@schema_of.register
def _(asked: DayFilter) -> Json:
    return {"type": "string", "format": "date"}


@schema_of.register
def _(asked: IdFilter) -> Json:
    return {"type": "string", "format": "uuid"}


@schema_of.register
def _(asked: PersonFilter) -> Json:
    return {"type": "string", "format": "username", "minLength": 1, "maxLength": LONGEST}


def _text(pattern: str) -> Json:
    return {"type": "string", "pattern": pattern, "minLength": 1, "maxLength": LONGEST}
