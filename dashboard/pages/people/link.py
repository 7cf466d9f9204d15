"""The address by which a colleague comes in, and the mail that brings it."""

from datetime import timedelta
from smtplib import SMTPException

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from resellers.durations import span


def address_of(request: HttpRequest, secret: str) -> str:
    """The whole address of the link with that secret."""
    path = reverse("link_open", args=[secret])
    return settings.SITE_URL + path if settings.SITE_URL else request.build_absolute_uri(path)


def mail_to(person: User, address: str) -> str:
    """Send the link to that person, now; what was in the way, or nothing.

    It goes straight to the server: the mails that wait in our tables must not hold a way in.
    """
    words = _(
        "You are invited to the reseller desk of your agency. This link lets you in once, and is"
        " good for %(time)s:\n\n%(address)s\n\nYou log in as %(username)s.\n"
    ) % {
        "time": span(_length()),
        "address": address,
        "username": person.get_username(),
    }
    subject = _("Your way into the reseller desk")
    message = EmailMessage(subject, words, settings.DEFAULT_FROM_EMAIL, [person.email])
    try:
        message.send()
    except (OSError, SMTPException) as error:
        return _("The mail server did not take the mail: %(words)s") % {"words": error}
    return ""


def _length() -> timedelta:
    return timedelta(seconds=settings.SIGN_IN["LINK_SECONDS"])
