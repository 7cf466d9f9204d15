"""Query words: what is typed into a list's box, taken for the filters of its address, and back.

`status:failed,pending age:>3d customer:"Two Words" mailbox` asks for services of either status, of
a certain age and customer, with the word mailbox. Each key is a filter of the list; more values of
one key mean any of them. Words in quotation marks are one word, whatever they look like; a
quotation mark within them is written twice.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING

from django.http import QueryDict
from django.utils.translation import gettext as _

from resellers.folding import is_one_line
from resellers.storable import storable

from .filters import Filter, InvalidQuery
from .matching import quoted, unquoted
from .word_values import WordValues, same_words

if TYPE_CHECKING:
    from .declaration import List

LONGEST = 2_000  # characters of all that is typed
# By parameter: what people type for it, first what is written. Where two claim a key, it is the
# first one's: the age of a service is that since it was created.
KEYS: dict[str, tuple[str, ...]] = {
    "account": ("customer", "account"),
    "created": ("age", "created"),
    "age": ("age", "changed", "asked", "failed"),
    "failure_code": ("code", "failure", "cause", "failure_code"),
    "service_type": ("type", "service_type"),
    "discount_code": ("discount", "voucher", "discount_code"),
    "expiring": ("expires", "expiring", "expiry"),
    "looked_after": ("looked_after", "keeper"),
    "by": ("by", "asked_by"),
    "owner": ("owner", "assignee"),
    "from": ("from", "since", "after"),
    "to": ("to", "until", "before"),
    "kind": ("kind", "what"),
}
_QUOTED = r'"(?:[^"]|"")*"'
_TOKEN = re.compile(
    rf"(?P<minus>-?)(?P<key>[a-z][a-z_-]+):(?!//)(?P<value>(?:{_QUOTED}|\S)+)"
    rf"|{_QUOTED}(?=\s|$)|\S+",
    re.IGNORECASE,
)
_VALUE = re.compile(rf"(?:{_QUOTED}|[^,])+")


@dataclass
class Typed:
    """What typed text asks: parameters with values as an address has them, and free words."""

    parameters: list[tuple[str, str]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def free_words(self) -> str:
        """The words that stand beside the keys, each as it was typed."""
        return " ".join(self.words)


class QueryWords:
    """The query words of one list: its keys, reading them and writing them. `names` are what the
    records are called that filters ask for, by filter and id, as far as that is known already."""

    def __init__(self, list_: "List", names: Mapping[str, Mapping[str, str]] | None = None) -> None:
        named = {item.name: item for item in list_.filters if item.name != "q"}
        self.keys: dict[str, Filter] = {}
        self.written: dict[str, str] = {}  # by parameter: the key that is written
        for name in [*(name for name in KEYS if name in named), *named]:
            for key in (*KEYS.get(name, ()), name):
                if self.keys.setdefault(same_words(key), named[name]) is named[name]:
                    self.written.setdefault(name, key)
        known = names or {}
        self.values = {
            name: WordValues(item, list_.rows, known.get(name)) for name, item in named.items()
        }

    def read(self, text: str) -> Typed:
        """What the text asks. Where something in it makes no sense, `errors` says what would."""
        typed = Typed()
        for token in _TOKEN.finditer(text):
            if token["key"] is None:
                typed.words.append(token[0])
                continue
            try:
                name = self._name(token)
                found = [(name, value) for value in self._values(name, token)]
            except InvalidQuery as error:
                typed.errors.append(f"{token[0]}: {error}")
            else:
                typed.parameters += [one for one in found if one not in typed.parameters]
        return typed

    def _name(self, token: re.Match[str]) -> str:
        key = same_words(token["key"])
        if key not in self.keys:
            near = get_close_matches(key, self.keys, 1)
            hint = (
                _("; did you mean %(written)s?")
                % {"written": self.written[self.keys[near[0]].name]}
                if near
                else "."
            )
            raise InvalidQuery(
                _(
                    "this list has no “%(key)s”%(hint)s It knows %(known)s. In quotation marks it"
                    " is looked for as it stands."
                )
                % {"key": token["key"], "hint": hint, "known": ", ".join(self.known)}
            )
        name = self.keys[key].name
        if token["minus"]:
            raise InvalidQuery(_("a minus leaves nothing out: write the values that are meant."))
        return name

    def _values(self, name: str, token: re.Match[str]) -> Iterator[str]:
        values = self.values[name]
        for part in _VALUE.findall(token["value"]):
            word = unquoted(part)
            yield values.read(word, is_quoted=word != part)

    @property
    def known(self) -> list[str]:
        """The keys, in the order of the list's filters."""
        return [self.written[name] for name in self.values]

    def write(self, texts: Mapping[str, Sequence[str]]) -> str:
        """What is typed for these values of parameters; free words are those of `q`."""
        asked = [
            f"{self.written[name]}:{','.join(map(values.write, texts[name]))}"
            for name, values in self.values.items()
            if texts.get(name)
        ]
        return " ".join([*asked, *texts.get("q", ())])


def literal(text: str) -> str:
    """The text, so written that none of its words is taken for a key with a value."""
    return " ".join(
        quoted(token[0], always=True) if token["key"] else token[0]
        for token in _TOKEN.finditer(text)
    )


def plain_parameters(list_: "List", parameters: QueryDict) -> tuple[QueryDict, str]:
    """The parameters with the keys typed in `q` as parameters of their own, and what is wrong.

    They are the same object where nothing was typed so, or where something makes no sense.
    """
    typed = [text for text in parameters.getlist("q") if ":" in text]
    if len(typed) != 1 or all(item.name != "q" for item in list_.filters):
        return parameters, ""
    [text] = typed
    if len(text) > LONGEST or not is_one_line(text) or text != storable(text):
        return parameters, ""
    asked = QueryWords(list_).read(text)
    if asked.errors or not asked.parameters:
        return parameters, " ".join(asked.errors)
    plain = parameters.copy()
    plain.setlist("q", [asked.free_words] if asked.words else [])
    for name, value in asked.parameters:
        plain.appendlist(name, value)
    return plain, ""
