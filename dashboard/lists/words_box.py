"""The box of a list in which one types words, with all that is asked for as it may be typed."""

from collections.abc import Sequence
from functools import cached_property

from resellers.texts import Text

from .inputs import FilterInput
from .query import ListQuery
from .query_words import QueryWords


class WordsBox:
    """What the box of query words shows for one query; `inputs` know what records are called."""

    def __init__(self, query: ListQuery, inputs: Sequence[FilterInput] = ()) -> None:
        self.query = query
        names = {item.filter.name: item.named for item in inputs if item.filter.is_discovered}
        self.words = QueryWords(query.list, names)

    @property
    def label(self) -> Text:
        return self.query.list.filter_named("q").label

    @cached_property
    def text(self) -> str:
        """Every filter in force as one may type it; what was typed wrong stands as it was."""
        return self.words.write(self.query.texts)

    @property
    def error(self) -> str:
        return self.query.errors.get("q", "")

    @property
    def keys(self) -> str:
        """The keys that may be typed: `status:, code:`."""
        return ", ".join(f"{key}:" for key in self.words.known)

    @property
    def hidden_fields(self) -> list[tuple[str, str]]:
        """What the box's form keeps as it is: all but the filters, which its words are."""
        filters = {item.name for item in self.query.list.filters}
        state = self.query.state.items()
        return [(name, text) for name, texts in state if name not in filters for text in texts]
