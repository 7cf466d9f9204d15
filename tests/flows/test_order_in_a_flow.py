"""What a flow orders is chosen by the form of a new package, on the flow's own page."""

import pytest

from resellers.flows import deciding
from resellers.models import CatalogProduct, Flow, PackageTemplate, ProductInstance
from tests import worlds
from tests.dashboard.submitting import pressed_again, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan() -> CatalogProduct:
    return worlds.product("Business", cycles=["1 MONTH", "1 YEAR"], premium=True, one_per_site=True)


@pytest.fixture
def flow(operator, plan) -> Flow:
    """A hand-over whose site is the customer's by now, and that asks what to order."""
    site = worlds.site(worlds.account("North Bakery"))
    return worlds.flow(operator.user, site=site, account=site.account)


class Page:
    """The flow's page, and what somebody sends from its form."""

    def __init__(self, client, flow) -> None:
        self.client, self.flow = client, flow
        self.shown = client.get(flow.get_absolute_url())

    @property
    def fields(self) -> dict[str, str]:
        return pressed_again(self.shown, f"{self.flow.get_absolute_url()}answer/")

    def send(self, button: str = "", **typed: str):
        typed = {name.replace("__", "-"): value for name, value in typed.items()}
        sent = {**self.fields, **typed, **({button: "1"} if button else {})}
        self.shown = self.client.post(f"{self.flow.get_absolute_url()}answer/", sent)
        return self.shown


def test_lines_are_added_without_a_script_and_each_has_of_the_one_before(operator, flow, plan):
    page = Page(operator, flow)
    assert page.fields["lines-0-target_site"] == str(flow.site_id)
    chosen = {"lines__0__target_product": str(plan.pk), "lines__0__cycle": "1 YEAR"}
    page.send("add_line", lines__0__country="AT", lines__0__quantity="2", **chosen)
    for number in range(1, 5):
        before = {
            n: page.fields[f"lines-{number}-{n}"] for n in ("target_site", "country", "cycle")
        }
        assert before == {"target_site": str(flow.site_id), "country": "AT", "cycle": "1 YEAR"}
        page.send("add_line")
    assert page.fields["lines"] == "6"
    assert page.fields["lines-0-quantity"] == "2"


def test_what_cannot_be_ordered_is_refused_beside_its_line_and_nothing_is_lost(
    operator, flow, plan
):
    page = Page(operator, flow)
    answer = page.send(
        lines__0__target_product=str(plan.pk), lines__0__country="DE", lines__0__discount_code="X1"
    )
    assert answer.status_code == 422
    assert 'id="lines-0-cycle-error"' in answer.content.decode()
    assert page.fields["lines-0-discount_code"] == "X1"
    worlds.instance(worlds.package(flow.account), flow.site, product=plan)
    answer = page.send(lines__0__cycle="1 YEAR")
    assert answer.status_code == 422
    assert "aria-invalid" in answer.content.decode()
    assert page.fields["lines-0-cycle"] == "1 YEAR"
    assert flow.steps.get(state="current").name == "package"


def test_references_codes_and_templates_are_as_on_the_form_of_a_new_package(operator, flow, plan):
    mailbox = worlds.product("Mailbox", cycles=["1 YEAR"], reference=False)
    worlds.instance(worlds.package(flow.account), flow.site, product=plan)
    reference = ProductInstance.objects.get()
    template = PackageTemplate.objects.create(name="Starter", made_by=operator.user, lines=[])
    page = Page(operator, flow)
    assert f"?template={template.pk}" in page.shown.content.decode()
    answer = page.send(
        lines__0__target_product=str(mailbox.pk),
        lines__0__cycle="1 YEAR",
        lines__0__country="DE",
        lines__0__discount_code="SUMMER",
        lines__0__reference=str(reference.pk),
    )
    assert answer.status_code == 302, text(answer)
    flow.refresh_from_db()
    line = flow.data["order"]["lines"][0]
    assert (line["discount_code"], line["reference_id"]) == ("SUMMER", str(reference.pk))


def test_a_plan_that_is_not_confirmed_yet_is_chosen_anew(operator, flow, plan):
    page = Page(operator, flow)
    chosen = {"lines__0__target_product": str(plan.pk), "lines__0__cycle": "1 YEAR"}
    assert page.send(lines__0__country="DE", **chosen).status_code == 302
    Flow.objects.update(state=Flow.State.OPEN)
    shown = operator.get(flow.get_absolute_url())
    assert "Choose anew" in text(shown)
    deciding.try_again(flow, by=operator.user)
    assert flow.steps.get(state="current").name == "package"


def test_nothing_may_be_ordered(operator, flow):
    assert Page(operator, flow).send("order_nothing").status_code == 302
    flow.refresh_from_db()
    assert flow.data["order"]["lines"] == []
