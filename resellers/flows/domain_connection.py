"""Connect a domain that was bought elsewhere: told to Wix, its records set, found in the net.

Source: Connected Domains, Create, Get and Get Setup Info. By nameservers there is one record to
set, by pointing two, for a subdomain its aliases.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellers import dns_records
from resellers.connection import wix_client
from resellers.dns_records import NoAnswer, Record
from resellers.domain_names import readable
from resellers.models import Flow, FlowStep, Site
from resellers.operations.kinds.connect_domain import ConnectDomainWish
from resellers.operations.wish import Thing, Wish

from .domain_activation import LOOKS, WITHIN
from .flow_kind import Fact, FlowKind
from .outcomes import Finished, Outcome, Skipped, Stops, Unanswerable, Waits
from .site_choice import moved_away, site_of_domain, why_not
from .steps import CheckStep, Choices, OperationStep, Question, QuestionStep, Step
from .typed_domain import read_domain


class ChooseDomain(QuestionStep):
    """Which domain, on which site, and how it leads there."""

    button = gettext_lazy("Begin")

    def __init__(self) -> None:
        super().__init__("choose", gettext_lazy("Choose the site and its domain"))

    def questions(self, flow: Flow) -> Sequence[Question]:
        return [
            site_of_domain(str(flow.site_id or "")),
            Question(
                "domain",
                gettext_lazy("Domain"),
                help_text=gettext_lazy("As it was bought, such as bakery.example."),
                required_words=gettext_lazy("Write the domain with its ending."),
                initial=readable(flow.data.get("domain", "")),
            ),
            Question(
                "way",
                gettext_lazy("How it is connected"),
                choices=_ways,
                required=False,
                help_text=gettext_lazy("A subdomain leads there by an alias: leave it open."),
                initial=flow.data.get("way", ""),
            ),
        ]

    def take(self, flow: Flow, answers: dict[str, Any]) -> Finished:
        site = Site.objects.select_related("account").get(pk=answers["site"])
        domain, way = read_domain(str(answers["domain"]), "domain"), str(answers["way"] or "")
        if words := why_not(site):
            raise Unanswerable({"site": words})
        if domain.count(".") > 1 and way:
            raise Unanswerable({"way": _("A subdomain leads there by an alias: leave it open.")})
        if domain.count(".") == 1 and not way:
            raise Unanswerable({"way": _("Choose how the domain is connected.")})
        flow.site, flow.account, flow.subject = site, site.account, f"domain:{domain}"
        words = _("%(domain)s on %(site)s") % {"domain": readable(domain), "site": site}
        return Finished(words, {"domain": domain, "way": way})


class Connect(OperationStep):
    """Wix is told that the domain is to lead to the site."""

    def __init__(self) -> None:
        super().__init__("connect", gettext_lazy("Connect it at Wix"))

    def ahead(self, flow: Flow) -> str:
        return _("You see the plan before anything is sent.")

    def chosen_at(self, flow: Flow) -> Mapping[str, str]:
        return {"domain": ChooseDomain().name, "connection_type": ChooseDomain().name}

    def wanted(self, flow: Flow) -> tuple[Thing, Wish[Any]] | Skipped | Stops:
        if moved := moved_away(flow):
            return moved
        site = Site.objects.select_related("account").get(pk=str(flow.site_id))
        return site, ConnectDomainWish(flow.data["domain"], flow.data["way"])


class Setup(CheckStep):
    """What is to be set at the registrar, as Wix says it."""

    def __init__(self) -> None:
        super().__init__("setup", gettext_lazy("Ask Wix for the records"))

    def look(self, flow: Flow, row: FlowStep) -> Outcome:
        with wix_client("people") as wix:
            setup = wix.get_connected_domain_setup(
                account_id=str(flow.account_id), domain=flow.data["domain"]
            ).setup
        records = [
            [one.type, one.host_name or flow.data["domain"], list(one.values), one.ttl]
            for one in setup.records
        ]
        data = {"records": records, "registrar": setup.registrar_name or ""}
        return Finished(", ".join(one.type for one in setup.records), data)


class SetRecords(QuestionStep):
    """The records, for whoever sets them at the registrar."""

    template = "pages/flows/_records.html"
    button = gettext_lazy("They are set")

    def __init__(self) -> None:
        super().__init__("records", gettext_lazy("Set the records at the registrar"))

    def ahead(self, flow: Flow) -> str:
        return _("Whoever has the domain's registrar sets what Wix asks for.")

    def shows(self, flow: Flow, row: FlowStep) -> Mapping[str, Any]:
        records = flow.data.get("records", [])
        lines = [f"{type_} {host} {' '.join(values)}" for type_, host, values, _ttl in records]
        return {
            "records": records,
            "registrar": flow.data.get("registrar", ""),
            "text": "\n".join(lines),
        }

    def questions(self, flow: Flow) -> Sequence[Question]:
        return []


class FoundInNet(CheckStep):
    """The records stand as they are to, and Wix finds the domain."""

    def __init__(self) -> None:
        super().__init__("found", gettext_lazy("See it found"))

    def ahead(self, flow: Flow) -> str:
        return _("The DNS takes up to 48 hours.")

    def look(self, flow: Flow, row: FlowStep) -> Outcome:
        with wix_client("sync") as wix:
            status = wix.get_connected_domain(
                account_id=str(flow.account_id), domain=flow.data["domain"]
            ).connected_domain.dns_status
        if status == "COMPLETED":
            return Finished(_("Wix finds the domain."))
        wrong = _wrong(flow)
        steps = _(
            "Have the records set at the registrar. The flow goes on by itself once Wix finds it."
        )
        if status == "FAILED":
            words = _("Wix does not find the domain. %(wrong)s. %(steps)s")
            words %= {"wrong": wrong.rstrip("."), "steps": steps}
            return Stops(words, "DNS_FAILED", LOOKS[-1])
        too_late = _("Wix does not find the domain after 48 hours. %(wrong)s. %(steps)s")
        return Waits(
            wrong,
            LOOKS[min(row.looks, len(LOOKS) - 1)],
            at_most=WITHIN,
            otherwise=_("If it is not found within 48 hours, the flow stops here and asks you."),
            too_late=too_late % {"wrong": wrong.rstrip("."), "steps": steps},
        )

    def begins_again_at(self, flow: Flow, row: FlowStep) -> str:
        return SetRecords().name


def _wrong(flow: Flow) -> str:
    """Which of the records is not as it is to be, as far as anybody can be asked."""
    if not dns_records.is_on():
        return _("Wix says only that it does not find it yet, and not which record is wrong.")
    records = [
        Record(type_, host, tuple(values)) for type_, host, values, _ttl in flow.data["records"]
    ]
    try:
        found = dns_records.look_up(records)
    except NoAnswer:
        return _("Wix does not find it yet, and the resolver does not answer.")
    wrong = [
        _("%(type)s of %(host)s is %(now)s")
        % {
            "type": one.record.type,
            "host": one.record.host,
            "now": ", ".join(one.values) or _("not set"),
        }
        for one in found
        if not one.is_set
    ]
    if not wrong:
        return _("All records are set; Wix does not find the domain yet.")
    return "; ".join(wrong)[:250]


class DomainConnection(FlowKind):
    name = "domain_connection"
    label = gettext_lazy("Connect a domain")
    caption = gettext_lazy("One that was bought elsewhere: told to Wix, records set, found")
    icon = "link"

    def first(self) -> QuestionStep:
        return ChooseDomain()

    def steps(self, flow: Flow) -> Sequence[Step]:
        return [ChooseDomain(), Connect(), Setup(), SetRecords(), FoundInNet()]

    def title(self, flow: Flow) -> str:
        return _("Connect %(domain)s") % {"domain": readable(flow.data["domain"])}

    def under(self, flow: Flow) -> str:
        return _("To %(site)s of %(customer)s.") % {"site": flow.site, "customer": flow.account}

    def facts(self, flow: Flow) -> Sequence[Fact]:
        return [
            Fact(_("Customer"), str(flow.account), flow.account),
            Fact(_("Site"), str(flow.site), flow.site),
            Fact(_("Domain"), readable(flow.data["domain"])),
        ]

    def done_words(self, flow: Flow) -> str:
        return _("%(domain)s leads to %(site)s.") % {
            "domain": readable(flow.data["domain"]),
            "site": flow.site,
        }


def _ways(flow: Flow) -> Choices:
    return [
        ("NAMESERVERS", gettext_lazy("By nameservers: Wix answers for the whole domain")),
        ("POINTING", gettext_lazy("By pointing: two records lead to Wix, mail stays as it is")),
    ]
