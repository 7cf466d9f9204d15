"""What each status, state and code means: all on one page, and each where it was pressed."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from dashboard.components import addresses
from dashboard.components.explanations import explanation_of, explanations, outcome_words
from dashboard.frame.htmx import asks_for_part
from resellers.models import Operation
from resellers.refusals import StatusWords


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """Every explanation, by what it is of."""
    return render(request, "pages/help/page.html", {"sections": explanations().items()})


@require_safe
def help_entry(request: HttpRequest, key: str) -> HttpResponse:
    """One explanation for htmx; others are led to its place among all of them."""
    words = explanation_of(key)
    if words is None:
        raise Http404("There is nothing of this name to explain.")
    return _explained(request, words, addresses.HELP_ANCHOR(key))


@require_safe
def help_outcome(request: HttpRequest, pk: int) -> HttpResponse:
    """What the code means that this operation ended with; others are led to its page."""
    operation = get_object_or_404(Operation.objects.exclude(outcome_code=""), pk=pk)
    return _explained(request, outcome_words(operation), operation.get_absolute_url())


def _explained(request: HttpRequest, words: StatusWords, elsewhere: str) -> HttpResponse:
    answer: HttpResponse = redirect(elsewhere)
    if asks_for_part(request, "meaning"):
        answer = render(request, "pages/help/_explanation.html", {"words": words})
    patch_vary_headers(answer, ["HX-Request"])
    return answer
