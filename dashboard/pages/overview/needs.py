"""What waits for a person, a row a cause, the most pressing first."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from dashboard.components.ages import age, elapsed
from dashboard.components.wix_b2b import asking_b2b
from dashboard.lists.person_filter import ME, NOBODY
from dashboard.pages.failures.inbox import asking_for
from resellers.cases import causes
from resellers.cases.causes import Cause
from resellers.durations import span
from resellers.models import Case, CaseKind, Figures, Operation, ProductInstance
from resellers.models.operation_querysets import CONFIRMING
from resellers.refusals.playbooks import Playbook, playbook

MOST_NAMED = 3
# By what the cases are about; else by who acts next.
VERBS: Mapping[str, Promise] = {
    CaseKind.ATTENTION: gettext_lazy("Decide"),
    CaseKind.FLOW: gettext_lazy("Decide"),
    CaseKind.STUCK: gettext_lazy("Look"),
    CaseKind.REFUSED: gettext_lazy("Review"),
    CaseKind.DRIFTED: gettext_lazy("Review"),
    CaseKind.READING: gettext_lazy("Open"),
}
TONES: Mapping[str, str] = {
    CaseKind.STUCK: "look",
    CaseKind.REFUSED: "look",
    CaseKind.REGISTRATION: "look",
}


@dataclass(frozen=True, slots=True)
class Need:
    """One cause: how many wait for it and for how long, what it is, and the verb that goes on.

    `rows` lead to all of them, `link` to where somebody begins: often the same.
    """

    tone: str
    title: str
    words: str | SafeString
    verb: str
    rows: str
    link: str = ""
    count: int | None = None
    oldest: SafeString | str = ""
    owner: User | None = None  # whose most of them are, of what somebody may take
    owned: Mapping[int, int] | None = None  # how many are whose; None for what nobody takes

    def of(self, pk: int) -> int:
        """How many of them are that person's."""
        return (self.owned or {}).get(pk, 0)

    @property
    def of_nobody(self) -> int:
        """How many of them nobody has taken."""
        return 0 if self.owned is None else (self.count or 0) - sum(self.owned.values())

    @property
    def goes_to(self) -> str:
        return self.link or self.rows


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose of what waits is shown."""

    label: str
    link: str
    count: int
    is_current: bool


def of_whom(every: Sequence[Need], person: User, asked: str) -> tuple[list[Need], list[Whose]]:
    """What waits for that person, or for nobody yet, as it is asked; and the ways to choose."""
    waiting = [need for need in every if need.tone in ("bad", "look")]
    counts = {
        "": sum(need.count or 0 for need in waiting),
        "mine": sum(need.of(person.pk) for need in waiting),
        "nobodys": sum(need.of_nobody for need in waiting),
    }
    asked = asked if asked in counts else ""
    labels = {"": gettext("All"), "mine": gettext("Mine"), "nobodys": gettext("Nobody's")}
    ways = [
        Whose(
            label,
            reverse("overview", query={"needs": name}) if name else reverse("overview"),
            counts[name],
            name == asked,
        )
        for name, label in labels.items()
    ]
    parts = {
        "": list(every),
        "mine": [_part(need, need.of(person.pk), ME) for need in every if need.of(person.pk)],
        "nobodys": [_part(need, need.of_nobody, NOBODY) for need in every if need.of_nobody],
    }
    return parts[asked], ways


def _part(need: Need, count: int, owner: str) -> Need:
    """That of it which is theirs."""
    return replace(need, count=count, rows=f"{need.rows}&owner={owner}")


def needs(current: Figures) -> list[Need]:
    """What waits for a person, the most pressing first; in a fixed number of queries."""
    counts = current.counts
    return [
        *_reading(current),
        *_of_cases(),
        *_by_time(counts),
        *_running(),
        *_unnamed(counts),
    ]


def _reading(current: Figures) -> Iterator[Need]:
    whole, overdue = current.mirror_whole_at, timedelta(seconds=settings.MIRROR["OVERDUE_SECONDS"])
    link = reverse("mirror_list")
    if whole is None:
        words = _("What is shown may be a part only. A full reading takes some minutes.")
        yield Need("look", _("Wix was never read in full"), words, _("Open"), link)
    elif timezone.now() - whole > overdue:
        title = _("Wix was last read in full %(span)s ago") % {"span": span(timezone.now() - whole)}
        words = _("A full reading is overdue. Until it ends, what left Wix may still be shown.")
        yield Need("bad", title, words, _("Open"), link)


def _of_cases() -> Iterator[Need]:
    """The causes of the open cases, each with whose they are; two statements."""
    groups = causes.counted(Case.objects.open())
    owners = User.objects.in_bulk({pk for one in groups for pk in one.owners if pk is not None})
    for group in groups:
        cause, book = group.cause, playbook(*group.cause)
        most = max(group.owners, key=lambda pk: (group.owners[pk], pk is None))
        yield Need(
            TONES.get(cause.kind, "bad"),
            _title(cause, book, group.number),
            asking_b2b(f"{_products(group)}{book.steps[0].words}.", code=cause.code),
            str(
                VERBS.get(cause.kind)
                or (gettext("Report") if book.who == "wix" else gettext("Review"))
            ),
            reverse("failure_list", query=asking_for(cause)),
            count=group.number,
            oldest=_for(group.oldest),
            owner=None if most is None else owners[most],
            owned={pk: n for pk, n in group.owners.items() if pk is not None},
        )


def _title(cause: Cause, book: Playbook, number: int) -> str:
    if cause.kind == CaseKind.FAILED:
        return gettext("Failed: %(cause)s") % {"cause": within(book.title)}
    if cause.kind == CaseKind.ATTENTION:
        return ngettext("An operation needs a person", "Operations need a person", number)
    if cause.kind == CaseKind.REFUSED:
        return gettext("Not carried out: %(cause)s") % {"cause": within(book.title)}
    return book.title


def within(title: str) -> str:
    """The title as it stands within a sentence."""
    return f"{title[:1].lower()}{title[1:]}"


def _products(group: causes.CauseGroup) -> str:
    """Of which products the cases are, as the beginning of a sentence."""
    unnamed = gettext("of an unnamed product")
    by_name: Counter[str] = Counter()
    for (_product, name), part in group.products.items():
        by_name[name] += part.number
    named = [f"{number} {name or unnamed}" for name, number in by_name.most_common()]
    if group.cause.kind not in (CaseKind.FAILED, CaseKind.STUCK):
        return ""
    more = gettext(" and others") if len(named) > MOST_NAMED else ""
    return f"{', '.join(named[:MOST_NAMED])}{more}. "


def _by_time(counts: Mapping[str, Any]) -> Iterator[Need]:
    """What ends soon, and what has been on no site for long."""
    services = ProductInstance.objects
    if number := counts.get("expiring_30_days", 0):
        first = services.expiring(30).aggregate(at=Min("expires_at"))["at"]
        words = _(
            "Wix offers no extension by API: ask the customer, then order anew or let them end."
        )
        link = reverse("instance_list", query={"expiring": "30", "sort": "expires"})
        title = _("Expires within 30 days") if number == 1 else _("Expire within 30 days")
        yield Need("look", title, words, _("Plan"), link, count=number, oldest=age(first))
    if number := counts.get("floating_long", 0):
        since = services.floating_long().aggregate(at=Min("floating_since"))["at"]
        query = {"floating": "1", "floating_for": "long", "sort": "floating"}
        words, link = (
            _("On no site: paid for, and used by nobody."),
            reverse("instance_list", query=query),
        )
        title = _("Floating for over 14 days")
        yield Need("look", title, words, _("Assign"), link, count=number, oldest=_for(since))


def _running() -> Iterator[Need]:
    found = Operation.objects.under_way().aggregate(
        n=Count("pk"),
        oldest=Min("requested_at"),
        confirming=Count("pk", filter=CONFIRMING),
    )
    if found["n"]:
        waits = (
            _("%(found)s wait for Wix to show it. ") % {"found": found["confirming"]}
            if found["confirming"]
            else ""
        )
        link = reverse("operation_list", query={"state": "under_way"})
        words = _("%(waits)sNothing to do: they go on by themselves.") % {"waits": waits}
        title, since = _("Under way"), elapsed(found["oldest"])
        yield Need("under-way", title, words, _("Watch"), link, count=found["n"], oldest=since)


def _unnamed(counts: Mapping[str, Any]) -> Iterator[Need]:
    if number := counts.get("unnamed_products", 0):
        words = _("Wix tells no names: name them in the catalogue, or import it.")
        title = _("Product without a name") if number == 1 else _("Products without a name")
        link = reverse("product_list", query={"state": "unnamed"})
        yield Need("ended", title, words, _("Name"), link, count=number)


def _for(since: datetime | None) -> SafeString | str:
    return elapsed(since) if since else ""
