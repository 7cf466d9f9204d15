"""A mail handed to the agency's server, and what came of it."""

import smtplib
from email.utils import format_datetime

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from resellers.models import Delivery
from resellers.storable import storable

from . import forgotten
from .outcome import Outcome

NO_ADDRESS = "This person has no address, or may not log in any more."
OVER = "There is no password any more that could be forgotten, or it was asked for too long ago."
NO_SERVER = "No mail server is set: EMAIL_URL is empty."


def send(delivery: Delivery) -> Outcome:
    """Hand it to the server, once. Raises nothing that a server, or the way to it, can bring about.

    Each try has the same Message-ID, so that mailboxes can tell one that came twice.
    """
    person = delivery.person
    if person is None or not (person.email and person.is_active):
        return Outcome(arrived=False, answer=NO_ADDRESS, is_final=True)
    if not settings.MAIL_IS_ON:
        return Outcome(arrived=False, answer=NO_SERVER)
    message = EmailMessage(
        delivery.subject,
        delivery.body,
        settings.DEFAULT_FROM_EMAIL,
        [person.email],
        headers={
            "Message-ID": f"<{delivery.pk}.{delivery.created_at:%Y%m%d%H%M%S}{_domain()}>",
            "Date": format_datetime(delivery.created_at),
            "Auto-Submitted": "auto-generated",
        },
    )
    connection = get_connection()
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        return Outcome(arrived=False, answer=_words(error), is_everybodys=True)
    try:
        if delivery.kind == forgotten.KIND:
            message.body = forgotten.text(delivery)
            if not message.body:
                return Outcome(arrived=False, answer=OVER, is_final=True)
        message.connection = connection
        message.send()
        return Outcome(arrived=True, answer="")
    except smtplib.SMTPRecipientsRefused as error:
        code, answer = next(iter(error.recipients.values()))
        return Outcome(arrived=False, answer=_said(code, answer), is_final=code >= 500)
    except smtplib.SMTPResponseException as error:
        return Outcome(arrived=False, answer=_said(error.smtp_code, error.smtp_error))
    except smtplib.SMTPException as error:
        # The line was cut: before the server had the mail, or after.
        return Outcome(arrived=None, answer=_words(error))
    except OSError as error:
        return Outcome(arrived=None, answer=_words(error))
    finally:
        connection.close()


def _domain() -> str:
    return "@" + settings.DEFAULT_FROM_EMAIL.rpartition("@")[2]


def _said(code: int, answer: bytes | str) -> str:
    words = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    return storable(f"The mail server said {code}: {' '.join(words.split())}")


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "The mail server refuses our user or password."
    if isinstance(error, TimeoutError):
        return "The mail server does not answer in time."
    return storable(f"The mail server cannot be used: {' '.join(str(error).split())}")
