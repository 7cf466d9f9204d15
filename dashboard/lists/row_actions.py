"""What may be done with a row: at its end while one is there, and in its menu at any time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Model
from django.utils.safestring import SafeString

from dashboard.components.icons import icon
from dashboard.components.markup import format_html
from dashboard.components.row_words import row_words
from resellers.operations.preflight import Answer
from resellers.texts import Text

RULE = "<hr>"


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
        look = (self.key, self.icon, str(self.label))
        if self.why:
            return _off_in_menu(self.why, *look)
        more = (str(self.caption), self.final)
        if self.form:
            before, after = _around_id(self.form, self.address, *look, *more)
            return format_html("{}{}{}", before, about.pk, after)
        before, after = _around_address(self.is_outside, *look, *more)
        return format_html("{}{}{}", before, self.address, after)

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
def _off_in_menu(why: str, key: str, shape: str, label: str) -> SafeString:
    """What is shown off in the menu: the same in each row where the same is in the way."""
    return format_html(
        '<button type="button" aria-disabled="true" title="{0}"{1}>{2} {3}<small>{0}</small>'
        "</button>",
        why,
        _key(key),
        icon(shape),
        label,
    )


@lru_cache(maxsize=512)
def _around_id(
    form: str, address: str, key: str, shape: str, label: str, caption: str, final: bool
) -> tuple[SafeString, SafeString]:
    """What stands before and behind the row's id in a button that sends it: the same in each."""
    before = format_html('<button form="{}" formaction="{}" name="id" value="', form, address)
    words = _beside_label(caption, key)
    css = _css(final)
    after = format_html('"{}{}>{} {}{}</button>', _key(key), css, icon(shape), label, words)
    return before, after


@lru_cache(maxsize=512)
def _around_address(
    is_outside: bool, key: str, shape: str, label: str, caption: str, final: bool
) -> tuple[SafeString, SafeString]:
    """What stands before and behind the address of a link: the same in each row."""
    after = format_html(
        '"{}{}{}>{} {}{}</a>',
        _key(key),
        # The key is none of its name.
        format_html(' aria-label="{}"', label) if key else "",
        SafeString(' target="_blank" rel="noreferrer noopener"' if is_outside else ""),
        icon(shape),
        label,
        _beside_label(caption, key),
    )
    return format_html('<a{} href="', _css(final)), after


def _css(final: bool) -> SafeString:
    return SafeString(' class="danger"' if final else "")


def _beside_label(caption: str, key: str) -> SafeString:
    words = format_html("<small>{}</small>", caption) if caption else ""
    return format_html("{}<kbd>{}</kbd>", words, key.upper()) if key else SafeString(words)


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
    refresh: SafeString,
    ids: Sequence[tuple[str, object]],
) -> SafeString:
    """The row's menu: open it, change it, go elsewhere from it, end it."""
    changes = [one.in_menu(about) for one in actions if one.is_change and not one.final]
    ways = [one.in_menu(about) for one in actions if not one.is_change]
    ends = [one.in_menu(about) for one in actions if one.final]
    words = row_words()
    groups: list[list[SafeString]] = [
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
    leads = SafeString("".join(one.at_end(about) for one in actions))
    return format_html('<span class="over">{}{}</span>', leads, refresh)


def _ruled(groups: Iterable[list[SafeString]]) -> SafeString:
    return SafeString(RULE.join("".join(group) for group in groups if group))


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
