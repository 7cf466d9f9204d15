"""What asks for a change: a link that works, the same shown off with the reason, or nothing."""

from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellers.operations.preflight import READ_ONLY, WRITES_PAUSED, Answer
from resellers.texts import Text

from .icons import icon
from .markup import format_html

BRIEF = {
    READ_ONLY: gettext_lazy("Read-only just now"),
    WRITES_PAUSED: gettext_lazy("Writing is paused"),
}


@dataclass(frozen=True, slots=True)
class Control:
    """One thing that may be asked for, and whether it may be done now.

    `about` names the thing for who hears the page, where many controls have one label.
    """

    answer: Answer
    address: str
    label: Text
    tone: str = ""  # `primary` or `danger`
    about: str = ""
    icon: str = ""
    caption: Text = ""  # beside the label in a menu

    @property
    def is_visible(self) -> bool:
        """Whether there is such a control at all: what makes no sense here is left out."""
        return self.answer.may or self.answer.is_passing

    @property
    def is_off(self) -> bool:
        return self.answer.is_passing

    def __str__(self) -> SafeString:
        return self._link(f"button {self.tone}".strip(), self.icon)

    __html__ = __str__

    @property
    def in_row(self) -> SafeString:
        """The control as a small link within a row, with the reason in a few words beside it."""
        if not self.is_visible:
            return SafeString("")
        reason = format_html(" {}", brief(self.answer)) if self.is_off else ""
        return format_html("<small>{}{}</small>", self._link(""), reason)

    def _link(self, css: str, mark: str = "") -> SafeString:
        if not self.is_visible:
            return SafeString("")
        name = format_html(' aria-label="{} {}"', self.label, self.about) if self.about else ""
        label = format_html("{} {}", icon(mark), self.label) if mark else self.label
        if self.answer.may:
            look = format_html(' class="{}"', css) if css else ""
            return format_html('<a{} href="{}"{}>{}</a>', look, self.address, name, label)
        return format_html(
            '<button type="button" class="{}" title="{}"{} disabled>{}</button>',
            css or "off",
            self.answer.why,
            name,
            label,
        )


def brief(answer: Answer) -> str | SafeString:
    """What passes, and is in the way, in a few words; a link to it where it is an operation."""
    if operation := answer.open_operation:
        address = operation.get_absolute_url()
        words = _("%(operation)s is under way") % {"operation": operation}
        return format_html('<a href="{}">{}</a>', address, words)
    return next((str(BRIEF[one.code]) for one in answer.obstacles if one.code in BRIEF), "")


def held_off(controls: list[Control]) -> Answer | None:
    """The answer that says why some of these controls are off, once for all of them."""
    return next((control.answer for control in controls if control.is_off), None)
