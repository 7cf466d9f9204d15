"""What may be done with a row: at its end while one is there, and in its menu at any time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Model
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from dashboard.components.icons import icon
from dashboard.components.row_words import row_words
from resellers.operations.preflight import Answer
from resellers.texts import Text

RULE = mark_safe("<hr>")


@dataclass(frozen=True, slots=True)
class RowAction:
    """One thing that may be done with a row. With `why` it is shown off, and says so.

    `caption` says in the menu what it means. `lead` has it at the row's end too: with its word or,
    being `brief`, as an icon. What is `final` stands last, apart.
    """

    label: Text
    icon: str
    address: str
    caption: Text = ""
    why: str = ""
    lead: bool = False
    brief: bool = False
    final: bool = False
    is_change: bool = False  # else it leads somewhere
    is_outside: bool = False  # to a page that is not ours
    form: str = ""  # the id of a form that is sent to the address, with the row's id
    key: str = ""  # the one on the keyboard

    def in_menu(self, about: Model) -> SafeString:
        words = format_html("<small>{}</small>", self.caption) if self.caption else ""
        if self.key:
            words = format_html("{}<kbd>{}</kbd>", words, self.key.upper())
        css = mark_safe(' class="danger"') if self.final and not self.why else ""
        if self.why:
            return format_html(
                '<button type="button" aria-disabled="true" title="{}"{}>{} {}<small>{}</small>'
                "</button>",
                self.why,
                self._key,
                icon(self.icon),
                self.label,
                self.why,
            )
        if self.form:
            around = (self.form, self.address, self.key, css, self.icon, str(self.label), words)
            before, after = _around_id(*around)
            return SafeString(f"{before}{conditional_escape(about.pk)}{after}")
        away = mark_safe(' target="_blank" rel="noreferrer noopener"') if self.is_outside else ""
        return format_html(
            '<a{} href="{}"{}{}{}>{} {}{}</a>',
            css,
            self.address,
            self._key,
            # The key is none of its name.
            format_html(' aria-label="{}"', self.label) if self.key else "",
            away,
            icon(self.icon),
            self.label,
            words,
        )

    @property
    def _key(self) -> SafeString:
        return _key(self.key)

    def at_end(self, about: Model) -> SafeString:
        """The same as a button at the row's end; nothing where it may not be done."""
        if self.why or not self.lead:
            return SafeString("")
        if self.brief:
            return format_html(
                '<a class="button small icon-only" href="{}" aria-label="{} {}" title="{}">{}</a>',
                self.address,
                self.label,
                about,
                self.label,
                icon(self.icon),
            )
        return format_html(
            '<a class="button small" href="{}" aria-label="{} {}">{} {}</a>',
            self.address,
            self.label,
            about,
            icon(self.icon),
            self.label,
        )


def _key(key: str) -> SafeString:
    return format_html(' data-key="{}"', key) if key else SafeString("")


@lru_cache(maxsize=512)
def _around_id(
    form: str, address: str, key: str, css: str, shape: str, label: str, words: str | SafeString
) -> tuple[SafeString, SafeString]:
    """What stands before and behind the row's id in a button that sends it: the same in each."""
    before = format_html('<button form="{}" formaction="{}" name="id" value="', form, address)
    after = format_html('"{}{}>{} {}{}</button>', _key(key), css, icon(shape), label, words)
    return before, after


def action_of(answer: Answer, action: RowAction) -> list[RowAction]:
    """The action with why it may not be done just now; none where the role never may."""
    if not answer.is_allowed:
        return []
    return [action if answer.may else _off(action, answer.why)]


def _off(action: RowAction, why: str) -> RowAction:
    return RowAction(action.label, action.icon, "", why=why, final=action.final, is_change=True)


def menu(
    about: Model,
    actions: Sequence[RowAction],
    refresh: SafeString | str,
    ids: Sequence[tuple[str, object]],
) -> SafeString:
    """The row's menu: open it, change it, go elsewhere from it, end it."""
    changes = [one.in_menu(about) for one in actions if one.is_change and not one.final]
    ways = [one.in_menu(about) for one in actions if not one.is_change]
    ends = [one.in_menu(about) for one in actions if one.final]
    words = row_words()
    groups: list[list[SafeString | str]] = [
        [_open(about, words["open"])],
        [*changes, *([refresh] if refresh else [])],
        [*ways, *([_copy(ids, words["copy_ids"])] if ids else [])],
        [*ends],
    ]
    return format_html(
        '<details class="menu"><summary class="button quiet small icon-only"'
        ' aria-label="{0}" title="{1}">{3}</summary>'
        '<div class="menu-panel"><p>{2}</p>{4}</div></details>',
        words["more_for"] % {"what": about},
        words["more"],
        about,
        icon("dots"),
        _ruled(groups),
    )


def at_end(about: Model, actions: Iterable[RowAction], refresh: SafeString | str) -> SafeString:
    """What lies over the row's last columns while the pointer or the focus is in it."""
    leads = format_html_join("", "{}", ((one.at_end(about),) for one in actions))
    return format_html('<span class="over">{}{}</span>', leads, refresh)


def _ruled(groups: Iterable[list[SafeString | str]]) -> SafeString:
    parts = [format_html_join("", "{}", ((one,) for one in group)) for group in groups if group]
    return SafeString(RULE.join(parts))


def _open(about: Model, word: str) -> SafeString:
    address = about.get_absolute_url()  # type: ignore[attr-defined]
    return format_html('<a href="{}">{} {}</a>', address, icon("arrow"), word)


def _copy(ids: Sequence[tuple[str, object]], words: str) -> SafeString:
    """Every id of the row, each beside what it is of; for who has a script."""
    text = "\n".join(f"{name}: {id_}" for name, id_ in ids if id_)
    return format_html(
        '<button type="button" data-copy="{}" hidden>{} {}</button>',
        text,
        icon("copy"),
        words,
    )
