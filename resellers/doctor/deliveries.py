"""How what people are told fares: mails and calls of webhooks that wait, and why."""

from collections.abc import Iterator

from django.conf import settings
from django.db.models import Count

from resellers.durations import ago
from resellers.models import Delivery, Webhook

from .finding import Finding, note, ok, untried, wrong

MAIL, WEBHOOKS = PARTS = ("Mail", "Webhooks")


def look_at_deliveries() -> Iterator[Finding]:
    """Whether mails and calls go out; none is sent to find out."""
    waiting = Delivery.objects.pending().filter(tries__gt=0).order_by("created_at")
    yield _mail(waiting.mails().first(), waiting.mails().count())
    calls = waiting.filter(channel=Delivery.Channel.WEBHOOK).select_related("webhook")
    late = calls.aggregate(hooks=Count("webhook", distinct=True), calls=Count("pk"))
    first = calls.first()
    if first is not None:
        yield note(
            WEBHOOKS,
            f"{late['calls']} calls wait for {late['hooks']} of them; {first.webhook} last:"
            f" {first.last_answer}",
            "They are tried again by themselves, for four days: see what the receiver says.",
        )
    elif number := Webhook.objects.wanting().count():
        yield ok(WEBHOOKS, f"Nothing waits for the {number} of them.")
    else:
        yield untried(WEBHOOKS, "There are none.")


def _mail(first: Delivery | None, number: int) -> Finding:
    if not settings.MAIL_IS_ON:
        words = "Switched off: no server is set, so nobody is mailed."
        return note(MAIL, words, "Set EMAIL_URL, DEFAULT_FROM_EMAIL and SITE_URL to send mail.")
    if first is not None:
        return wrong(
            MAIL,
            f"{number} wait, the oldest since {ago(first.created_at)}: {first.last_answer}",
            "Look at the mail server and at EMAIL_URL. Nothing is lost: they are tried again.",
        )
    last = Delivery.objects.mails().exclude(sent_at=None).order_by("-sent_at").first()
    if last is None or last.sent_at is None:
        return untried(MAIL, "None was sent yet.")
    return ok(MAIL, f"The last one was sent {ago(last.sent_at)}.")
