"""Limiting a person to groups of customers, and lifting that."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from resellers import audit
from resellers.models import Account, PersonScope

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class NotLimited(Exception):
    """The person was not limited; str() is a message a person can act on."""


def groups() -> list[str]:
    """The groups that customers are in, by name."""
    named = Account.objects.exclude(group="").order_by("group")
    return list(named.values_list("group", flat=True).distinct())


def groups_of(person: "User") -> list[str] | None:
    """The groups that this person is limited to; None for who sees every customer."""
    row = PersonScope.objects.filter(person=person).first()
    return list(row.groups) if row else None


def limit(person: "User", to: Iterable[str], *, by: "User") -> None:
    """Let this person see the customers of these groups alone; of none, where there are none.

    Raises NotLimited for an admin, who could lift it.
    """
    wanted = sorted(set(to))
    with transaction.atomic():
        if person.has_perm("resellers.administer"):
            raise NotLimited(_("An admin sees every customer. Give them another role first."))
        before = groups_of(person)
        if before == wanted:
            return
        PersonScope.objects.update_or_create(person=person, defaults={"groups": wanted})
        _record(person, before, wanted, by)


def lift(person: "User", *, by: "User") -> None:
    """Let this person see every customer."""
    with transaction.atomic():
        before = groups_of(person)
        if before is None:
            return
        PersonScope.objects.filter(person=person).delete()
        _record(person, before, None, by)


def _record(person: "User", before: list[str] | None, after: list[str] | None, by: "User") -> None:
    body = {"person": person.get_username(), "before": before, "after": after}
    audit.record("person.scope", by=by, body=body)
