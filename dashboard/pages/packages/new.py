"""New packages: for whom, then what."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dashboard.actions.create_package import NewPackageForm
from dashboard.actions.order_again import named_failures
from dashboard.actions.order_initial import (
    named_template,
    order_again_initial,
    order_on_initial,
    second_order_initial,
    template_initial,
)
from dashboard.actions.order_line import MOST_LINES
from dashboard.actions.order_second import first_order
from dashboard.actions.views import act, check_right, form_page, options_of
from dashboard.components.controls import Control
from dashboard.frame.context import frame_of
from dashboard.frame.htmx import asks_for_part
from dashboard.frame.staff import StaffRequest
from dashboard.lists import matching
from dashboard.lists.filters import InvalidQuery, clean_text
from resellers.models import Account, Site
from resellers.wix_ids import as_wix_id

ACCOUNTS_LIMIT = 20


@require_http_methods(["GET", "HEAD", "POST"])
def new_package(request: StaffRequest) -> HttpResponse:
    """Order for the account that the address names; without one, a page to choose it."""
    check_right(request, NewPackageForm)
    named = request.GET.get("account", "")
    if not named and request.method != "POST":
        return _choose(request)
    account_id = as_wix_id(named)
    account = account_id and Account.objects.filter(pk=account_id).first()
    if not account:
        raise Http404(_("Nothing of id %(id)s") % {"id": named[:40]})
    named = request.GET.get("again_of", "")
    if request.method != "POST" and (failed := named_failures(account, named)):
        options = options_of(request, NewPackageForm, account)
        initial = order_again_initial(*failed[:MOST_LINES])
        form = NewPackageForm(initial=initial, **options)
        form.left_over = len(failed) - MOST_LINES
        return form_page(request, form)
    site = _site_of(account, request.GET.get("site", ""))
    if request.method != "POST" and (template := named_template(request)):
        initial = template_initial(template, account, site)
        options = options_of(request, NewPackageForm, account)
        return form_page(request, NewPackageForm(initial=initial, **options))
    product_id = as_wix_id(request.GET.get("product", ""))
    if request.method != "POST" and (site or product_id):
        options = options_of(request, NewPackageForm, account)
        initial = order_on_initial(site, product_id)
        return form_page(request, NewPackageForm(initial=initial, **options))
    if request.method != "POST" and (first := first_order(account, request.GET.get("after", ""))):
        options = options_of(request, NewPackageForm, account)
        return form_page(request, NewPackageForm(initial=second_order_initial(first), **options))
    return act(request, NewPackageForm, account)


def _site_of(account: Account, named: str) -> Site | None:
    """The account's site of that id, if it has it."""
    site_id = as_wix_id(named)
    return account.sites.present().filter(pk=site_id).first() if site_id else None


def _choose(request: StaffRequest) -> HttpResponse:
    """The accounts, narrowed by words."""
    typed, error = request.GET.get("q", ""), ""
    accounts: QuerySet[Account] = Account.objects.present().defer("raw")
    try:
        accounts = matching.ACCOUNTS.narrow(accounts, clean_text(typed))
    except InvalidQuery as invalid:
        accounts, error = accounts.none(), str(invalid)
    found = list(accounts[: ACCOUNTS_LIMIT + 1])
    preflight, kind = frame_of(request).preflight, NewPackageForm.kind
    chosen = named_template(request)
    answers = preflight.of_all([kind], found[:ACCOUNTS_LIMIT])

    def order(account: Account) -> Control:
        answer, path = answers[account.pk][kind], NewPackageForm.path(account)
        path += f"&template={chosen.pk}" if chosen else ""
        return Control(answer, path, _("Order"), about=_("for %(account)s") % {"account": account})

    context: dict[str, Any] = {
        "answer": preflight.in_general(kind),
        "typed": typed if not error else "",
        "error": error,
        "chosen": chosen,
        "accounts": [(account, order(account)) for account in found[:ACCOUNTS_LIMIT]],
        "more": len(found) > ACCOUNTS_LIMIT,
    }
    part = asks_for_part(request, "accounts")
    template = "pages/packages/new/_accounts.html" if part else "pages/packages/new/choose.html"
    answer = render(request, template, context, status=422 if error else 200)
    patch_vary_headers(answer, ["HX-Request"])
    return answer
