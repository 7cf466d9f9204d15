"""The values of query words: what a word typed after a key asks of its filter, and how it is typed.

A value is understood by the words that people read and by Wix's, in any letter case, with blanks,
hyphens or underscores between; a record by its name, its id or the beginning of that.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from resellers.folding import plain
from resellers.models import Account, CatalogProduct, Package, Site
from resellers.texts import Text
from resellers.wix_ids import as_wix_id

from . import matching
from .filters import DayFilter, Filter, FlagFilter, InvalidQuery, TypedFilter, WordFilter
from .found_filters import IdFilter
from .matching import quoted
from .person_filter import PersonFilter
from .spans import SpanFilter

YES = ("yes", "1", "true")
MOST_NAMED = 12  # possible values that an error names
MOST_RECORDS = 4
MOST_LOOKED_AT = 500
CAPITALS = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*")  # how Wix writes its words
# Of each kind of record: how people call it, several of it, and how its words are found.
RECORDS: dict[type[Model], tuple[Text, Text, matching.Matcher]] = {
    Account: (
        gettext_lazy("customer"),
        ngettext_lazy("customer", "customers"),
        matching.ACCOUNTS,
    ),
    CatalogProduct: (
        gettext_lazy("product"),
        ngettext_lazy("product", "products"),
        matching.PRODUCTS,
    ),
    Package: (gettext_lazy("package"), ngettext_lazy("package", "packages"), matching.PACKAGES),
    Site: (gettext_lazy("site"), ngettext_lazy("site", "sites"), matching.SITES),
}


def same_words(text: str) -> str:
    """The text as values and keys are compared."""
    return " ".join(plain(text).replace("_", " ").replace("-", " ").split())


class WordValues:
    """The values that words mean to one filter; its options are asked for once at most. `names`
    are what records are called, by their ids, as far as that is known already."""

    def __init__(
        self, asked: Filter, rows: Callable[[], QuerySet], names: Mapping[str, str] | None = None
    ) -> None:
        self.filter = asked
        self.rows = rows
        self.names = names or {}

    @cached_property
    def _options(self) -> list[tuple[str, str]]:
        return [(value, str(words)) for value, words in self.filter.options]

    def read(self, word: str, *, is_quoted: bool = False) -> str:
        """The value, as an address has it, that the word means. Raises InvalidQuery.

        A word of a column is taken as it stands where a row has it, in quotation marks, and in
        capitals: Wix may invent one.
        """
        asked = self.filter
        if isinstance(asked, FlagFilter):
            return self._flag(word)
        if isinstance(asked, IdFilter):
            return str(_record_id(asked, word))
        if isinstance(asked, SpanFilter) and word[:1] in ("<", ">"):
            return asked.clean(word)
        if isinstance(asked, DayFilter):
            return asked.clean(word).isoformat()
        if (value := self._known(word)) is not None:
            return value
        if isinstance(asked, PersonFilter):
            asked.clean(word)
            return word
        if isinstance(asked, WordFilter):
            is_typed = isinstance(asked, TypedFilter) or is_quoted or CAPITALS.fullmatch(word)
            held = word if is_typed else self._held(asked, word)
            if held:
                asked.clean(written := asked.written(held))
                return written
        raise InvalidQuery(f"{self._possible}.")

    def _flag(self, word: str) -> str:
        if same_words(word) not in YES:
            raise InvalidQuery(_("write yes, or leave it out."))
        return "1"

    def _known(self, word: str) -> str | None:
        """The value of an option: exactly so if there is one, else in any spelling."""
        for value, words in self._options:
            if word in (value, words):
                return value
        folded = same_words(word)
        for value, words in self._options:
            if folded in (same_words(value), same_words(words)):
                return value
        return None

    def _held(self, asked: WordFilter, word: str) -> str:
        """The word as a row has it, in whatever letter case."""
        held = self.rows().order_by().filter(**{f"{asked.field}__iexact": word})
        return held.values_list(asked.field, flat=True).first() or ""

    @property
    def _possible(self) -> str:
        """The options as they are typed."""
        typed = [
            quoted(next(self.spellings(value))) for value, _words in self._options[:MOST_NAMED]
        ]
        more = len(self._options) - len(typed)
        spans = [_("a time such as >3d or <12h")] if isinstance(self.filter, SpanFilter) else []
        beyond = [_("%(more)s more") % {"more": more}] if more > 0 else []
        named = [*typed, *spans, *beyond]
        if not named:
            return _("it knows no values yet")
        if not named[1:]:
            return _("write %(one)s") % {"one": named[0]}
        return _("write %(some)s or %(last)s") % {
            "some": ", ".join(named[:-1]),
            "last": named[-1],
        }

    def write(self, text: str) -> str:
        """What is typed for this value of an address, so that it is read again as the same."""
        try:
            self.filter.clean(text)
        except InvalidQuery:
            return quoted(text)
        for spelling in self.spellings(text):
            for is_quoted in (False, True):
                try:
                    back = self.read(spelling, is_quoted=is_quoted)
                except InvalidQuery:
                    continue
                if self.filter.clean(back) == self.filter.clean(text):
                    return quoted(spelling, always=is_quoted)
        return quoted(text)

    def spellings(self, text: str) -> Iterator[str]:
        """How the value may be typed, what reads best first."""
        asked = self.filter
        if isinstance(asked, FlagFilter):
            yield "yes"
        elif isinstance(asked, IdFilter):
            if as_wix_id(text):
                yield from [self.names[text]] if text in self.names else _names(asked, text)
        elif isinstance(asked, SpanFilter):
            if text.isdecimal():
                yield f"<{text}d"  # as the days within which something ends are called
        elif isinstance(asked, WordFilter):
            words = dict(self._options).get(text, "")
            if words and words != text:
                yield text.lower() if same_words(text) == same_words(words) else words.lower()
                yield words
            word = asked.clean(text)
            if isinstance(word, str):
                yield word
        yield text


def _names(asked: IdFilter, text: str) -> Iterator[str]:
    """How the record of this id is called, if there is one."""
    record = asked.records.filter(pk=text).first()
    if record:
        yield str(record)


def _record_id(asked: IdFilter, word: str) -> str:
    """The id of the record that the word means. Raises InvalidQuery for none, and for several."""
    if whole := as_wix_id(word.strip()):
        return str(whole)
    one, many, matcher = RECORDS[asked.model]
    every = asked.records
    for rows in (every.filter(matching.named(asked.model, word)), matcher.narrow(every, word)):
        # Not the first few by id, nor a few of any: for these PostgreSQL reads one after another.
        some = sorted(rows.order_by()[:MOST_LOOKED_AT], key=lambda row: row.pk)
        found = some[: MOST_RECORDS + 1]
        if len(found) == 1:
            return str(found[0].pk)
        if found:
            most = f"{MOST_RECORDS}+" if len(found) > MOST_RECORDS else str(len(found))
            named = ", ".join(f"{row} ({str(row.pk)[:8]})" for row in found[:MOST_RECORDS])
            raise InvalidQuery(
                _("%(most)s %(many)s are called so: %(named)s. Write more, or an id.")
                % {"most": most, "many": many % len(found), "named": named}
            )
    raise InvalidQuery(_("there is no such %(one)s.") % {"one": one})
