"""Causes of cases: the first case of each is told, the rest are counted, its end is told once."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from resellers.clock import database_now
from resellers.models import Case, CauseAlert, MailWay, NoticeKind, WebhookEvent, scope
from resellers.models.cases import BY_CODE, Cause, cause_of

from . import outbox, people, words
from .outbox import Call

MOST_CASES = 1000  # told at a time; the rest a moment later
MOST_NAMED = 3  # products of a cause


@dataclass
class _News:
    """What is to be told of one cause now."""

    alert: CauseAlert
    event: WebhookEvent
    number: int = 0
    about: str = ""  # the products of its first cases

    @property
    def sentence(self) -> str:
        title = words.cause_title(self.alert.of)
        if self.event == WebhookEvent.CAUSE_OPENED:
            return title
        if self.event == WebhookEvent.CAUSE_RECOVERED:
            return gettext("Over: %(cause)s") % {"cause": title}
        more = ngettext("%(number)d more of %(cause)s", "%(number)d more of %(cause)s", self.number)
        return more % {"number": self.number, "cause": title}


@dataclass
class _Telling:
    now: datetime
    news: list[_News] = field(default_factory=list)

    def add(self, alert: CauseAlert, event: WebhookEvent, number: int = 0, about: str = "") -> None:
        alert.messages += 1
        alert.announced_at, alert.waiting = self.now, 0
        self.news.append(_News(alert, event, number, about))


def tell() -> None:
    """Tell what is new of the causes of cases; a fixed number of statements, two for nothing."""
    fresh = Case.objects.open().filter(announced_at=None)
    if not fresh.exists() and not CauseAlert.objects.filter(is_open=True).exists():
        return
    with transaction.atomic():
        telling = _Telling(database_now())
        # Whoever else does this waits here, and then finds nothing left.
        rows = (
            fresh.with_kind()
            .prefetch_related("product")
            .select_for_update(no_key=True, of=("self",))
        )
        cases = list(rows.order_by("id")[:MOST_CASES])
        by_cause: dict[Cause, list[Case]] = defaultdict(list)
        for case in cases:
            by_cause[cause_of(case)].append(case)
        alerts = _alerts_of(by_cause)
        for cause, found in by_cause.items():
            _count(alerts[cause], len(found))
        for cause, alert in alerts.items():
            _say(alert, _products(by_cause.get(cause, ())), telling)
        for alert in _recovered(alerts.values()):
            if alert.is_announced:
                telling.add(alert, WebhookEvent.CAUSE_RECOVERED)
            alert.is_open, alert.is_announced, alert.waiting = False, False, 0
        columns = ["is_open", "is_announced", "messages", "waiting", "announced_at"]
        CauseAlert.objects.bulk_update(alerts.values(), columns, batch_size=200)
        Case.objects.filter(pk__in=[case.pk for case in cases]).update(announced_at=Now())
        _mail(telling.news)
        _call(telling)


def _alerts_of(causes: Collection[Cause]) -> dict[Cause, CauseAlert]:
    """The alerts of these causes and all that are open, locked."""
    CauseAlert.objects.bulk_create(
        [CauseAlert(kind=cause.kind, code=cause.code) for cause in causes], ignore_conflicts=True
    )
    wanted = Q(is_open=True) | Q(kind__in={cause.kind for cause in causes})
    rows = CauseAlert.objects.filter(wanted).select_for_update(no_key=True).order_by("id")
    return {alert.of: alert for alert in rows if alert.is_open or alert.of in causes}


def _count(alert: CauseAlert, number: int) -> None:
    if not alert.is_open:
        alert.is_open, alert.is_announced, alert.waiting = True, False, 0
    alert.waiting += number


def _products(cases: Iterable[Case]) -> str:
    """What these cases are about, the most frequent first."""
    names = Counter(str(case.product) for case in cases if case.product)
    return ", ".join(name for name, _ in names.most_common(MOST_NAMED))


def _say(alert: CauseAlert, about: str, telling: _Telling) -> None:
    """Of one cause at most once in a while, however often it comes and goes."""
    pause = timedelta(seconds=settings.NOTIFY["MORE_SECONDS"])
    if not alert.waiting or (alert.announced_at and telling.now - alert.announced_at < pause):
        return
    if alert.is_announced:
        telling.add(alert, WebhookEvent.CAUSE_MORE, alert.waiting)
    else:
        number, alert.is_announced = alert.waiting, True
        telling.add(alert, WebhookEvent.CAUSE_OPENED, number, about)


def _recovered(alerts: Iterable[CauseAlert]) -> list[CauseAlert]:
    """Those of which no case is left."""
    rows: Any = Case.objects.unclosed().with_kind().order_by()
    rows = rows.values_list("kind", "code").distinct()
    left = {Cause(kind, code if kind in BY_CODE else "") for kind, code in rows}
    return [alert for alert in alerts if alert.is_open and alert.of not in left]


def _mail(news: Sequence[_News]) -> None:
    """One mail about all of it to everybody who wants that at once."""
    if not news or not settings.MAIL_IS_ON:
        return
    first, more = news[0], len(news) - 1
    subject = first.sentence
    if more:
        both = ngettext("%(what)s, and %(number)d more", "%(what)s, and %(number)d more", more)
        subject = both % {"what": subject, "number": more}
    page = words.link(reverse("failure_list"))
    body = words.body([*(_block(one) for one in news), *([page] if page else [])])
    key = f"cause:{first.alert.pk}:{first.alert.messages}"
    outbox.post(
        outbox.mail(person, NoticeKind.CAUSE, f"{key}:{person.pk}", subject, body)
        for person in people.staff()
        # What is counted of all customers is not for who may see some.
        if scope.scope_of(person) is None
        and people.gets_mail(person, NoticeKind.CAUSE, MailWay.AT_ONCE)
    )


def _block(one: _News) -> str:
    """What a mail says of one cause."""
    if one.event == WebhookEvent.CAUSE_RECOVERED:
        return words.block(one.sentence, gettext("No case of it is open any more."))
    if one.event == WebhookEvent.CAUSE_MORE:
        return one.sentence
    cases = ngettext("%(number)d case so far", "%(number)d cases so far", one.number)
    number = cases % {"number": one.number}
    about = f"{number}: {one.about}" if one.about else number
    return words.block(one.sentence, about, words.cause_meaning(one.alert.of))


def _call(telling: _Telling) -> None:
    calls = [
        Call(
            one.event,
            f"{one.alert.pk}:{one.alert.messages}",
            {
                "kind": one.alert.kind,
                "code": one.alert.code,
                "title": words.cause_title(one.alert.of),
                "number": one.number,
                "link": words.link(reverse("failure_list")),
            },
        )
        for one in telling.news
    ]
    outbox.call(calls, telling.now)
