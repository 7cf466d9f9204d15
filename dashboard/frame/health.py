"""How current all of it is and whether work goes on, in words for people.

Which process does not answer is the doctor's to say; here stands what that means.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from dashboard.components import ages
from dashboard.components.values import counted
from resellers import heartbeats
from resellers.durations import on
from resellers.mirror import figures
from resellers.mirror.sync.schedule import BEHIND_AFTER
from resellers.models import Figures, Heartbeat, Policy

Role = Heartbeat.Role
# A mail that waits for so long waits for more than its next try.
MAIL_IS_LATE = timedelta(minutes=5)
Words = str | SafeString


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is well or not: a tone, what it is, and a figure or since when."""

    tone: str
    words: Words
    detail: Words = ""


@dataclass(frozen=True, slots=True)
class Chip:
    """The whole of it in three words; `staging` has the script go on with its age."""

    tone: str
    words: Words
    staging: Words = ""


@dataclass(frozen=True, slots=True)
class Work:
    """Whether what people confirm is carried out: as a line, and what it means where it is not
    as always. `chip` is that in three words; `has_stopped` where nothing is carried out."""

    line: Line
    chip: str = ""
    meaning: str = ""
    has_stopped: bool = False


class Health:
    """The health of the dashboard as these rows and the processes' signs of life tell it."""

    def __init__(self, known: Figures, policy: Policy) -> None:
        self._figures, self._policy = known, policy

    @property
    def chip(self) -> Chip:
        """The worst of it; how current all is, while nothing is wrong."""
        policy, known, work = self._policy, self._figures, self.work
        if policy.writes_paused:
            return Chip("bad", _("Changes are paused"))
        if known.unread_since:
            words = (
                _("Not all is read for {}") if known.is_read_in_part else _("Wix not read for {}")
            )
            return Chip("bad", format_html(words, ages.elapsed(known.unread_since)))
        if work.has_stopped:
            return Chip("bad", work.chip)
        if policy.read_only:
            return Chip("look", _("Read-only"))
        if known.mirror_whole_at is None:
            return Chip("look", _("Never read in full"))
        if known.is_overdue:
            whole = ages.elapsed(known.mirror_whole_at)
            return Chip("bad", format_html(_("Not read in full for {}"), whole))
        if work.chip:
            return Chip("look", work.chip)
        if self._mail_is_late:
            return Chip("look", _("Mail is late"))
        if changed := known.changes_read_at:
            stage = ages.stage_of("mirror", changed)
            words = format_html("<span data-before>{}</span>{}", stage.before, ages.age(changed))
            return Chip(stage.tone, words, ages.staging("mirror", changed))
        return Chip("good", format_html(_("Up to date, {}"), ages.age(known.mirror_whole_at)))

    @property
    def lines(self) -> list[Line]:
        """The things that the chip sums up; of mail nothing where none is sent."""
        mail = [self._mail] if settings.MAIL_IS_ON else []
        return [
            self._answers,
            self._changes,
            self._everything,
            self.work.line,
            self._sending,
            *mail,
        ]

    @property
    def notice(self) -> Line | None:
        """What is said at the head of the page of readings that fail, and that they are over."""
        known = self._figures
        if known.unread_since:
            words = format_html(
                _(
                    "Not all of Wix could be read since {}, for {}: {} What changed at Wix is read;"
                    " what stands here is as old as it says."
                )
                if known.is_read_in_part
                else _(
                    "Wix could not be read since {}, for {}: {} What stands here is as old as it"
                    " says; what you confirm is recorded, and sent once Wix answers."
                ),
                on(known.unread_since),
                ages.elapsed(known.unread_since),
                known.unread_because,
            )
            return Line("bad", words)
        if known.read_again_at and timezone.now() - known.read_again_at < BEHIND_AFTER:
            again = ages.elapsed(known.read_again_at)
            return Line("good", format_html(_("Wix can be read again since {}."), again))
        return None

    @cached_property
    def work(self) -> Work:
        """Whether work goes on: no query, and a second at most where Redis does not answer."""
        silent = heartbeats.missing_beside(self._figures)
        redis_is_away = not heartbeats.redis_answers()
        if not silent and not redis_is_away:
            open_ = self._figures.counts.get("operations_open") or 0
            detail = counted(open_, "operation open", "operations open") if open_ else ""
            return Work(Line("good", _("Background work goes on"), detail))
        tone, words, chip, meaning = _what_it_means(silent, redis_is_away=redis_is_away)
        last = [at for at in silent.values() if at]
        detail = format_html(_("for {}"), ages.elapsed(max(last))) if last else ""
        return Work(Line(tone, words, detail), chip, meaning, tone == "bad")

    @property
    def _answers(self) -> Line:
        if since := self._figures.unread_since:
            in_part = self._figures.is_read_in_part
            words = _("Not all of Wix can be read") if in_part else _("Wix cannot be read")
            return Line("bad", words, format_html(_("for {}"), ages.elapsed(since)))
        return Line("good", _("Wix answers"))

    @property
    def _changes(self) -> Line:
        changed = self._figures.changes_read_at
        if changed is None:
            return Line("look", _("Changes are not read yet"))
        return Line(ages.stage_of("mirror", changed).tone, _("Changes are read"), ages.age(changed))

    @property
    def _everything(self) -> Line:
        whole = self._figures.mirror_whole_at
        if whole is None:
            return Line("look", _("Never read in full"))
        return Line(
            "bad" if self._figures.is_overdue else "good", _("Everything was read"), ages.age(whole)
        )

    @property
    def _mail_is_late(self) -> bool:
        since = figures.mail_waits_since(self._figures)
        return bool(settings.MAIL_IS_ON and since and timezone.now() - since > MAIL_IS_LATE)

    @property
    def _mail(self) -> Line:
        since = figures.mail_waits_since(self._figures)
        if since and self._mail_is_late:
            waits = format_html(_("for {}"), ages.elapsed(since))
            return Line("look", _("Mail waits, and none of it is lost"), waits)
        return Line("good", _("Mail is sent"))

    @property
    def _sending(self) -> Line:
        if self._policy.writes_paused:
            return Line("bad", _("Changes are paused"))
        if self._policy.read_only:
            return Line("look", _("Read-only: no changes are sent"))
        return Line("good", _("Changes are sent to Wix"))


def _what_it_means(silent: Collection[Role], *, redis_is_away: bool) -> tuple[str, str, str, str]:
    """The tone, what it is, that in three words, and what it means for staff."""
    is_unread = redis_is_away or Role.BEAT in silent
    reading = " " + _("Wix is not read by itself until it is back.") if is_unread else ""
    if redis_is_away or Role.WORKER in silent:
        if Role.SWEEP in silent:
            words = _("What you confirm is recorded, and nothing is carried out until it is back.")
            return (
                "bad",
                _("Background work has stopped"),
                _("Changes are waiting"),
                words + reading,
            )
        words = _("What you confirm is recorded and carried out a little later.")
        return "look", _("Background work is slow"), _("Slower than usual"), words + reading
    words = _("What you confirm is carried out.")
    if Role.SWEEP in silent:
        words = _(
            "What you confirm is carried out, but nothing would go on with it if the rest of"
            " background work failed."
        )
    if Role.BEAT in silent:
        return "look", _("Wix is not read by itself"), _("Not read by itself"), words + reading
    return "look", _("Background work has no stand-in"), _("No stand-in"), words
