"""Domains for a site: what Wix suggests, the text for its owner, and what the owner chose."""

import re
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from dashboard.actions.create_package import NewPackageForm
from dashboard.components.controls import Control
from dashboard.components.wix_b2b import asking_b2b
from dashboard.frame.context import frame_of
from dashboard.frame.staff import StaffRequest
from resellers.domain_names import readable
from resellers.flows import domain_proposals as flow
from resellers.flows.typed_domain import not_sold, product_for
from resellers.models import Delivery, DomainProposal, Site

MOST_PROPOSALS = 10
RIGHT = "resellers.operate"
DOMAIN = re.compile(r"(?=.{4,253}\Z)[\w-]+(\.[\w-]+)+")


class WordsForm(forms.Form):
    """What Wix shall look for."""

    words = forms.CharField(
        label=gettext_lazy("Words"),
        min_length=3,
        max_length=100,
        help_text=gettext_lazy("The business's name, or what it does: 3 to 100 characters."),
    )


class ProposalForm(forms.Form):
    """Which of the suggested domains the owner shall see."""

    domains = forms.MultipleChoiceField(
        label=gettext_lazy("Domains"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Tick one domain at least.")},
    )

    def __init__(self, data: Any = None, *, suggested: list[str], **kwargs: Any) -> None:
        super().__init__(data, auto_id="%s", **kwargs)
        field = self.fields["domains"]
        field.choices = [(name, readable(name)) for name in suggested]  # type: ignore[attr-defined]

    def clean_domains(self) -> list[str]:
        """The names; what Wix suggested has come back by way of a browser."""
        domains: list[str] = self.cleaned_data["domains"]
        if not all(DOMAIN.fullmatch(domain) for domain in domains):
            raise forms.ValidationError(_("This is no domain. Ask Wix anew."))
        return domains


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(RIGHT, raise_exception=True)
def site_domains(request: StaffRequest, wix_id: UUID) -> HttpResponse:
    """Have Wix suggest domains for a site; what was put before its owner so far."""
    site = get_object_or_404(Site.objects.select_related("account"), pk=wix_id)
    if request.method != "POST":
        return _page(request, site, WordsForm(auto_id="%s"))
    form = WordsForm(request.POST, auto_id="%s")
    if not form.is_valid():
        return _page(request, site, form, status=422)
    try:
        suggested = flow.suggest(form.cleaned_data["words"])
    except flow.NoSuggestions as error:
        form.add_error("words", asking_b2b(str(error), site))
        return _page(request, site, form, status=422)
    return _page(request, site, form, ProposalForm(suggested=suggested), suggested)


@require_POST
@permission_required(RIGHT, raise_exception=True)
def site_domains_propose(request: StaffRequest, wix_id: UUID) -> HttpResponse:
    """Put the ticked domains before the site's owner: a text to send."""
    site = get_object_or_404(Site.objects.select_related("account"), pk=wix_id)
    suggested = request.POST.getlist("suggested")[: flow.MOST_DOMAINS]
    form = ProposalForm(request.POST, suggested=suggested)
    if not form.is_valid():
        words = WordsForm(initial={"words": request.POST.get("words", "")}, auto_id="%s")
        return _page(request, site, words, form, suggested, status=422)
    flow.propose(site, form.cleaned_data["domains"], by=request.user)
    return redirect("site_domains", wix_id=site.pk)


@require_POST
@permission_required(RIGHT, raise_exception=True)
def site_domains_mail(request: StaffRequest, wix_id: UUID, pk: int) -> HttpResponse:
    """Have the text mailed to the site's owner; once, however often it is pressed."""
    proposals = DomainProposal.objects.select_related("site__account")
    proposal = get_object_or_404(proposals, pk=pk, site=wix_id)
    if flow.can_mail(proposal.site.account):
        flow.mail(proposal, by=request.user)
    else:
        messages.error(request, str(flow.CANNOT_MAIL))
    return redirect("site_domains", wix_id=wix_id)


@require_POST
@permission_required(RIGHT, raise_exception=True)
def site_domains_choose(request: StaffRequest, wix_id: UUID, pk: int) -> HttpResponse:
    """Note which domain the owner chose."""
    proposals = DomainProposal.objects.select_related("site__account")
    proposal = get_object_or_404(proposals, pk=pk, site=wix_id)
    try:
        if flow.choose(proposal, request.POST.get("domain", ""), by=request.user):
            messages.success(request, _("The choice is noted."))
    except flow.NotProposed:
        messages.error(request, _("Choose one of the domains that were proposed."))
    return redirect("site_domains", wix_id=wix_id)


def _page(
    request: StaffRequest,
    site: Site,
    form: WordsForm,
    proposal_form: ProposalForm | None = None,
    suggested: list[str] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    rows = DomainProposal.objects.filter(site=site).select_related("by", "chosen_by")
    proposals = list(rows[:MOST_PROPOSALS])
    mailed = flow.mailed(proposals)
    context = {
        "site": site,
        "form": form,
        "proposal_form": proposal_form,
        "suggested": suggested or [],
        "can_mail": flow.can_mail(site.account),
        "entries": [_entry(request, site, one, mailed.get(one.pk)) for one in proposals],
    }
    return render(request, "pages/sites/domains.html", context, status=status)


def _entry(
    request: StaffRequest, site: Site, proposal: DomainProposal, mailed: Delivery | None
) -> dict[str, Any]:
    proposal.site = site
    return {
        "proposal": proposal,
        "text": flow.text_for_owner(proposal),
        "mail": flow.mail_address(proposal),
        "mailed": mailed,
        "order": _order(request, site, proposal.chosen) if proposal.chosen else "",
    }


def _order(request: StaffRequest, site: Site, domain: str) -> Control | str:
    """What leads to ordering the service for a domain of that ending, or why nothing does."""
    product = product_for(domain)
    if product is None:
        return asking_b2b(not_sold(domain), site)
    answer = frame_of(request).preflight.of(NewPackageForm.kind, site.account)
    query = {"account": site.account_id, "site": site.pk, "product": product.pk}
    path = reverse(NewPackageForm.url_name, query=query)
    return Control(
        answer,
        path,
        _("Order %(product)s") % {"product": product},
        about=_("for %(readable)s") % {"readable": readable(domain)},
    )
