"""What a person may do: a role, and what of it is withheld from this one."""

from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from resellers import audit
from resellers.models import ROLE_PERMISSIONS, PersonScope, Policy, Role, WithheldRight

# The right that tells a role from the ones below it, the highest role first.
_TOPMOST = {role: ROLE_PERMISSIONS[role][0] for role in reversed(Role)}
NO_PASSWORD = Q(password="") | Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)


class LastAdmin(Exception):
    """Nothing was changed: nobody would be left who could; str() says so."""

    def __init__(self) -> None:
        super().__init__(_("This is the last admin: make somebody else one first."))


class NotForLimited(Exception):
    """Nothing was changed: who is limited to some customers is no admin; str() says so."""

    def __init__(self) -> None:
        super().__init__(
            _("An admin sees every customer: let this person see every customer first.")
        )


def role_of(person: User) -> Role | None:
    """The highest role whose rights the person has."""
    held = (role for role, right in _TOPMOST.items() if person.has_perm(f"resellers.{right}"))
    return next(held, None)


def is_withheld(person: Any, right: str) -> bool:
    """Whether that right is withheld from that person, whatever the role has; at no statement
    where it was read with the person."""
    known = getattr(person, f"{right}_is_withheld", None)
    if known is None:
        known = WithheldRight.objects.filter(person_id=person.pk, right=right).exists()
    return bool(known)


def set_role(person: User, role: Role, *, by: User | None) -> None:
    """Give that role instead of every other; raises LastAdmin, NotForLimited."""
    with transaction.atomic():
        keep_an_admin(without=None if role == Role.ADMIN else person)
        before = sorted(person.groups.values_list("name", flat=True))
        if before == [role.value]:
            return
        if role == Role.ADMIN and PersonScope.objects.filter(person=person).exists():
            raise NotForLimited
        person.groups.set(Group.objects.filter(name=role.value))
        body = {"person": person.get_username(), "role": role.value, "before": before}
        audit.record("person.role", by=by, body=body)


def set_export(person: User, *, may: bool, by: User) -> None:
    """Let this person take lists away as their role may, or not."""
    with transaction.atomic():
        rows = WithheldRight.objects.filter(person=person, right="export")
        if rows.exists() != may:
            return
        if may:
            rows.delete()
        else:
            WithheldRight.objects.create(person=person, right="export")
        body = {"person": person.get_username(), "may": may}
        audit.record("person.export", by=by, body=body)


def keep_an_admin(*, without: User | None) -> None:
    """Raise LastAdmin where nobody but that person could set the dashboard up.

    Until the caller's transaction ends no other may ask, so that two admins do not remove each
    other.
    """
    Policy.objects.get_or_create(pk=1)
    Policy.objects.select_for_update(no_key=True).get(pk=1)
    if without is not None and _is_admin(without) and not admins().exclude(pk=without.pk).exists():
        raise LastAdmin


def admins() -> QuerySet[User]:
    """Those who may set the dashboard up and have a way in."""
    connected = Exists(SocialAccount.objects.filter(user=OuterRef("pk")))
    in_role = Q(groups__name=Role.ADMIN.value) | Q(is_superuser=True)
    return User.objects.filter(in_role, ~NO_PASSWORD | connected, is_active=True).distinct()


def _is_admin(person: User) -> bool:
    in_group = person.groups.filter(name=Role.ADMIN.value).exists()
    return person.is_active and (person.is_superuser or in_group)
