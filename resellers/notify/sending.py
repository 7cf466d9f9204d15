"""Carries out what the outbox holds: each row by one process at a time, with its tries on record.

A try is committed before anything leaves. Of a mail that may have arrived, and of whatever a
process was lost over, one more try is made and no second one.
"""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from resellers import leases
from resellers.clock import database_now, in_seconds
from resellers.models import Delivery, DeliveryAttempt

from . import mail, webhooks
from .outcome import Outcome

logger = logging.getLogger(__name__)

LONGEST_ANSWER = 1000
MOST_DUE = 50
TWICE_IN_DOUBT = (
    "It may have arrived, twice perhaps: each time the process that sent it, or its line, was lost"
    " before the answer came. It is not sent by itself any more."
)


def due() -> list[int]:
    """The rows to be sent now, the oldest first."""
    rows = leases.due(Delivery.objects.pending()).order_by("next_run_at", "pk")
    return list(rows.values_list("pk", flat=True)[:MOST_DUE])


def send(pk: int) -> None:
    """Send that row if it is due and nobody is at it, and note what came of it."""
    delivery = leases.claim(Delivery.objects.pending(), pk, state=Delivery.State.SENDING)
    if delivery is None:
        return
    doubts = delivery.attempts.filter(at__gte=delivery.wanted_at, arrived=None)
    if delivery.channel == Delivery.Channel.WEBHOOK:
        # A receiver tells by its id what came twice, so only lost processes are doubted.
        doubts = doubts.filter(ended_at=None)
    try:
        if doubts.count() > 1:
            _end(delivery, Delivery.State.UNCLEAR, TWICE_IN_DOUBT)
            return
        attempt = DeliveryAttempt.objects.create(delivery=delivery)
        is_mail = delivery.channel == Delivery.Channel.MAIL
        _note(delivery, attempt, mail.send(delivery) if is_mail else webhooks.send(delivery))
    except leases.LostLease:
        logger.warning("%s took longer than its lease; another process goes on", delivery)


def _note(delivery: Delivery, attempt: DeliveryAttempt, outcome: Outcome) -> None:
    answer = outcome.answer[:LONGEST_ANSWER]
    # First, and whoever has the row by now: the log shall know what became of this try.
    DeliveryAttempt.objects.filter(pk=attempt.pk).update(
        ended_at=Now(), arrived=outcome.arrived, status=outcome.status, answer=answer
    )
    if outcome.arrived:
        _end(delivery, Delivery.State.SENT, answer, sent_at=Now())
    elif outcome.is_final or _is_late(delivery):
        _end(delivery, Delivery.State.FAILED, answer)
    else:
        _put_off(delivery, answer, everybody=outcome.is_everybodys)


def _end(delivery: Delivery, state: Delivery.State, answer: str, **values: object) -> None:
    leases.end(delivery, state=state, last_answer=answer, tries=F("tries") + 1, **values)
    if state != Delivery.State.SENT:
        logger.warning("%s was given up: %s", delivery, answer)


def _put_off(delivery: Delivery, answer: str, *, everybody: bool) -> None:
    waits = settings.NOTIFY["RETRY_SECONDS"]
    wait = waits[min(delivery.tries, len(waits) - 1)]
    with transaction.atomic():
        leases.release(
            delivery,
            after=wait,
            state=Delivery.State.WAITING,
            last_answer=answer,
            tries=F("tries") + 1,
        )
        if everybody:
            # A hundred rows for a server that is away are one try each time, not a hundred.
            others = Delivery.objects.filter(
                state=Delivery.State.WAITING, channel=delivery.channel, webhook=delivery.webhook_id
            )
            sooner = others.filter(lease_until=None, next_run_at__lt=in_seconds(wait))
            sooner.exclude(pk=delivery.pk).update(next_run_at=in_seconds(wait), last_answer=answer)
    logger.info("%s waits %s s: %s", delivery, wait, answer)


def _is_late(delivery: Delivery) -> bool:
    age = database_now() - delivery.wanted_at
    return age > timedelta(seconds=settings.NOTIFY["GIVE_UP_SECONDS"])
