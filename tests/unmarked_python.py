"""Finds what people read in a module and no translator would see, where its place tells it.

That is a constant or an f-string as an argument or attribute that pages show by its name, and the
words of a message or of a refusal. Whatever is kept for good, or read by no page, is not found.
"""

import ast
import re
from collections.abc import Iterator

# Arguments and attributes of what is declared that pages show.
SHOWN = {
    *("absent", "at_once", "button", "caption", "changes_words", "empty_title", "help_text"),
    *("label", "leave_words", "title"),
}
# By what is called: the place of the argument that people read.
SAID_BY = {
    "Column": 1,
    "Http404": 0,
    "InvalidQuery": 0,
    "PermissionDenied": 0,
    "SortOption": 0,
    "ValidationError": 0,
    "messages.error": 1,
    "messages.info": 1,
    "messages.success": 1,
    "messages.warning": 1,
}
_WORD = re.compile(r"[^\W\d_]{2}")


def unmarked_in_python(source: str) -> Iterator[str]:
    """Each text that people would read and that is not marked for translation."""
    for node in ast.walk(ast.parse(source)):
        for value in _shown(node):
            text = _text_of(value)
            # What has no word for people, such as a mark or markup, wants no translation.
            if _WORD.search(re.sub(r"<[^>]*>", "", text)):
                yield text


def _shown(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.Call):
        # Of a model's field it tells colleagues what it holds.
        is_of_model = ast.unparse(node.func).startswith("models.")
        yield from (one.value for one in node.keywords if one.arg in SHOWN and not is_of_model)
        place = SAID_BY.get(ast.unparse(node.func), len(node.args))
        yield from node.args[place : place + 1]
    elif isinstance(node, ast.Assign):
        names = {one.id for one in node.targets if isinstance(one, ast.Name)}
        yield from [node.value] * bool(names & SHOWN)


def _text_of(value: ast.expr) -> str:
    """What is written there itself; nothing where something else says it."""
    parts = value.values if isinstance(value, ast.JoinedStr) else [value]
    written = (part.value for part in parts if isinstance(part, ast.Constant))
    return "".join(one for one in written if isinstance(one, str))
