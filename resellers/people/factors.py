"""The second factor of people: who has one, from whom one is demanded, and an admin's reset."""

from typing import TYPE_CHECKING, Any

from allauth.mfa.models import Authenticator
from django.db import transaction

from resellers import audit
from resellers.models import Policy, Role

from .rights import role_of

if TYPE_CHECKING:
    from django.contrib.auth.models import User

TOTP, PASSKEY, CODES = (
    Authenticator.Type.TOTP,
    Authenticator.Type.WEBAUTHN,
    Authenticator.Type.RECOVERY_CODES,
)
# Recovery codes come with one of these and are none by themselves.
FACTORS = Authenticator.objects.filter(type__in=[TOTP, PASSKEY])


def has_factor(person: Any) -> bool:
    """Whether the person has a second factor; at no statement where it was read with them."""
    known = getattr(person, "has_factor", None)
    return FACTORS.filter(user_id=person.pk).exists() if known is None else bool(known)


def demanded_from() -> list[str]:
    """The roles that a second factor is demanded from."""
    roles = Policy.objects.filter(pk=1).values_list("second_factor_for", flat=True).first()
    return list(roles or [])


def is_demanded(person: "User") -> bool:
    """Whether a second factor is demanded from that person, by their role."""
    known: Any = getattr(person, "factor_demanded_from", demanded_from)
    roles = known() if callable(known) else known or []
    return bool(roles) and role_of(person) in roles


def is_missing(person: "User") -> bool:
    """Whether the person has to set one up before anything else."""
    return not has_factor(person) and is_demanded(person)


def demand_from(roles: list[str], *, by: "User") -> None:
    """Demand one from these roles, and from no others, as from the next page each of them opens."""
    wanted = [role.value for role in Role if role.value in roles]
    with transaction.atomic():
        row, _ = Policy.objects.select_for_update(no_key=True).get_or_create(pk=1)
        if row.second_factor_for == wanted:
            return
        before, row.second_factor_for = row.second_factor_for, wanted
        row.save(update_fields=["second_factor_for"])
        audit.record("policy.second_factor", by=by, body={"roles": [before, wanted]})


def reset(person: "User", *, by: "User | None" = None) -> int:
    """Take every second factor of a locked-out colleague away; returns how many there were."""
    with transaction.atomic():
        types = list(Authenticator.objects.filter(user=person).values_list("type", flat=True))
        if types:
            Authenticator.objects.filter(user=person).delete()
            body = {"person": person.get_username(), "factors": sorted(types)}
            audit.record("factor.reset", by=by, body=body)
    return len(types)
