"""What mails say, and what cases, causes and operations are called in them."""

from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from resellers.models import Case, CaseCause, CaseKind, NoticeKind, Operation
from resellers.models.cases import Cause
from resellers.refusals import explain, explain_failure

MOST_LINES = 20
LONGEST_SUBJECT = 150


def link(path: str) -> str:
    """The address of a page for who is elsewhere; empty where the site does not know its own."""
    return f"{settings.SITE_URL}{path}" if settings.SITE_URL else ""


def one_line(text: str) -> str:
    """The text on one line that fits a mail's subject."""
    text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return text if len(text) <= LONGEST_SUBJECT else f"{text[: LONGEST_SUBJECT - 1]}…"


def case_title(case: Case) -> str:
    """What a case is about: `Failed service: Mailbox of North Bakery`."""
    cause = str(CaseCause(case.cause).label)
    if case.operation:
        thing = operation_title(case.operation)
    else:
        thing = str(case.flow or case.product or "")
    values = {"cause": cause, "thing": thing, "customer": case.account}
    if thing and case.account:
        return gettext("%(cause)s: %(thing)s of %(customer)s") % values
    return f"{cause}: {thing}" if thing else cause


def cause_title(cause: Cause) -> str:
    """What a cause is: `Failed service (DELIVERY_TIMEOUT)`."""
    title = str(CaseKind(cause.kind).label)
    return f"{title} ({cause.code})" if cause.code else title


def cause_meaning(cause: Cause) -> str:
    """What the code of a cause means and what to do; empty where it has none."""
    if not cause.code or cause.kind == CaseKind.STUCK:
        return ""
    is_failure = cause.kind == CaseKind.FAILED
    known = explain_failure(cause.code) if is_failure else explain(cause.code)
    return f"{known.words} {known.next_step}"


def operation_title(operation: Operation) -> str:
    """An operation by its kind and number: `Cancel package #12`."""
    return f"{operation.kind.replace('_', ' ').capitalize()} #{operation.pk}"


def subject(kind: NoticeKind, titles: Sequence[str], by: str) -> str:
    """The subject of a mail about one thing or several."""
    number = len(titles)
    values = {"what": titles[0], "number": number, "by": by or gettext("Somebody")}
    match kind:
        case NoticeKind.ASSIGNED:
            words = ngettext(
                "%(by)s gave you a case: %(what)s", "%(by)s gave you %(number)d cases", number
            )
        case NoticeKind.MENTIONED:
            words = ngettext(
                "%(by)s mentioned you: %(what)s", "%(by)s mentioned you on %(number)d cases", number
            )
        case NoticeKind.REGRESSED:
            words = ngettext(
                "A case of yours came back: %(what)s", "%(number)d cases of yours came back", number
            )
        case NoticeKind.BULK:
            words = ngettext("%(what)s", "%(number)d bulk changes of yours", number)
        case NoticeKind.FLOW:
            words = ngettext("%(what)s", "%(number)d flows of yours", number)
        case NoticeKind.EXPORT:
            words = ngettext("%(what)s", "%(number)d files of yours", number)
        case _:
            words = ngettext(
                "Waits for too long: %(what)s", "%(number)d things wait for too long", number
            )
    return one_line(words % values)


def body(blocks: Sequence[str]) -> str:
    """The text of a mail: these blocks, as many as a mail should have, and why it came."""
    first = list(blocks[:MOST_LINES])
    if more := len(blocks) - len(first):
        words = ngettext("And %(number)d more.", "And %(number)d more.", more)
        first.append(words % {"number": more})
    choose = link(reverse("me_page"))
    why = gettext("You choose what is mailed to you in your settings.")
    return "\n\n".join([*first, "-- \n" + (f"{why}\n{choose}" if choose else why)]) + "\n"


def block(*lines: str) -> str:
    """Lines that belong together, without the empty ones."""
    return "\n".join(line for line in lines if line)
