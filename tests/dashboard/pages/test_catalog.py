"""The catalogue: everyone reads it, managers write it, and what Wix refused stands in it."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from resellers.mirror import figures, learned_refusals
from resellers.models import AuditEntry, CatalogProduct, ProductRefusal
from tests import worlds
from tests.dashboard.listing import rows
from tests.dashboard.submitting import text

pytestmark = [pytest.mark.django_db, pytest.mark.once]

FIELDS = {
    "name": "Core",
    "service_type": "PREMIUM_PLAN",
    "cycles": "1 YEAR|1 MONTH",
    "tld": "",
    "limit": "25",
    "adjustable": "on",
}


def names(answer) -> list[str]:
    return [product.name for product in answer.context["page"].rows]


def test_a_product_shows_its_rules_and_the_services_that_use_it(viewer):
    product = worlds.product(
        "Shop", service_type="ECOMMERCE", one_per_site=True, needs_premium=True, limit=1200
    )
    worlds.instance(product=product)

    [row] = rows(viewer.get("/catalog/"))

    for words in ("Shop", "Ecommerce", "1 month, 1 year", "one per site", "needs Premium", "1,200"):
        assert words in row
    assert f'href="/instances/?product={product.pk}">1</a>' in row
    assert f'href="/catalog/{product.pk}/"' in row


@pytest.mark.parametrize(
    ("said", "service_type", "in_list", "on_page"),
    [
        (None, "PREMIUM_PLAN", "Premium plan (guessed)", "Yes, guessed from its type"),
        (None, "WEBSITE_PLAN", "", "No, guessed from its type"),
        (True, "WEBSITE_PLAN", "Premium plan", "Yes"),
        (False, "PREMIUM_SUPPORT", "", "No"),
    ],
)
def test_whether_it_is_a_premium_plan_is_said_and_a_guess_is_called_one(
    viewer, said, service_type, in_list, on_page
):
    product = worlds.product("Core", service_type=service_type, premium=said)

    [row] = rows(viewer.get("/catalog/"))

    assert ("Premium plan" in row, "guessed" in row) == (bool(in_list), "guessed" in in_list)
    page = viewer.get(f"/catalog/{product.pk}/").content.decode()
    assert f"<dt>Premium plan</dt><dd>{on_page}</dd>" in page


def test_what_it_brings_is_written_on_its_page_and_read_there(manager, viewer):
    product = worlds.product("Core")
    values = {"premium": "true", "reference": "false", "voucher": "a domain for 1 year"}

    manager.post(f"/catalog/{product.pk}/", FIELDS | values | {"features": " Storage | Payments|"})

    product.refresh_from_db()
    assert (product.premium, product.reference) == (True, False)
    assert product.features == ["Storage", "Payments"]
    page = text(viewer.get(f"/catalog/{product.pk}/"))
    for words in ("a domain for 1 year", "Storage, Payments", "It cannot be one"):
        assert words in page
    form = manager.get(f"/catalog/{product.pk}/").context["form"]
    assert {name: form[name].value() for name in values} == values
    assert form["features"].value() == "Storage|Payments"


def test_unnamed_products_stand_first_and_one_press_away_with_their_number(viewer):
    worlds.product("Core")
    worlds.product("", service_type="")

    answer = viewer.get("/catalog/")

    assert names(answer) == ["", "Core"]
    tabs = {tab.label: (tab.link, tab.count) for tab in answer.context["page"].tabs.every}
    assert tabs["All"] == ("/catalog/", 2)
    assert tabs["Waits for a name"] == ("/catalog/?state=unnamed", 1)
    assert names(viewer.get("/catalog/?state=unnamed")) == [""]


def test_it_is_found_by_words_by_type_by_id_and_by_what_wix_refused(viewer):
    core = worlds.product("Core", service_type="PREMIUM_PLAN")
    shop = worlds.product("Shop", service_type="ECOMMERCE")
    learned_refusals.learn(shop, "PRODUCT_LIMIT_EXCEEDED")

    assert names(viewer.get("/catalog/?q=cor")) == ["Core"]
    assert names(viewer.get("/catalog/?type=ECOMMERCE")) == ["Shop"]
    assert names(viewer.get(f"/catalog/?q={core.pk}")) == ["Core"]
    assert names(viewer.get("/catalog/?state=refused")) == ["Shop"]
    assert ">Ecommerce</span>" in viewer.get("/catalog/").content.decode()
    assert viewer.get("/catalog/?state=odd").status_code == 422


def test_it_costs_the_same_queries_however_long_it_is(viewer):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert viewer.get("/catalog/").status_code == 200
        return len(captured)

    learned_refusals.learn(worlds.product(), "PRODUCT_LIMIT_EXCEEDED")
    viewer.get("/catalog/")
    few = queries()
    for place in range(20):
        learned_refusals.learn(worlds.product(f"P{place}"), "PRODUCT_LIMIT_EXCEEDED")

    assert queries() == few <= 16


@pytest.mark.django_db(transaction=True)
def test_a_manager_names_a_product_and_is_led_to_the_next(manager):
    first, second = (CatalogProduct.objects.create(id=worlds.new_id()) for _ in range(2))

    answer = manager.post(f"/catalog/{first.pk}/", FIELDS)

    first.refresh_from_db()
    assert (first.name, first.cycles, first.limit) == ("Core", ["1 YEAR", "1 MONTH"], 25)
    assert answer["Location"] == "/catalog/?state=unnamed"
    assert figures.read().counts["unnamed_products"] == 1
    answer = manager.post(f"/catalog/{second.pk}/", FIELDS)
    assert answer["Location"] == f"/catalog/{second.pk}/"


def test_each_change_is_audited_with_old_and_new_values_and_nothing_else_is(manager):
    product = worlds.product("Old", cycles=["1 YEAR"], limit=None)
    form = FIELDS | {"name": "New", "cycles": "1 year", "limit": "7"}

    manager.post(f"/catalog/{product.pk}/", form)
    manager.post(f"/catalog/{product.pk}/", form)

    [entry] = AuditEntry.objects.filter(event="product.changed")
    assert entry.actor == manager.user
    assert entry.body == {
        "product_id": str(product.pk),
        "changes": {"name": ["Old", "New"], "limit": [None, 7]},
    }


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "Write the product&#x27;s name"),
        ("cycles", "1 FORTNIGHT", "Cycles must look like `1 YEAR|1 MONTH`"),
        ("limit", "many", "Limit must be a whole number"),
        ("limit", "9999999999", "Limit must be a whole number"),
        ("tld", "x" * 64, "at most 63 characters"),
        ("name", "A\0B", "Null characters are not allowed"),
    ],
)
def test_what_cannot_be_taken_is_said_beside_its_field(manager, field, value, words):
    product = worlds.product("Old")

    answer = manager.post(f"/catalog/{product.pk}/", FIELDS | {field: value})

    assert answer.status_code == 422
    page = answer.content.decode()
    error = page.partition(f'id="id_{field}_error">')[2].partition("</p>")[0]
    assert words in error
    assert f'aria-describedby="id_{field}_' in page or f"id_{field}_error" in page
    assert 'aria-invalid="true"' in page
    product.refresh_from_db()
    assert product.name == "Old"


def test_a_product_that_no_reading_has_met_is_put_in_by_its_id(manager):
    id_ = worlds.new_id()

    answer = manager.post("/catalog/new/", FIELDS | {"product_id": str(id_).upper()})

    assert answer["Location"] == f"/catalog/{id_}/"
    assert CatalogProduct.objects.get(pk=id_).name == "Core"
    assert AuditEntry.objects.get(event="product.added").body["values"]["name"] == "Core"
    again = manager.post("/catalog/new/", FIELDS | {"product_id": str(id_)})
    assert again.status_code == 422
    assert "in the catalogue already: Core." in text(again)
    nothing = manager.post("/catalog/new/", {"product_id": "x"})
    assert nothing.status_code == 422
    assert "This is not an id of Wix" in text(nothing)


def test_what_wix_refused_is_told_in_words_until_a_manager_clears_it(viewer, manager):
    product, site = worlds.product("Shop"), worlds.site(name="north")
    operation = worlds.operation(by=worlds.user("operator"))
    refusal = learned_refusals.learn(
        product, "PRODUCT_NOT_SUPPORTED_ON_SITE", "needs plan X", "req-77", operation, site
    )

    seen = viewer.get(f"/catalog/{product.pk}/")
    words = text(seen)

    for part in ("cannot carry this product yet", "needs plan X", "north.example", "req-"):
        assert part in words
    assert f"/operations/{operation.pk}/" in seen.content.decode()
    assert "Refused by Wix" in rows(viewer.get("/catalog/?q=shop"))[0]
    clear = f"/catalog/refusals/{refusal.pk}/clear/"
    assert clear not in seen.content.decode()
    assert clear in manager.get(f"/catalog/{product.pk}/").content.decode()
    after = manager.post(clear, follow=True)
    assert "Cleared" in text(after)
    assert "cleared by manager" in text(viewer.get(f"/catalog/{product.pk}/"))
    assert learned_refusals.standing([product])[product.pk] == []
    assert "cleared already" in text(manager.post(clear, follow=True))


def test_a_product_that_wix_did_not_know_is_marked_since_when(viewer):
    product = worlds.product("Shop")
    learned_refusals.learn(
        product, "PRODUCT_NOT_FOUND", "Product id not found in catalog.", "req-77"
    )
    learned_refusals.learn(product, "PRODUCT_LIMIT_EXCEEDED", "25 of 25", "req-78")

    [row] = rows(viewer.get("/catalog/?state=refused"))

    assert "Unknown to Wix" in row
    assert "since <time" in row


@pytest.mark.parametrize(
    ("role", "may"), [("viewer", False), ("operator", False), ("manager", True), ("admin", True)]
)
def test_only_who_may_write_meets_the_buttons_and_gets_through(log_in, role, may):
    client, product = log_in(role), worlds.product("Core")
    refusal = learned_refusals.learn(product, "PRODUCT_LIMIT_EXCEEDED")

    assert ("/catalog/new/" in client.get("/catalog/").content.decode()) is may
    assert ("/catalog/import/" in client.get("/catalog/").content.decode()) is may
    assert ('name="cycles"' in client.get(f"/catalog/{product.pk}/").content.decode()) is may
    gets = ["/catalog/new/", "/catalog/import/"]
    posts = [f"/catalog/{product.pk}/", "/catalog/new/", "/catalog/import/"]
    assert {client.get(address).status_code for address in gets} == {200 if may else 403}
    assert {client.post(address, {}).status_code for address in posts} == {422 if may else 403}
    clear = client.post(f"/catalog/refusals/{refusal.pk}/clear/")
    assert clear.status_code == (302 if may else 403)
    assert ProductRefusal.objects.filter(cleared_at=None).exists() is not may


def test_its_file_has_exactly_the_columns_of_the_import(viewer):
    brings = {"reference": False, "features": ["Storage", "Payments"]}
    product = worlds.product("Core", limit=25, one_per_site=True, **brings)

    answer = viewer.get("/catalog/export.csv")

    table = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert table.splitlines()[0] == (
        "product_id,name,service_type,cycles,one_per_site,needs_premium,tld,adjustable,limit,"
        "premium,reference,voucher,features"
    )
    assert list(csv.DictReader(io.StringIO(table))) == [
        {
            "product_id": str(product.pk),
            "name": "Core",
            "service_type": "PREMIUM_PLAN",
            "cycles": "1 MONTH|1 YEAR",
            "one_per_site": "true",
            "needs_premium": "false",
            "tld": "",
            "adjustable": "true",
            "limit": "25",
            "premium": "",
            "reference": "false",
            "voucher": "",
            "features": "Storage|Payments",
        }
    ]


def test_a_product_of_no_catalogue_is_said_to_be_nowhere(viewer):
    assert viewer.get(f"/catalog/{worlds.new_id()}/").status_code == 404
