"""Ordering a new package on its page: for whom, what, the request itself, once."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from resellers.models import Operation
from resellers.operations.reasons import want_reasons_for
from tests import worlds
from tests.dashboard.submitting import hidden_fields, pressed_again, text

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def customer():
    return worlds.account("North Bakery")


def fields(*lines: dict[str, Any], **more: str) -> dict[str, str]:
    values = {"lines": str(len(lines)), **more}
    for number, line in enumerate(lines):
        filled = {"cycle": "1 YEAR", "country": "DE"} | line
        values |= {f"lines-{number}-{name}": str(value) for name, value in filled.items()}
    return values


def address(account) -> str:
    return f"/packages/new/?account={account.pk}"


def test_without_an_account_the_page_asks_for_whom(operator, customer):
    worlds.account("South Bakery")

    page = operator.get("/packages/new/?q=north")

    assert f'href="{address(customer)}"' in page.content.decode()
    assert "South Bakery" not in text(page)


def test_an_account_that_does_not_exist_is_404(operator):
    assert operator.get(f"/packages/new/?account={worlds.new_id()}").status_code == 404
    assert operator.post("/packages/new/?account=nonsense", {}).status_code == 404


def test_the_form_starts_with_one_line_and_the_country_of_the_customers_last_order(
    operator, customer
):
    long_ago = timezone.now() - timedelta(days=400)
    for _ in range(2):
        worlds.instance(worlds.package(customer), country_code="CH", created_at=long_ago)
    worlds.instance(worlds.package(customer), country_code="AT")
    worlds.instance(worlds.package(customer), country_code="UK")

    page = operator.get(address(customer)).content.decode()

    assert 'name="lines-0-target_product"' in page
    assert 'name="lines-1-target_product"' not in page
    assert '<option value="AT" selected>Austria</option>' in page


def test_a_country_is_chosen_by_its_name_among_those_that_have_a_code(operator, customer):
    page = operator.get(address(customer)).content.decode()

    offered = page.split('name="lines-0-country"')[1].split("</select>")[0]
    names = re.findall(r'<option value="[A-Z]{2}">([^<]+)</option>', offered)
    assert len(names) == 249
    assert names[:3] == ["Afghanistan", "Åland Islands", "Albania"]
    assert "Taiwan" in names


@pytest.mark.parametrize("code", ["UK", "XK", "ZZ", "EU"])
def test_a_code_that_no_country_has_officially_is_refused_and_stays_to_be_seen(
    operator, customer, code
):
    typed = fields({"target_product": worlds.product().pk, "country": code})

    refused = operator.post(address(customer), typed)

    assert refused.status_code == 422
    assert 'id="lines-0-country-error"' in refused.content.decode()
    assert "No country has this code officially." in text(refused)
    assert pressed_again(refused, address(customer))["lines-0-country"] == code


def test_the_plan_names_the_country(operator, customer):
    typed = fields({"target_product": worlds.product().pk, "country": "at"})

    plan = operator.post(address(customer), typed)

    assert "for Austria (AT)" in text(plan)
    assert json.loads(plan.context["body"])["products"][0]["countryCode"] == "AT"


def test_a_line_is_added_and_removed_without_script_and_nothing_typed_is_lost(operator, customer):
    core, mail = worlds.product("Core"), worlds.product("Mailbox")
    typed = fields({"target_product": core.pk}, reason="a new shop")

    more = operator.post(address(customer), typed | {"add_line": "1"})
    page = more.content.decode()
    assert more.status_code == 200
    assert 'name="lines-1-target_product"' in page
    assert "a new shop" in page
    assert f'<option value="{core.pk}" selected>' in page

    both = fields({"target_product": core.pk}, {"target_product": mail.pk})
    less = operator.post(address(customer), both | {"remove_line": "0"}).content.decode()
    assert f'<option value="{mail.pk}" selected>' in less
    assert 'name="lines-1-target_product"' not in less


def test_the_line_that_was_added_or_follows_a_removed_one_has_the_focus(operator, customer):
    lines = fields({}, {}, {})

    more = operator.post(address(customer), lines | {"add_line": "1"}).content.decode()
    less = operator.post(address(customer), lines | {"remove_line": "2"}).content.decode()
    redrawn = operator.post(address(customer), lines | {"redraw": "1"}).content.decode()

    assert focused(more) == ["lines-3-target_product"]
    assert focused(less) == ["lines-1-target_product"]
    assert focused(redrawn) == []


def focused(html: str) -> list[str]:
    return re.findall(r'<select id="([\w-]+)"[^>]* autofocus', html)


def test_a_plan_leads_back_to_its_form_by_post_since_an_order_may_be_long(operator, customer):
    lines = [{"target_product": worlds.product().pk} for _ in range(40)]
    confirm = hidden_fields(operator.post(address(customer), fields(*lines)), "confirm")

    back = operator.post(address(customer), confirm | {"redraw": "1"}).content.decode()

    assert 'name="lines-39-target_product"' in back
    assert f'value="{confirm["external_id"]}"' in back
    assert not Operation.objects.exists()


def test_a_wanted_reason_is_said_to_be_wanted_after_a_redraw_too(operator, customer):
    want_reasons_for(["create_package"], by=worlds.user("admin"))

    page = operator.post(address(customer), fields({}) | {"add_line": "1"})

    assert "Kept with the operation, for good." in text(page)


def test_choosing_a_product_says_nothing_of_a_reading(operator, customer):
    typed = fields({"target_product": worlds.product().pk}) | {"redraw": "1"}

    page = operator.post(address(customer), typed, headers={"HX-Request": "true"})

    assert "Wix was read" not in page.content.decode()


def test_a_chosen_product_offers_its_own_cycles_only(operator, customer):
    core = worlds.product("Core", cycles=["1 YEAR", "2 YEAR"])
    worlds.product("Mailbox", cycles=["1 MONTH"])

    page = operator.post(address(customer), fields({"target_product": core.pk}, redraw="1"))

    assert "2 years" in text(page)
    assert "1 month" not in text(page)


def test_the_plan_shows_the_request_to_the_letter(operator, customer):
    product, site = worlds.product("Core"), worlds.site(customer)
    line = {"target_product": product.pk, "target_site": site.pk, "discount_code": "SPRING"}

    page = operator.post(address(customer), fields(line, external_id="370-555-0134"))

    assert page.status_code == 200
    sent = json.loads(page.context["body"])
    confirm = hidden_fields(page, "confirm")
    assert sent == {
        "products": [
            {
                "catalogProductId": str(product.pk),
                "countryCode": "DE",
                "billingInfo": {
                    "type": "RECURRING",
                    "cycleDuration": {"unit": "YEAR", "count": 1},
                },
                "siteId": str(site.pk),
                "discountCode": "SPRING",
            }
        ],
        "externalId": "370-555-0134",
        "idempotencyKey": f"{confirm['request_id']}:create:0",
    }


def test_confirming_twice_records_one_order(operator, customer):
    page = operator.post(address(customer), fields({"target_product": worlds.product().pk}))
    confirm = hidden_fields(page, "confirm")

    first = operator.post(address(customer), confirm)
    second = operator.post(address(customer), confirm)

    operation = Operation.objects.get()
    assert first["Location"] == second["Location"] == operation.get_absolute_url()
    assert operation.wish["external_id"] == confirm["external_id"]
    assert operation.wish["external_id"].startswith("ord-")


def test_each_plan_makes_a_reference_of_its_own(operator, customer):
    typed = fields({"target_product": worlds.product().pk})

    names = {
        hidden_fields(operator.post(address(customer), typed), "confirm")["external_id"]
        for _ in range(3)
    }

    assert len(names) == 3


def test_what_the_catalogue_says_can_be_no_reference_is_not_offered_and_refused(operator, customer):
    mailbox = worlds.product("Mailbox", reference=False)
    service = worlds.instance(worlds.package(customer), product=mailbox)
    typed = fields({"target_product": worlds.product().pk, "reference": service.pk})

    assert f'value="{service.pk}"' not in operator.get(address(customer)).content.decode()
    refused = operator.post(address(customer), typed)

    assert refused.status_code == 422
    assert "By the catalogue, Mailbox cannot be one." in text(refused)
    assert "(by the catalogue, it cannot be a reference)" in text(refused)


def test_used_references_name_what_has_used_them(operator, customer):
    paid = worlds.instance(worlds.package(customer), product=worlds.product("Core"))
    other = worlds.package(customer, external_id="order-free")
    free = worlds.product("Mailbox")
    worlds.instance(other, floating=True, product=free, reference_instance_id=paid.pk)

    page = text(operator.get(address(customer)))

    assert "(used by Mailbox in order-free)" in page


def test_a_failed_service_is_ordered_again_as_it_was_meant(operator):
    failed = worlds.instance(floating=True, status="FAILED", failure_code="DELIVERY_TIMEOUT")
    record = operator.get(failed.get_absolute_url()).content.decode()
    again = f"/packages/new/?account={failed.account_id}&amp;again_of={failed.pk}"
    assert f'href="{again}"' in record

    page = operator.get(again.replace("&amp;", "&"))
    html = page.content.decode()
    assert f'<option value="{failed.product_id}" selected>' in html
    assert '<option value="1 YEAR" selected>' in html
    typed = fields({"target_product": failed.product_id}, again_of=str(failed.pk))
    plan = operator.post(address(failed.account), typed)
    operator.post(address(failed.account), hidden_fields(plan, "confirm"))

    operation = Operation.objects.get()
    assert operation.instance == failed
    assert (
        f'href="{operation.get_absolute_url()}"'
        in operator.get(failed.get_absolute_url()).content.decode()
    )


def test_more_lines_than_the_form_takes_are_all_shown_and_none_is_dropped_unsaid(
    operator, customer
):
    product = worlds.product()
    typed = fields(*[{"target_product": product.pk} for _ in range(60)])

    answer = operator.post(address(customer), typed)

    assert answer.status_code == 422
    assert "This form takes 50 products, and this order has 60." in text(answer)
    assert answer.content.decode().count(f'<option value="{product.pk}" selected>') == 60
    fewer = operator.post(address(customer), typed | {"remove_line": "59"})
    assert 'name="lines-58-target_product"' in fewer.content.decode()
    assert 'name="lines-59-target_product"' not in fewer.content.decode()
    assert 'name="add_line"' not in fewer.content.decode()
    assert not Operation.objects.exists()


def test_a_made_up_number_of_lines_draws_no_thousand_of_them(operator, customer):
    typed = fields({"target_product": worlds.product().pk}) | {"lines": "9999"}

    answer = operator.post(address(customer), typed)

    assert answer.status_code == 422
    assert answer.content.decode().count('class="order-line"') == 1


@pytest.mark.parametrize("of", ["an enabled one", "another account's"])
def test_only_a_failed_service_of_the_account_is_said_to_be_ordered_again(operator, customer, of):
    named = (
        worlds.instance(worlds.package(customer))
        if of == "an enabled one"
        else worlds.instance(status="FAILED", floating=True)
    )
    typed = fields({"target_product": worlds.product().pk}, again_of=str(named.pk))

    refused = operator.post(address(customer), typed)
    plan = operator.post(address(customer), pressed_again(refused, address(customer)))
    operator.post(address(customer), hidden_fields(plan, "confirm"))

    assert refused.status_code == 422
    assert "Only a failed service of this customer is ordered again." in text(refused)
    operation = Operation.objects.get()
    assert (operation.instance, operation.wish["again_of"]) == (None, "")


@pytest.mark.parametrize("lines", ["0", "-1", "x", "", "9" * 30, "51"])
def test_a_senseless_number_of_lines_is_no_error_page(operator, customer, lines):
    answer = operator.post(address(customer), fields({}) | {"lines": lines})

    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("target_product", "nonsense", "This is not a product's id"),
        ("target_product", "", "Choose a product."),
        ("target_site", "nonsense", "This is not a site's id"),
        ("country", "", "Choose the customer's country"),
        ("country", "Germany", "No country has this code officially."),
        ("cycle", "often", "This is not a billing cycle"),
        ("discount_code", "x" * 26, "25 characters at most"),
        ("reference", "nonsense", "This is not a service's id"),
    ],
)
def test_what_is_wrong_stands_beside_the_field_of_its_line(operator, customer, field, value, words):
    right = {"target_product": worlds.product().pk}

    answer = operator.post(address(customer), fields(right, right | {field: value}))

    assert answer.status_code == 422
    html = answer.content.decode()
    assert f'id="lines-1-{field}-error"' in html
    assert words in text(answer)


def test_a_viewer_may_not_order(viewer, customer):
    assert viewer.get("/packages/new/").status_code == 403
    assert viewer.post(address(customer), fields({})).status_code == 403
    assert "/packages/new/" not in viewer.get("/packages/").content.decode()


def test_the_number_of_queries_does_not_grow_with_the_lines(
    operator, customer, django_assert_max_num_queries
):
    product = worlds.product()
    operator.get(address(customer))
    lines = [{"target_product": product.pk} for _ in range(20)]

    with django_assert_max_num_queries(40):
        operator.post(address(customer), fields(*lines))


def test_an_order_is_found_among_the_operations_by_its_name(operator, customer):
    page = operator.post(address(customer), fields({"target_product": worlds.product().pk}))
    confirm = hidden_fields(page, "confirm")
    operator.post(address(customer), confirm)

    assert "1 operation matches" in text(operator.get(f"/operations/?q={confirm['external_id']}"))
    assert "Nothing matches these filters" in text(operator.get("/operations/?q=ord-nothing"))


def test_a_refused_order_is_tried_again_as_a_new_one_with_every_line(operator, customer):
    product = worlds.product()
    line = {"product_id": str(product.pk), "site_id": "", "cycle": "1 YEAR", "country": "DE"}
    line |= {"discount_code": "", "reference_id": ""}
    wish = worlds.wish("create_package", external_id="order-1", lines=[line, line])
    done = {"state": "failed", "finished_at": timezone.now()}
    failed = worlds.planned(customer, wish, **done)
    page = operator.get(failed.get_absolute_url())

    plan = operator.post(address(customer), hidden_fields(page, address(customer)))
    operator.post(address(customer), hidden_fields(plan, "confirm"))

    again = Operation.objects.get(retry_of=failed)
    assert again.wish["lines"] == [line, line]
    assert again.wish["external_id"] != "order-1"
