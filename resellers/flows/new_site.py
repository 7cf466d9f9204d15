"""Steps that make a site in the agency's own account, and wait until it is marked finished."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellers.models import Account, Flow, FlowStep, Operation, Site
from resellers.operations.foreseen import unusable
from resellers.operations.kinds.create_site import LONGEST, CreateSiteWish
from resellers.operations.plan import make_plan
from resellers.operations.wish import Thing, Wish

from .outcomes import Finished, Skipped, Stops, Unanswerable
from .steps import Choices, Many, OperationStep, Question, QuestionStep

NEW = "new"  # in the place of an id, of a site or a customer: one is made
BLANK, COPY, TEMPLATE = "blank", "copy", "template"


class DescribeSite(QuestionStep):
    """What the new site is called, and what it is made of."""

    button = gettext_lazy("Show the plan")

    def __init__(self) -> None:
        super().__init__("describe", gettext_lazy("Describe the new site"))

    def questions(self, flow: Flow) -> Sequence[Question]:
        return [
            Question(
                "site_name",
                gettext_lazy("Name"),
                longest=LONGEST,
                required_words=gettext_lazy("Give the site a name."),
            ),
            Question(
                "made_of",
                gettext_lazy("Made of"),
                choices=_ways,
                required_words=gettext_lazy("Choose what it is made of."),
            ),
            Question(
                "copy_of",
                gettext_lazy("Site to copy"),
                many=Many(_own_sites, why_not=unusable),
                required=False,
            ),
            Question(
                "template_id",
                gettext_lazy("Id of the template"),
                longest=100,
                required=False,
                help_text=gettext_lazy("As Wix shows it; only for a site from a template."),
            ),
        ]

    def take(self, flow: Flow, answers: dict[str, Any]) -> Finished:
        way, copy_of, template = (answers[n] for n in ("made_of", "copy_of", "template_id"))
        if way == COPY and not copy_of:
            raise Unanswerable({"copy_of": _("Choose the site that is copied.")})
        if way == TEMPLATE and not template.strip():
            raise Unanswerable({"template_id": _("Give the id of the template.")})
        new = {
            "site_name": answers["site_name"].strip(),
            "template_id": template.strip() if way == TEMPLATE else "",
            "copy_of": copy_of if way == COPY else "",
        }
        if refusals := make_plan(main_account(), CreateSiteWish.from_json(new)).refusals:
            first = refusals[0]
            raise Unanswerable({first.field: f"{first.words} {first.next_step}"})
        return Finished(new["site_name"], {"new_site": new})


class MakeSite(OperationStep):
    """The site is made in the agency's own account."""

    def __init__(self) -> None:
        super().__init__("make", gettext_lazy("Make the site"))

    def ahead(self, flow: Flow) -> str:
        return _("In your team account. You see the plan before anything is sent.")

    def wanted(self, flow: Flow) -> tuple[Thing, Wish[Any]] | Skipped | Stops:
        return main_account(), CreateSiteWish.from_json(flow.data["new_site"])

    def finished(self, flow: Flow, operation: Operation) -> Finished:
        site = operation.site or main_account().sites.present().get(
            display_name=flow.data["new_site"]["site_name"]
        )
        flow.site, flow.subject = site, f"site:{site.pk}"
        data = {"site": str(site.pk), "from": str(site.account_id), "paid": []}
        return Finished(_("%(site)s is there.") % {"site": site}, data)


class FinishSite(QuestionStep):
    """Somebody builds the site at Wix, and says when it is ready to be handed over."""

    button = gettext_lazy("It is finished")
    template = "pages/flows/_finish_site.html"

    def __init__(self) -> None:
        super().__init__("finish", gettext_lazy("Build the site, and mark it finished"))

    def ahead(self, flow: Flow) -> str:
        return _("Design and test it at Wix, as long as it takes.")

    def questions(self, flow: Flow) -> Sequence[Question]:
        return []

    def shows(self, flow: Flow, row: FlowStep) -> Mapping[str, Any]:
        return {"site": flow.site}

    def take(self, flow: Flow, answers: dict[str, Any]) -> Finished:
        return Finished(_("Marked finished."))


def main_account() -> Account:
    """The agency's own account, in which sites are made."""
    return Account.objects.get(is_main=True)


def new_site_steps() -> list[DescribeSite | MakeSite | FinishSite]:
    """What comes before a new site can be transferred."""
    return [DescribeSite(), MakeSite(), FinishSite()]


def _ways(flow: Flow) -> Choices:
    return [
        (BLANK, gettext_lazy("Nothing: a blank site")),
        (COPY, gettext_lazy("A copy of a site of yours")),
        (TEMPLATE, gettext_lazy("A template")),
    ]


def _own_sites(flow: Flow) -> QuerySet[Site]:
    return Site.objects.present().filter(account__is_main=True).defer("raw")
