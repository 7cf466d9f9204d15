"""The report of cases to Wix's B2B team: what Wix finds them by, in one text to be copied.

No name is in it, neither a customer's nor one of staff.
"""

from collections.abc import Iterable

from django.db.models import Prefetch, QuerySet

from dashboard.components.wix_answers import redacted_text
from dashboard.components.wix_b2b import IN_TROUBLE, facts_of
from resellers.models import Case, CaseEvent, OperationAttempt


def for_report(cases: QuerySet[Case]) -> QuerySet[Case]:
    """The cases with all that a report tells; a fixed number of statements."""
    calls = OperationAttempt.objects.filter(IN_TROUBLE).order_by("-id")
    return (
        cases.select_related("instance__package", "operation")
        .defer("instance__raw", "instance__package__raw")
        .prefetch_related(Prefetch("operation__attempts", calls, to_attr="calls_in_trouble"))
        .order_by("account", "id")
    )


def report_text(cases: Iterable[Case]) -> str:
    """One paragraph a case, which were read `for_report`."""
    paragraphs = [_paragraph(case) for case in cases]
    number = len(paragraphs)
    parts = (
        f"{n} of {number}\n{text}" if number > 1 else text for n, text in enumerate(paragraphs, 1)
    )
    return "\n\n".join(parts) + "\n"


def _paragraph(case: Case) -> str:
    about = case.operation or case.instance
    facts = facts_of(about) if about else [("Case", case.get_cause_display())]
    if case.operation is None and case.instance and case.instance.failure_message:
        facts.append(("Message", redacted_text(case.instance.failure_message)))
    return "\n".join(f"{label}: {value}" for label, value in facts)


def was_reported(events: Iterable[CaseEvent]) -> CaseEvent | None:
    """When it was last reported, by its events, the newest first."""
    return next((event for event in events if event.kind == CaseEvent.Kind.REPORTED), None)
