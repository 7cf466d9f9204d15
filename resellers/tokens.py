"""Personal tokens: made, revoked, and looked at when a program shows one; each of it is audited.

A token is `desk_`, ten letters by which it is found, and 43 by which it is known. The latter are in
no table: only the SHA-256 of the whole is, which needs no salt, since nobody can guess 256 bits.
"""

import hashlib
import re
import secrets
import string
from datetime import timedelta
from hmac import compare_digest
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from resellers import audit, call_limits
from resellers.models import PersonalToken

if TYPE_CHECKING:
    from django.contrib.auth.models import User

LIFETIMES = (7, 30, 90, 180, 365)  # days to choose from
LIFETIME = 90
SEEN_EVERY = timedelta(minutes=1)
_ALPHABET = string.ascii_lowercase + string.digits
_TOKEN = re.compile(r"(?P<prefix>desk_[a-z0-9]{10})_[A-Za-z0-9_-]{43}")
_NOBODYS = hashlib.sha256(secrets.token_bytes(32)).hexdigest()


class NotMade(ValueError):
    """No token was made; str() is a message a person can act on."""


class NotTaken(Exception):
    """This token opens nothing; `why` is for the trail, and `token` the row where there is one."""

    def __init__(self, why: str, token: PersonalToken | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.token = token


def make(person: "User", name: str, days: int) -> tuple[PersonalToken, str]:
    """A new token of this person, and its text: it is shown this once. Raises NotMade."""
    if not 1 <= days <= max(LIFETIMES):
        raise NotMade(_("A token lasts a year at most."))
    prefix = "desk_" + "".join(secrets.choice(_ALPHABET) for _ in range(10))
    text = f"{prefix}_{secrets.token_urlsafe(32)}"
    with transaction.atomic():
        held = PersonalToken.objects.select_for_update(no_key=True).filter(
            person=person, revoked_at=None
        )
        if held.filter(name=name).exists():
            raise NotMade(_("You have a token of this name. Revoke it, or choose another name."))
        if held.in_force().count() >= PersonalToken.MOST:
            words = _("You have %(number)s tokens, and nobody has more. Revoke one first.")
            raise NotMade(words % {"number": PersonalToken.MOST})
        token = PersonalToken.objects.create(
            person=person,
            name=name,
            prefix=prefix,
            secret_hash=_hash_of(text),
            expires_at=timezone.now() + timedelta(days=days),
        )
        body = {"name": name, "token": prefix, "days": days}
        audit.record("token.made", by=person, body=body)
    return token, text


def revoke(token: PersonalToken, *, by: "User") -> bool:
    """Have it open nothing any more; False where it was revoked before."""
    with transaction.atomic():
        rows = PersonalToken.objects.filter(pk=token.pk, revoked_at=None)
        if not rows.update(revoked_at=Now(), revoked_by=by):
            return False
        body = {"name": token.name, "token": token.prefix, "person": token.person.get_username()}
        audit.record("token.revoked", by=by, body=body)
    return True


def check(text: str) -> PersonalToken:
    """The token in force that this text is. Raises NotTaken.

    How long it takes does not tell how much of it was right.
    """
    spelled = _TOKEN.fullmatch(text)
    token = None
    if spelled:
        token = PersonalToken.objects.filter(prefix=spelled["prefix"]).first()
    is_right = compare_digest(_hash_of(text), token.secret_hash if token else _NOBODYS)
    if token is None or not is_right:
        raise NotTaken("unknown")
    if token.revoked_at:
        raise NotTaken("revoked", token)
    if token.expires_at <= timezone.now():
        raise NotTaken("expired", token)
    return token


def note_used(token: PersonalToken) -> None:
    """Keep that it was used just now: at most once a minute, so that reading hardly writes."""
    now = timezone.now()
    if token.last_used_at is None or token.last_used_at <= now - SEEN_EVERY:
        late = Q(last_used_at=None) | Q(last_used_at__lte=now - SEEN_EVERY)
        PersonalToken.objects.filter(late, pk=token.pk).update(last_used_at=now)


def record_refused(why: str, token: PersonalToken | None, address: str | None) -> None:
    """Keep in the trail that a call was refused: of one token or address once a minute, since who
    makes calls can make very many."""
    whose = token.prefix if token else address or "socket"
    if not call_limits.is_first(f"refused:{why}:{whose}"):
        return
    body = {"why": why}
    if token:
        body |= {"name": token.name, "token": token.prefix}
    audit.record("token.refused", by=token.person if token else None, address=address, body=body)


def _hash_of(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
