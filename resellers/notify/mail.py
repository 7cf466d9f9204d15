"""A mail handed to the agency's server, and what came of it."""

import re
import smtplib
from dataclasses import replace
from email.utils import format_datetime

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext as _

from resellers.models import Delivery
from resellers.storable import storable

from . import forgotten
from .outcome import Outcome

NO_ADDRESS = "This person has no address, or may not log in any more."
NO_CUSTOMER = "This customer has no address any more."
OVER = "There is no password any more that could be forgotten, or it was asked for too long ago."
NO_SERVER = "No mail server is set: EMAIL_URL is empty."


def send(delivery: Delivery) -> Outcome:
    """Hand it to the server, once. Raises nothing that a server, or the way to it, can bring about.

    Each try has the same Message-ID, so that mailboxes can tell one that came twice.
    """
    account, address = delivery.account, _address(delivery)
    if not address:
        why = NO_CUSTOMER if account else NO_ADDRESS
        return Outcome(arrived=False, answer=why, is_final=True)
    if not settings.MAIL_IS_ON:
        return Outcome(arrived=False, answer=NO_SERVER)
    outcome = _hand_over(delivery, address)
    if account is None:
        return outcome
    # Servers repeat in their answers whom they refuse, and a customer's address is kept nowhere.
    answer = re.sub(re.escape(address), _("the address"), outcome.answer, flags=re.IGNORECASE)
    return replace(outcome, answer=answer)


def _address(delivery: Delivery) -> str:
    if delivery.account is not None:
        return delivery.account.email
    if delivery.address:
        return delivery.address
    person = delivery.person
    return person.email if person is not None and person.is_active else ""


def _hand_over(delivery: Delivery, address: str) -> Outcome:
    by_person = delivery.reply_to
    message = EmailMessage(
        delivery.subject,
        delivery.body,
        settings.DEFAULT_FROM_EMAIL,
        [address],
        reply_to=[by_person.email] if by_person and by_person.email else None,
        headers={
            "Message-ID": f"<{delivery.pk}.{delivery.created_at:%Y%m%d%H%M%S}{_domain()}>",
            "Date": format_datetime(delivery.created_at),
        },
    )
    if delivery.account is None:  # what a customer gets, a person has sent
        message.extra_headers["Auto-Submitted"] = "auto-generated"
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
