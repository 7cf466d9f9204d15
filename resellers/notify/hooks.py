"""What admins do with webhooks; each of it is audited."""

import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from resellers import audit
from resellers.clock import database_now
from resellers.models import Delivery, Webhook
from resellers.wake import wake

from . import outbox, webhooks

if TYPE_CHECKING:
    from django.contrib.auth.models import User

TEST = "webhook.test"  # what "Send a test" sends; nobody can choose it


def make(address: str, events: Sequence[str], *, by: "User") -> tuple[Webhook, str]:
    """A new webhook, and its secret: it is shown this once.

    Raises IntegrityError where there is one to this address.
    """
    hook = Webhook(address=address, events=list(events), made_by=by)
    secret = _new_secret(hook)
    with transaction.atomic():
        hook.save()
        _record("webhook.made", hook, by, events=list(events))
    return hook, secret


def change(hook: Webhook, *, address: str, events: Sequence[str], active: bool, by: "User") -> None:
    """Send to this address, of these events, or nothing for now.

    Raises IntegrityError where there is another one to this address.
    """
    hook.address, hook.events, hook.active = address, list(events), active
    with transaction.atomic():
        hook.save(update_fields=["address", "events", "active"])
        _record("webhook.changed", hook, by, events=list(events), active=active)


def renew_secret(hook: Webhook, *, by: "User") -> str:
    """A new secret, by which everything is signed from now on: it is shown this once."""
    secret = _new_secret(hook)
    with transaction.atomic():
        hook.save(update_fields=["salt", "secret_fingerprint"])
        _record("webhook.secret_renewed", hook, by)
    return secret


def remove(hook: Webhook, *, by: "User") -> None:
    """Send nothing there any more, what waits included."""
    with transaction.atomic():
        Webhook.objects.filter(pk=hook.pk, removed_at=None).update(removed_at=Now(), active=False)
        _record("webhook.removed", hook, by)


def send_test(hook: Webhook, *, by: "User") -> None:
    """Have a call sent that tells nothing but that it is a test."""
    now = database_now()
    with transaction.atomic():
        key = f"{TEST}:{secrets.token_hex(8)}:{hook.pk}"
        data = {"by": by.get_username()}
        outbox.post([outbox.webhook_call(hook, TEST, key, data, now)])
        _record("webhook.tested", hook, by)


def send_again(delivery: Delivery, *, by: "User") -> bool:
    """Have what was sent, or given up, sent once more as it was; False while it is on its way."""
    ended = Delivery.objects.filter(pk=delivery.pk).exclude(state__in=Delivery.PENDING_STATES)
    with transaction.atomic():
        wanted = ended.update(
            state=Delivery.State.WAITING,
            tries=0,
            wanted_at=Now(),
            next_run_at=Now(),
            interruptions=0,
        )
        if wanted and delivery.webhook:
            _record("webhook.sent_again", delivery.webhook, by, delivery=delivery.pk)
        if wanted:
            wake(outbox.TASK, delivery.pk)
    return bool(wanted)


def _new_secret(hook: Webhook) -> str:
    hook.salt = secrets.token_hex(16)
    secret = webhooks.make_secret(hook.salt, settings.SECRET_KEY)
    hook.secret_fingerprint = webhooks.fingerprint(secret)
    return secret


def _record(event: str, hook: Webhook, by: "User", **body: object) -> None:
    audit.record(event, by=by, body={"webhook": hook.pk, "address": hook.address, **body})
