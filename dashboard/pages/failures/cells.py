"""What the cells of the list of cases show."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from dashboard.components import addresses, statuses, values
from dashboard.components.wix_b2b import asking_b2b
from resellers.cases import causes
from resellers.models import Case, CaseKind
from resellers.refusals.playbooks import playbook

from . import words


def name(case: Case) -> SafeString:
    """Whom it concerns, leading to the case: beside the list, or without a script to its page."""
    return format_html(
        '<a class="name" href="{0}" hx-get="{0}" hx-target="#case" hx-swap="innerHTML">{1}</a>',
        addresses.CASE(case.pk),
        words.name_of(case),
    )


def second_line(case: Case) -> str:
    group = case.account.group if case.account else ""
    return " · ".join(filter(None, [words.subject_of(case), group]))


def what_wix_says(case: Case) -> SafeString | str:
    if case.kind == CaseKind.FAILED and case.instance:  # type: ignore[attr-defined]
        return statuses.failure_badge(case.instance)
    return case.code or values.NOTHING


def what_it_means(case: Case) -> str:
    return playbook(*causes.cause_of(case)).words


def to_do(case: Case) -> SafeString | str:
    steps = playbook(*causes.cause_of(case)).steps
    return asking_b2b(steps[0].words, case.instance or case.operation)
