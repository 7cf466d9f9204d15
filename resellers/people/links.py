"""Ways in that work once: invitations, and links to a new password.

The secret is in the link alone. What is kept is its hash, whose it is, and until when it is good.
"""

import hashlib
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from resellers.clock import database_now
from resellers.models import SignInLink

from . import limits

if TYPE_CHECKING:
    from django.contrib.auth.models import User

Purpose = SignInLink.Purpose


def make(person: "User", *, by: "User | None" = None) -> str:
    """The secret of a new link for that person; every one from before is good for nothing.

    Whoever is given one may come in by it, so tries that were held under the name are let go.
    """
    with transaction.atomic():
        revoke(person)
        purpose = Purpose.PASSWORD if is_settled(person) else Purpose.INVITATION
        secret = _new(person, purpose, settings.SIGN_IN["LINK_SECONDS"], by=by)
        limits.lift_name(person.get_username(), by=by)
    return secret


def make_for_forgotten(person: "User") -> str:
    """The secret of a new link to another password, for that person's mailbox alone.

    Anybody may ask for one: so what was made before stays good, and what is held stays held.
    """
    return _new(person, Purpose.FORGOTTEN, settings.SIGN_IN["MAILED_SECONDS"])


def revoke(person: "User") -> None:
    """Let no link to that person be good any more."""
    _open(person).delete()


def is_settled(person: "User") -> bool:
    """Whether the person has ever had a way in of their own."""
    return person.has_usable_password() or person.last_login is not None


def found_by(key: str) -> SignInLink | None:
    """The link of that key that is still good, for who may log in."""
    is_good = Q(used_at=None, ends_at__gt=Now(), person__is_active=True)
    links = SignInLink.objects.filter(is_good, secret_hash=key)
    return links.select_related("person").first()


def open_for(person: "User") -> SignInLink | None:
    """The link to that person that an admin has made and that is still good."""
    links = _open(person).filter(ends_at__gt=Now()).exclude(purpose=Purpose.FORGOTTEN)
    return links.select_related("made_by").first()


def use(link: SignInLink) -> bool:
    """Use the link up, and with it every other one to that person; False where somebody was
    faster, or it has ended meanwhile."""
    mine = SignInLink.objects.filter(pk=link.pk, used_at=None, ends_at__gt=Now())
    was_open = bool(mine.update(used_at=Now()))
    if was_open:
        revoke(link.person)
    return was_open


def key_of(secret: str) -> str:
    """What stands for a secret where it is kept: nobody comes in by it."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _open(person: "User") -> QuerySet[SignInLink]:
    return SignInLink.objects.filter(person=person, used_at=None)


def _new(person: "User", purpose: Purpose, seconds: int, *, by: "User | None" = None) -> str:
    secret = secrets.token_urlsafe(32)
    SignInLink.objects.create(
        person=person,
        purpose=purpose,
        secret_hash=key_of(secret),
        made_by=by,
        ends_at=database_now() + timedelta(seconds=seconds),
    )
    return secret
