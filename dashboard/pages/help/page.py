"""What each status, state and code means: all on one page, and each where it was pressed."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dashboard.components import addresses
from dashboard.components.explanations import TERMS, explanation_of, explanations, outcome_words
from dashboard.frame.htmx import asks_for_part
from dashboard.records.operation_log import OperationLog
from resellers.models import Operation, ProductInstance, Site
from resellers.refusals import StatusWords
from resellers.wix_ids import as_wix_id


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """Every explanation, by what it is of."""
    return render(
        request, "pages/help/page.html", {"sections": explanations().items(), "terms": TERMS}
    )


@require_safe
def help_entry(request: HttpRequest, key: str) -> HttpResponse:
    """One explanation for htmx; others are led to its place among all of them."""
    words = explanation_of(key)
    if words is None:
        raise Http404(_("There is nothing of this name to explain."))
    return _explained(request, words, addresses.HELP_ANCHOR(key), _thing_of(request))


@require_safe
def help_outcome(request: HttpRequest, pk: int) -> HttpResponse:
    """What the code means that this operation ended with; others are led to its page."""
    operation = get_object_or_404(Operation.objects.exclude(outcome_code=""), pk=pk)
    refusal = OperationLog(operation).refusal
    words = outcome_words(operation, refusal.message if refusal else "")
    return _explained(request, words, operation.get_absolute_url(), operation)


def _thing_of(request: HttpRequest) -> ProductInstance | Site | None:
    """The service or site that `?of=` names as having what is explained."""
    id_ = as_wix_id(request.GET.get("of", ""))
    if id_ is None:
        return None
    services = ProductInstance.objects.select_related("package").defer("raw", "package__raw")
    return services.filter(pk=id_).first() or Site.objects.filter(pk=id_).first()


def _explained(
    request: HttpRequest, words: StatusWords, elsewhere: str, about: object = None
) -> HttpResponse:
    answer: HttpResponse = redirect(elsewhere)
    if asks_for_part(request, "meaning"):
        answer = render(request, "pages/help/_explanation.html", {"words": words, "about": about})
    patch_vary_headers(answer, ["HX-Request"])
    return answer
