"""The changes of a run as rows: which service, what is now, what will be, what became of it."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from dashboard.components import addresses, links
from dashboard.components.addresses import RowAddress
from dashboard.components.icons import icon, service_icon
from dashboard.lists import matching
from dashboard.lists.declaration import Column
from resellers.models import Account, BulkRun, CatalogProduct, PlannedChange
from resellers.models.bulk_querysets import UNTICKED_CODE, PlannedChangeQuerySet
from resellers.operations.bulk import verb_of
from resellers.operations.bulk.figures import PARTS
from resellers.operations.namesakes import attach_distinctions_of_rows
from resellers.wix_ids import as_wix_id

from .words import Part, outcome_words

ROWS_A_PAGE = 100
RELATED = ("account", "instance__product", "instance__site", "operation__settled_by")


def changes_of(
    run: BulkRun, part: Part | None, words: str = ""
) -> PlannedChangeQuerySet[PlannedChange]:
    """The run's changes, or those of one part, which have all of these words."""
    changes: PlannedChangeQuerySet[PlannedChange] = run.changes.all()
    if part is not None:
        among = Q()
        for name in part.names:
            among |= PARTS[name]
        changes = changes.filter(among)
    for word in matching.words_of(words):
        changes = changes.filter(_holding(word))
    return changes


def _holding(word: str) -> Q:
    """By customer, product, why it is not as planned, or the service's id."""
    found = (
        Q(account__in=Account.objects.filter(matching.by_name(word)))
        | Q(instance__product__in=CatalogProduct.objects.filter(matching.by_name(word)))
        | Q(why__icontains=word)
        | Q(code__icontains=word)
    )
    id_ = as_wix_id(word)
    return found | Q(instance=id_) if id_ else found


def rows_of(run: BulkRun, part: Part | None, words: str = "") -> QuerySet[PlannedChange]:
    """The same with all that their rows tell."""
    changes = changes_of(run, part, words).select_related(*RELATED).order_by("number")
    return changes.defer("account__raw", "instance__raw", "instance__site__raw")


class ChangesTable:
    """One page of a run's changes."""

    def __init__(
        self, run: BulkRun, part: Part | None, page: str, words: str = "", *, may_choose: bool
    ) -> None:
        self.run, self.verb = run, verb_of(run.kind)
        rows = rows_of(run, part, words)
        self.page: Page[PlannedChange] = Paginator(rows, ROWS_A_PAGE).get_page(page)
        self.columns: tuple[Column, ...] = (
            Column("number", gettext("No."), lambda row: str(row.number), kind="number"),
            Column(
                "service",
                gettext("Service"),
                lambda row: links.service_link(row.instance),
                kind="main",
                second=lambda row: links.service_kind(row.instance),
                mark=lambda row: service_icon(row.instance.product.service_type),
            ),
            Column("account", gettext("Customer"), lambda row: links.account_link(row.account)),
            Column("before", str(self.verb.words.before), self._before),
            Column("after", str(self.verb.words.after), self._after, kind="wide"),
            Column("outcome", self._heading, self._outcome, kind="status", second=self._why),
        )
        if may_choose:
            self.columns += (Column("pick", gettext("In the plan"), _choice, kind="go"),)

    @property
    def _heading(self) -> str:
        return gettext("What will happen") if self.run.is_planned else gettext("Outcome")

    @property
    def body(self) -> SafeString:
        """The page's rows: made here and not by a template, as every list's are."""
        changes = list(self.page)
        attach_distinctions_of_rows([one.instance for one in changes if one.instance])
        return SafeString("\n".join(self._row(change, self.columns) for change in changes))

    @staticmethod
    def _row(change: PlannedChange, columns: Sequence[Column]) -> str:
        cells = "".join(column.render(change) for column in columns)
        busy = ' class="now"' if change.operation and change.operation.is_open else ""
        return f"<tr{busy}>{cells}</tr>"

    def _before(self, change: PlannedChange) -> str:
        return self.verb.sides(change)[0]

    def _after(self, change: PlannedChange) -> SafeString | str:
        after = self.verb.sides(change)[1]
        if not after:
            return gettext("nothing")
        return format_html("{} {}", icon("arrow"), after)

    def _outcome(self, change: PlannedChange) -> SafeString:
        tone, words, _ = outcome_words(change, self.run, self.verb)
        if change.operation_id is None:
            return format_html('<span class="status {}">{}</span>', tone, words)
        address = addresses.OPERATION(change.operation_id)
        return format_html('<a class="status {}" href="{}">{}</a>', tone, address, words)

    def _why(self, change: PlannedChange) -> SafeString | str:
        """Why, in plain words, with the code below a refusal's."""
        *_, why = outcome_words(change, self.run, self.verb)
        code = change.operation.outcome_code if change.operation else change.code
        # Codes in capitals are Wix's; those of ours say nothing that the words do not.
        if not why or not code.isupper():
            return why
        return format_html("{} <code>{}</code>", why, code)


_choosing = RowAddress("bulk_choose")


def _choice(change: PlannedChange) -> SafeString | str:
    """What leaves the change out of its plan, or puts it back."""
    is_out = change.code == UNTICKED_CODE
    if not is_out and change.outcome != PlannedChange.Outcome.PLANNED:
        return ""
    word = gettext("Put back") if is_out else gettext("Leave out")
    return format_html(
        '<button id="choose-{}" class="button small quiet" form="bulk-choice" hx-post="{}"'
        ' hx-include="#bulk-choice" hx-target="#bulk-run" hx-swap="outerHTML" name="{}" value="{}"'
        ' aria-label="{}: {}">{} {}</button>',
        change.number,
        _choosing(change.run_id),
        "back" if is_out else "out",
        change.number,
        word,
        change.account,
        icon("undo" if is_out else "x"),
        word,
    )


def csv_row(change: PlannedChange, run: BulkRun) -> list[Any]:
    """The change as its line of the file."""
    verb = verb_of(run.kind)
    _, words, why = outcome_words(change, run, verb)
    before, after = verb.sides(change)
    operation = change.operation
    return [
        change.number,
        change.instance_id or "",
        change.account_id,
        change.account.name,
        str(change.instance.product) if change.instance else "",
        before,
        after,
        change.outcome,
        words,
        operation.outcome_code if operation else change.code,
        why,
        change.operation_id or "",
        change.decided_at,
    ]


HEADERS = (
    *("number", "instance_id", "account_id", "account_name", "product_name"),
    *("before", "after", "outcome", "outcome_words", "error_code", "why", "operation_id"),
    "decided_at_utc",
)
