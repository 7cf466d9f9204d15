"""What a result tells: the record's name, what tells it apart, and what is wrong with it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Model, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from dashboard.components import addresses
from dashboard.components.icons import service_icon_name
from dashboard.components.people import person_name
from dashboard.components.values import counted
from resellers import formats
from resellers.domain_names import readable
from resellers.durations import span
from resellers.models import (
    Account,
    CatalogProduct,
    Operation,
    OperationState,
    Package,
    ProductInstance,
    Site,
)
from resellers.models.instance_querysets import FAILED, FLOATING
from resellers.models.states import OPEN_STATES, REFUSED_STATES
from resellers.operations.namesakes import distinctions
from resellers.operations.reorders import NOTHING, OrderedAgain, ordered_again, reordered_words
from resellers.operations.titles import kind_label
from resellers.refusals import explain_state, explain_status
from resellers.texts import Text

HOLDERS = (Account, Site, Package)  # of services
# By what services and operations name them.
COLUMNS: Mapping[type[Model], str] = {
    Account: "account",
    Site: "site",
    Package: "package",
    ProductInstance: "instance",
}
ICONS: Mapping[type[Model], str] = {
    Account: "people",
    Site: "window",
    Package: "box",
    CatalogProduct: "tag",
    Operation: "ops",
}


@dataclass(frozen=True, slots=True)
class Aside:
    """What stands at the end of a result: how the record stands, and in which tone."""

    words: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """One result: its name, what tells it apart, where it leads, and what is wrong there.

    Where it may not be asked for just now, `reason` says why. `posts` is the field, with its value,
    of one that is asked for by a form. `fills` is what the box is filled with for one that wants to
    know of what.
    """

    title: Text
    detail: Text
    link: str
    icon: str = ""
    aside: Aside = field(default_factory=Aside)
    reason: Text = ""
    posts: tuple[str, str] | None = None
    fills: str = ""


def hits_of(rows: Sequence[Model], standing: "Standing") -> list[Hit]:
    """The records as results, in their order; of services one query for what was ordered again."""
    services = [row for row in rows if isinstance(row, ProductInstance)]
    ordered, apart = ordered_again(services), distinctions(services, ("place", "status"))
    return [_hit(row, standing, ordered, apart) for row in rows]


def link_to(row: Model) -> str:
    """Where the record is; a product's services."""
    if isinstance(row, CatalogProduct):
        return addresses.INSTANCES_OF_PRODUCT(row.pk)
    return str(row.get_absolute_url())  # type: ignore[attr-defined]


def _hit(
    row: Any,
    standing: "Standing",
    ordered: Mapping[UUID, OrderedAgain] = MappingProxyType({}),
    apart: Mapping[UUID, str] = MappingProxyType({}),
) -> Hit:
    """The record; of a service what tells it from its namesakes, and of a failed one what was
    ordered in its place."""
    title = str(row)
    match row:
        case ProductInstance():
            where = row.place if row.site else row.place.lower()
            status = explain_status(row.status).word
            order = ordered.get(row.pk, NOTHING).relevant
            again = reordered_words(order) if order else ""
            title, details = str(row.product), [str(row.account), where, status, again]
            details.append(apart.get(row.pk, ""))
        case Package():
            details = [str(row.account)]
        case Site():
            details = [str(row.display_name), str(row.account)]
        case Account():
            details = [row.group, readable(row.email) or row.short_id + "…"]
        case CatalogProduct():
            details = [row.service_type or _("Product")]
        case Operation():
            about = str(row.instance.product) if row.instance else str(row.account)
            state = str(explain_state(row.state, row.ending).word)
            words = _("%(what)s, %(state)s, asked by %(person)s")
            person = person_name(row.requested_by)
            details = [words % {"what": about, "state": state, "person": person}]
        case _:
            raise TypeError(f"no page for {row!r}")
    if getattr(row, "gone_at", None):
        details.append(_("gone from Wix"))
    detail = ", ".join(dict.fromkeys(str(one) for one in details if one))
    return Hit(title, detail, link_to(row), _icon(row), standing.of(row))


def _icon(row: Any) -> str:
    if isinstance(row, ProductInstance):
        return service_icon_name(row.product.service_type)
    return ICONS[type(row)]


class Standing:
    """What is wrong with these records: two queries for all of them, none without any."""

    def __init__(self, rows: Iterable[Model]) -> None:
        found: dict[type[Model], list[Any]] = {}
        for row in rows:
            found.setdefault(type(row), []).append(row.pk)
        self._counts = _counts_of({model: found[model] for model in HOLDERS if model in found})
        self._open = _open_of({model: found[model] for model in COLUMNS if model in found})

    def of(self, row: Model) -> Aside:
        """How that record stands, in a few words."""
        if isinstance(row, Operation):
            return _of_operation(row)
        if isinstance(row, CatalogProduct):
            return Aside()
        if getattr(row, "gone_at", None):
            return Aside("gone", "ended")
        under_way = self._open.get((type(row), row.pk), ())
        if isinstance(row, ProductInstance):
            return _of_service(row, under_way)
        return _of_holder(self._counts.get(row.pk), under_way)


def _of_operation(row: Operation) -> Aside:
    if row.state == OperationState.NEEDS_ATTENTION:
        return Aside(_("needs a person"), "look")
    if row.state in REFUSED_STATES:
        return Aside(explain_state(row.state, row.ending).word.lower(), "bad")
    return Aside(_("under way"), "under-way") if row.is_open else Aside()


def _of_service(row: ProductInstance, under_way: Sequence[Operation]) -> Aside:
    past = f", {span(timezone.now() - row.status_since)}" if row.status_since else ""
    if under_way:
        return _of_open(under_way)
    if row.is_failed:
        return Aside(f"failed{past}", "bad")
    if row.is_floating:
        since = row.floating_since
        return Aside(
            _("floating, %(span)s") % {"span": span(timezone.now() - since)}
            if since
            else _("floating"),
            "look",
        )
    words = explain_status(row.status)
    if row.is_live and not row.is_enabled:
        return Aside(f"{words.word_within}{past}", words.tone)
    return Aside()


def _of_holder(counts: Mapping[str, int] | None, under_way: Sequence[Operation]) -> Aside:
    if counts is None:
        return _of_open(under_way)
    wrong = [
        f"{formats.number(counts[word])} {word}" for word in ("failed", "floating") if counts[word]
    ]
    if wrong:
        tone = "bad" if counts["failed"] else "look"
        return Aside(", ".join([*wrong, *filter(None, [_of_open(under_way).words])]), tone)
    return (
        _of_open(under_way) if under_way else Aside(counted(counts["all"], "service", "services"))
    )


def _of_open(under_way: Sequence[Operation]) -> Aside:
    if not under_way:
        return Aside()
    waiting = any(one.state == OperationState.NEEDS_ATTENTION for one in under_way)
    tone = "look" if waiting else "under-way"
    if len(under_way) > 1:
        return Aside(_("%(count)s operations open") % {"count": len(under_way)}, tone)
    words = _("%(kind)s stuck") if waiting else _("%(kind)s under way")
    return Aside(words % {"kind": kind_label(under_way[0].kind)}, tone)


def _counts_of(ids: Mapping[type[Model], Sequence[Any]]) -> dict[Any, dict[str, int]]:
    """Of each holder how many services it has, how many of them failed and how many float."""
    found: QuerySet | None = None
    for model, wanted in ids.items():
        column = COLUMNS[model]
        services = ProductInstance.objects.present().order_by().filter(**{f"{column}__in": wanted})
        counts = services.values(holder=F(f"{column}_id")).annotate(
            all=Count("pk"),
            failed=Count("pk", filter=FAILED),
            floating=Count("pk", filter=FLOATING),
        )
        found = counts if found is None else found.union(counts, all=True)
    return {row["holder"]: row for row in found} if found is not None else {}


def _open_of(
    ids: Mapping[type[Model], Sequence[Any]],
) -> dict[tuple[type[Model], Any], list[Operation]]:
    """The open operations about each of these records."""
    if not ids:
        return {}
    about = Q(pk__in=[])
    for model, wanted in ids.items():
        about |= Q(**{f"{COLUMNS[model]}__in": wanted})
    operations = Operation.objects.filter(about, state__in=OPEN_STATES).order_by("pk")
    only = ("kind", "state", *(f"{column}_id" for column in COLUMNS.values()))
    found: dict[tuple[type[Model], Any], list[Operation]] = {}
    for operation in operations.only(*only)[:1000]:
        for model, wanted in ids.items():
            pk = getattr(operation, f"{COLUMNS[model]}_id")
            if pk in wanted:
                found.setdefault((model, pk), []).append(operation)
    return found
