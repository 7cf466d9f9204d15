"""Steps by which domains are found: for which site, and what is free at Wix."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellers.connection import wix_client
from resellers.domain_names import readable
from resellers.models import Flow, FlowStep, Site
from resellers.refusals import explain
from resellers.wix import WixRefused

from . import domain_proposals
from .outcomes import Finished, Outcome, Unanswerable
from .site_choice import site_of_domain, why_not
from .steps import CheckStep, Question, QuestionStep
from .typed_domain import AGAIN, LONGEST, read_words


class ChooseSite(QuestionStep):
    """For which site, and what to look for."""

    button = gettext_lazy("Ask Wix")

    def __init__(self) -> None:
        super().__init__("choose", gettext_lazy("Choose the site and what to look for"))

    def questions(self, flow: Flow) -> Sequence[Question]:
        return [
            site_of_domain(),
            Question(
                "words",
                gettext_lazy("What to look for"),
                help_text=AGAIN,
                longest=LONGEST,
                required_words=gettext_lazy("Write what the business is called, or does."),
            ),
        ]

    def take(self, flow: Flow, answers: dict[str, Any]) -> Finished:
        site = Site.objects.select_related("account").get(pk=answers["site"])
        if words := why_not(site):
            raise Unanswerable({"site": words})
        looked_for = read_words(str(answers["words"]))
        flow.site, flow.account, flow.subject = site, site.account, f"site:{site.pk}"
        return Finished(
            _("For %(site)s: %(words)s") % {"site": site, "words": readable(looked_for)},
            {"words_1": looked_for, "rounds": 1, "by_api": settings.WIX_REGISTERED_DOMAINS},
        )


class Suggest(CheckStep):
    """What Wix has for the words: names that are free, or whether the very name is."""

    def __init__(self, number: int) -> None:
        super().__init__(f"suggest_{number}", gettext_lazy("Ask Wix what is free"))
        self.number = number

    def look(self, flow: Flow, row: FlowStep) -> Outcome:
        looked_for = flow.data[f"words_{self.number}"]
        free: list[str] = []
        dear: list[str] = []
        try:
            with wix_client("people", deadline=domain_proposals.SECONDS) as wix:
                if "." in looked_for:
                    found = wix.check_domain_availability(domain=looked_for).availability
                    free = [found.domain] if found.available else []
                    dear = free if found.premium else []
                    said = _("%(name)s is taken.") % {"name": readable(looked_for)}
                else:
                    most = domain_proposals.MOST_DOMAINS
                    names = wix.suggest_domains(query=looked_for, limit=most).items
                    free = [one.domain for one in names]
                    dear = [one.domain for one in names if one.premium]
                    said = _("Wix suggests nothing for these words.")
        except WixRefused as error:
            if error.status != 400:  # what is typed is not to blame
                raise
            known = explain(error.code or "", error.status, error.said)
            said = f"{known.words} {known.next_step}"
        words = said if not free else ", ".join(map(readable, free[:3]))
        said = "" if free else said
        return Finished(
            words,
            {
                f"free_{self.number}": free,
                f"dear_{self.number}": dear,
                f"said_{self.number}": said,
            },
        )
