"""A forgotten password: a link to another one, mailed to who may have asked for it.

Whoever asks is told the same of every name, and as soon: what tells them apart is done by a worker,
and the link is made as the mail leaves, so that its secret is in the mail alone.
"""

from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext

from resellers import audit
from resellers.clock import database_now
from resellers.durations import span
from resellers.models import Delivery
from resellers.people import limits, links
from resellers.people.rights import NO_PASSWORD
from resellers.wake import wake

from . import outbox, words

KIND = "forgotten"
NOTHING = 0  # no row has this id
MOST_PEOPLE = 5  # who share a mailbox


def is_on() -> bool:
    """Whether links can be mailed: there is a server, the site knows its own address, and passwords
    are taken."""
    return bool(settings.MAIL_IS_ON and settings.SITE_URL and settings.PASSWORD_SIGN_IN)


def ask(name: str, address: str | None) -> None:
    """Have whoever goes by this username or mail address mailed a link to another password.

    Raises TooManyTries where links were asked for too often, of whatever name.
    """
    limits.ask_for_mail(name, address)
    people = list(_of(name)[:MOST_PEOPLE])
    with transaction.atomic():
        key = uuid4().hex
        subject = gettext("A new password for the reseller desk")
        outbox.post(
            # The text is made when it is sent, with the link.
            outbox.mail(one, KIND, f"{KIND}:{key}:{one.pk}", subject, "")
            for one in people
        )
        if not people:
            wake(outbox.TASK, NOTHING)  # as long as it takes to wake one, it takes for no name, too
        names = [one.get_username() for one in people]
        body = {"name": ", ".join(names)} | ({} if names else {"unknown": True})
        audit.record("password.asked", address=address, body=body)


def text(delivery: Delivery) -> str:
    """What that mail says, with a new link in it; empty where none is to be had any more."""
    length = timedelta(seconds=settings.SIGN_IN["MAILED_SECONDS"])
    person = delivery.person
    is_late = database_now() - delivery.created_at > length
    if person is None or is_late or not is_on() or not person.has_usable_password():
        return ""
    path = reverse("link_open", args=[links.make_for_forgotten(person)])
    return gettext(
        "Somebody, most likely you, asked for a new password for the reseller desk of your"
        " agency. This link lets you set one, once, and is good for %(time)s:\n\n%(address)s\n\n"
        "You log in as %(username)s. If it was not you, do nothing: your password stays as it is.\n"
    ) % {"time": span(length), "address": words.link(path), "username": person.get_username()}


def _of(name: str) -> QuerySet[User]:
    """Who goes by that username or mail address, and has a password that could be forgotten."""
    goes_by = Q(username=name) | Q(email__iexact=name)
    known = User.objects.filter(goes_by, is_active=True).exclude(email="").exclude(NO_PASSWORD)
    return known.order_by("pk")
