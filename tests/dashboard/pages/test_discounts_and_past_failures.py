"""Fields of a service that say less than they seem to: discount codes, and failures of the past."""

import pytest

from resellers.mirror import sync
from resellers.models import InstanceStatus, ProductInstance, SyncRun
from tests import practice, worlds
from tests.dashboard.actions.test_orders import address, fields
from tests.dashboard.listing import table
from tests.dashboard.submitting import text

pytestmark = [pytest.mark.django_db, pytest.mark.once]

PROMISES_NOTHING = "Wix does not promise that it lowers the price, even when it is valid"


def listed(client, query: str) -> set[str]:
    return {str(row.pk) for row in client.get(f"/instances/?{query}").context["page"].rows}


@pytest.mark.parametrize("query", ["discount_code=SPRING", "q=spring", "q=SPRING+north"])
def test_a_service_is_found_by_its_discount_code(viewer, query):
    package = worlds.package(worlds.account("North Bakery"))
    in_sale = worlds.instance(package, discount_code="SPRING")
    worlds.instance(package, discount_code="SPRING25")
    worlds.instance(package)

    assert listed(viewer, query) == {str(in_sale.pk)}


def test_who_asks_for_a_discount_code_sees_it_in_the_list(viewer):
    worlds.instance(discount_code="SPRING")

    page = text(viewer.get("/instances/?discount_code=SPRING"))

    assert "Discount code" in page
    assert page.count("SPRING") >= 2


def test_form_plan_and_page_say_what_a_discount_code_does_not_promise(operator):
    account = worlds.account()
    typed = fields({"target_product": worlds.product().pk, "discount_code": "SPRING"})
    service = worlds.instance(worlds.package(account), discount_code="SPRING")

    form, plan = operator.get(address(account)), operator.post(address(account), typed)
    page = operator.get(service.get_absolute_url())

    assert "with discount code SPRING" in text(plan)
    for answer in (form, plan, page):
        assert PROMISES_NOTHING in text(answer)
        assert "mailto:" in answer.content.decode()


def test_a_plan_without_a_discount_code_says_nothing_of_it(operator):
    account = worlds.account()

    plan = operator.post(address(account), fields({"target_product": worlds.product().pk}))

    assert PROMISES_NOTHING not in text(plan)


def test_a_failure_of_a_service_that_has_not_failed_is_history(viewer):
    failure = {"failure_code": "DELIVERY_TIMEOUT", "failure_message": "too late"}
    delivered = worlds.instance(status=InstanceStatus.ENABLED, **failure)
    failed = worlds.instance(status=InstanceStatus.FAILED, floating=True, **failure)
    unexplained = worlds.instance(status=InstanceStatus.FAILED, floating=True)

    of_delivered, of_failed = (
        text(viewer.get(one.get_absolute_url())) for one in (delivered, failed)
    )

    assert "Earlier failure DELIVERY_TIMEOUT: too late" in of_delivered
    assert "Earlier failure" not in of_failed
    assert listed(viewer, "failure_code=DELIVERY_TIMEOUT") == {str(failed.pk)}
    assert listed(viewer, "failure_code=~none") == {str(unexplained.pk)}


@pytest.mark.django_db(transaction=True)
def test_what_wix_delivers_after_all_is_a_failure_no_more(mirror, viewer):
    service = ProductInstance.objects.filter(status="ENABLED", site__isnull=False).first()
    failure = {"code": "DELIVERY_TIMEOUT", "message": "too late"}

    def told(**changes: object) -> tuple[str, list[dict[str, str]]]:
        practice.change(mirror.sandbox, service.pk, **changes)
        sync.run(sync.want(SyncRun.Kind.ACCOUNT, account=service.account).pk)
        page = text(viewer.get(service.get_absolute_url()))
        file = table(
            viewer.get(f"/failures/failed-services/export.csv?account={service.account_id}")
        )
        return page, [row for row in file if row["instance_id"] == str(service.pk)]

    page, [row] = told(status="FAILED", failure=failure)
    assert "Its words: “too late”" in page
    assert (row["failure_code"], row["failure_message"]) == ("DELIVERY_TIMEOUT", "too late")
    page, rows = told(status="ENABLED")
    assert "Its words: “too late”" not in page
    assert rows == []
