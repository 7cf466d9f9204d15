"""A kind of operation is one class, one form and one template: pages, engine, lists and audit trail
take it as it is, and show what is left of it once it exists no more."""

import csv
import io
from copy import deepcopy
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from dashboard import urls as site
from dashboard.actions import forms
from dashboard.actions.urls import addresses
from resellers import doctor
from resellers.models import Operation, OperationState, Package
from resellers.operations import kinds
from resellers.operations.engine import settle
from resellers.operations.reasons import wanting_reasons
from tests import practice
from tests.dashboard.submitting import hidden_fields, text
from tests.extending.tag_package.form import TagPackageForm
from tests.extending.tag_package.kind import TagPackage
from tests.worlds import end

pytestmark = pytest.mark.django_db(transaction=True)

TEMPLATES = Path(__file__).parent / "tag_package" / "templates"
REASON = "An important customer."


def make_known(settings: Any) -> None:
    """Register the kind and its form, as a line each does for those that come with the system."""
    kinds.register(TagPackage())
    forms.register(TagPackageForm)
    # A running site has its addresses made: here it is one more, of the form there is one more of.
    urls = ModuleType("addresses_with_one_more")
    urls.__dict__.update(vars(site), urlpatterns=[*addresses(), *site.urlpatterns])
    settings.ROOT_URLCONF = urls
    settings.TEMPLATES = deepcopy(settings.TEMPLATES)
    settings.TEMPLATES[0]["DIRS"].append(TEMPLATES)


def forget() -> None:
    if TagPackage.name in kinds.KINDS:
        kinds.unregister(TagPackage.name)
        forms.unregister(TagPackage.name)


@pytest.fixture
def kind(settings):
    make_known(settings)
    yield
    forget()


@pytest.fixture
def package(mirror) -> Package:
    instance, _ = mirror.movable()
    return Package.objects.select_related("account").get(pk=instance.package_id)


def tagged(client: Any, package: Package, tag: str = "vip") -> Operation:
    """Asked for on the package's page, by form, plan and Confirm."""
    address = f"{package.get_absolute_url()}tag/"
    plan = client.post(address, {"tag": tag, "reason": REASON})
    answer = client.post(address, hidden_fields(plan, "confirm"))
    assert answer.status_code == 302, text(answer)
    return Operation.objects.get(kind="tag_package", state=OperationState.QUEUED)


def rows(client: Any, address: str) -> list[dict[str, str]]:
    answer = client.get(address)
    content = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))


def test_its_page_offers_it_and_leads_to_form_and_plan_in_its_own_words(kind, operator, package):
    address = f"{package.get_absolute_url()}tag/"

    page = operator.get(package.get_absolute_url()).content.decode()
    form = operator.get(address)
    without_reason = operator.post(address, {"tag": "vip"})
    wrong = operator.post(address, {"tag": "no tag", "reason": REASON})
    plan = operator.post(address, {"tag": "vip", "reason": REASON})

    assert f'href="{address}"' in page
    assert f"Tag package {package}" in text(form)
    assert "the package keeps the external id it has" in text(form)
    assert without_reason.status_code == 422, "the kind wants a reason"
    assert "A tag has 2 to 20 small letters" in text(wrong)
    assert f"Tag {package} as vip.{package.external_id}" in text(plan)
    assert not Operation.objects.exists()


def test_the_engine_carries_it_out_and_every_page_tells_of_it(
    kind, mirror, operator, manager, package, run_due
):
    before = package.external_id
    operation = tagged(operator, package)
    run_due()

    assert end(operation).state == OperationState.SUCCEEDED, operation.outcome
    assert operation.wish == {"external_id": f"vip.{before}"}
    assert mirror.sandbox.world.packages.rows[str(package.pk)].external_id == f"vip.{before}"
    title = f"Tag package vip.{before}"
    page = text(operator.get(operation.get_absolute_url()))
    assert title in page
    assert f"Tagged {before} as vip.{before}" in page
    timeline = text(operator.get(f"{package.get_absolute_url()}?tab=timeline"))
    assert f"{title}: was done" in timeline
    assert f"Tag package #{operation.pk}" in timeline
    assert "1 operation matches" in text(operator.get("/operations/?kind=tag_package"))
    assert title in text(operator.get("/operations/?kind=tag_package"))
    assert "Tag package" in text(operator.get("/reports/"))
    assert rows(operator, "/operations/export.csv")[0]["kind"] == "tag_package"
    audit = text(manager.get("/audit/"))
    assert "confirmed: Tag package" in audit
    assert REASON in audit
    entries = {row["event"]: row for row in rows(manager, "/audit/export.csv")}
    for event in ("plan.shown", "operation.requested", "operation.succeeded"):
        assert event in entries
    assert "kind: tag_package" in entries["operation.requested"]["details"]
    assert entries["operation.succeeded"]["operation_id"] == str(operation.pk)


def test_what_wix_refuses_it_is_told_and_can_be_asked_for_again(
    kind, mirror, operator, package, run_due
):
    refusal = {"match": "external_id", "effect": "refuse:PACKAGE_NOT_FOUND", "times": 1}
    practice.faults(mirror.sandbox, refusal)
    operation = tagged(operator, package)
    run_due()

    assert end(operation).state == OperationState.FAILED
    page = operator.get(operation.get_absolute_url())
    assert "Wix refused" in text(page)
    again = hidden_fields(page, f"{package.get_absolute_url()}tag/")
    assert again.items() >= {"tag": "vip", "retry_of": str(operation.pk), "reason": REASON}.items()


def test_its_way_back_is_another_kinds_wish(kind, operator, package, run_due):
    before = package.external_id
    tagged(operator, package)
    run_due()
    address = f"{package.get_absolute_url()}external-id/"

    page = operator.get(Operation.objects.get().get_absolute_url())
    plan = operator.post(address, hidden_fields(page, address))
    operator.post(address, hidden_fields(plan, "confirm"))
    run_due()

    package.refresh_from_db()
    assert package.external_id == before


def test_policy_and_doctor_know_it(kind, admin):
    page = text(admin.get("/policy/"))

    assert "Tag package" in page
    assert "Tags packages" in {finding.part for finding in doctor.examine()}


def test_what_an_admin_decided_before_it_came_decides_nothing_about_it(request, admin):
    admin.post("/policy/reasons/", {"kinds": ["adjust"]})
    request.getfixturevalue("kind")

    assert wanting_reasons() == ["adjust", "tag_package"]
    admin.post("/policy/reasons/", {"kinds": ["adjust"]})
    assert wanting_reasons() == ["adjust"]


def test_what_it_did_is_still_told_once_it_exists_no_more(
    kind, operator, manager, package, run_due
):
    operation = tagged(operator, package)
    run_due()
    Operation.objects.update(settle_at=end(operation).finished_at)
    forget()

    for address in (
        operation.get_absolute_url(),
        f"{package.get_absolute_url()}?tab=timeline",
        f"{package.get_absolute_url()}?tab=operations",
        "/operations/",
        "/reports/",
    ):
        answer = operator.get(address)
        assert answer.status_code == 200, address
        assert "Tag package" in text(answer), address
    assert "confirmed: Tag package" in text(manager.get("/audit/"))
    assert operator.get("/operations/?kind=tag_package").status_code == 422
    assert settle.settle_due() == 0, "nobody can say what would be true of it"


def test_a_name_or_a_wish_belongs_to_one_kind_and_a_kind_has_one_form(kind):
    class Another(TagPackage):
        name = "another"

    with pytest.raises(ValueError, match="TagPackage has this name or wish"):
        kinds.register(Another())
    with pytest.raises(ValueError, match="tag_package has TagPackageForm"):
        forms.register(TagPackageForm)
