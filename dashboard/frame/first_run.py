"""What a dashboard that was never filled needs, step by step, and how far that is."""

from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellers import connection
from resellers.models import Figures, Policy, SyncRun

DONE, NOW, LATER, WRONG = "good", "under-way", "ended", "bad"
# What each tone says to who hears the page.
SPOKEN = {
    DONE: gettext_lazy("Done"),
    NOW: gettext_lazy("Next"),
    LATER: gettext_lazy("Later"),
    WRONG: gettext_lazy("Wrong"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that is needed: whether it is there, and else what to do about it."""

    title: str
    words: str
    tone: str

    @property
    def spoken(self) -> str:
        return str(SPOKEN[self.tone])


class FirstRun:
    """Before Wix was read in full once: key, account, and the first reading; one statement."""

    def __init__(self, figures: Figures, policy: Policy) -> None:
        self._figures = figures
        self._policy = policy

    @cached_property
    def last(self) -> SyncRun | None:
        """The newest reading of everything, open or ended."""
        return SyncRun.objects.filter(kind=SyncRun.Kind.FULL).order_by("-pk").first()

    @property
    def reading(self) -> SyncRun | None:
        """The first reading, while it is under way."""
        return self.last if self.last and self.last.is_open else None

    @property
    def is_set_up(self) -> bool:
        """Whether Wix can be asked at all."""
        return bool(connection.api_key() and settings.WIX_ACCOUNT_ID)

    @property
    def steps(self) -> list[Step]:
        return [self._key(), self._account(), self._first_reading()]

    def _key(self) -> Step:
        if not connection.api_key():
            words = _("It is missing: whoever runs the dashboard sets WIX_API_KEY and restarts it.")
            return Step(_("A key to Wix"), words, NOW)
        if self._policy.writes_paused:
            return Step(
                _("A key to Wix"),
                _("Wix refuses it. %(paused_reason)s")
                % {"paused_reason": self._policy.paused_reason},
                WRONG,
            )
        return Step(_("A key to Wix"), _("It is set."), DONE)

    def _account(self) -> Step:
        title = _("Your agency's own account at Wix")
        if not settings.WIX_ACCOUNT_ID:
            words = _(
                "It is missing: whoever runs the dashboard sets WIX_ACCOUNT_ID and restarts it."
            )
            return Step(title, words, NOW)
        return Step(title, _("It is set."), DONE)

    def _first_reading(self) -> Step:
        title = _("The first reading of everything")
        if not self.is_set_up:
            return Step(title, _("It begins once both are there."), LATER)
        if self.reading:
            return Step(title, _("It is under way. What has come in is shown already."), NOW)
        if self.last and self.last.state == SyncRun.State.FAILED:
            return Step(
                title, _("It did not end well. %(error)s") % {"error": self.last.error}, WRONG
            )
        if self._figures.unread_because:
            return Step(
                title,
                _("Wix could not be read. %(why)s") % {"why": self._figures.unread_because},
                WRONG,
            )
        words = _("It takes some minutes. After that the dashboard keeps itself up to date.")
        return Step(title, words, NOW)
