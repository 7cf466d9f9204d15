"""Names for ids, as a manager gives them: a bad file, a good one, and one product by hand."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from resellers.models import CatalogProduct
from tests import worlds

pytestmark = pytest.mark.at_length

HEADER = "product_id;name;service_type;cycles;one_per_site;limit"


def choose(page: Page, folder: Path, name: str, rows: list[str]) -> None:
    """Choose a file of these rows and ask what it would change."""
    file = folder / name
    file.write_bytes(("\ufeff" + "\r\n".join([HEADER, *rows])).encode())
    page.get_by_label("CSV file").set_input_files(file)
    page.get_by_role("button", name="Show what would change").click()


@pytest.mark.parametrize("script", [True, False], ids=["with_script", "without_script"])
def test_a_catalogue_with_17_bad_rows_is_refused_whole_and_a_mended_one_taken(
    whole_system, browse_as, tmp_path, script
):
    held = CatalogProduct.objects.count()
    unknown = CatalogProduct.objects.create(id=worlds.new_id())
    ids = [unknown.pk, *(worlds.new_id() for _ in range(16))]
    good = [f"{id_};Product {n};SEO;1 YEAR|1 MONTH;true;{n}" for n, id_ in enumerate(ids)]
    bad = [row.replace("1 YEAR|1 MONTH", "1 FORTNIGHT") for row in good]
    page = browse_as("manager", java_script_enabled=script)

    page.goto("/")
    page.get_by_role("link", name=": Product without a name").click()
    expect(page.locator("#list tbody tr")).to_have_count(1)
    page.get_by_role("link", name="Import CSV").click()
    choose(page, tmp_path, "bad.csv", bad)

    expect(page.get_by_role("alert").first).to_contain_text("17 things are wrong in 17 rows.")
    expect(page.locator("main tbody tr")).to_have_count(17)
    expect(page.locator("main tbody")).to_contain_text("not '1 FORTNIGHT'")
    expect(page.get_by_role("button", name="Confirm")).to_have_count(0)
    assert CatalogProduct.objects.count() == held + 1
    assert CatalogProduct.objects.get(pk=unknown.pk).name == ""

    page.get_by_role("link", name="Another file").click()
    choose(page, tmp_path, "good.csv", good)
    expect(page.locator("main")).to_contain_text("16 new, 1 changed, 0 as they are")
    expect(page.locator("main tbody tr")).to_have_count(17)
    assert CatalogProduct.objects.count() == held + 1, "a dry run writes nothing"
    page.get_by_role("button", name="Confirm").click()

    expect(page.get_by_role("main").get_by_role("status").first).to_contain_text(
        "good.csv is imported: 16 new, 1 changed"
    )
    page.goto("/catalog/?type=SEO&q=product")
    expect(page.locator("#list tbody tr")).to_have_count(17)
    assert CatalogProduct.objects.get(pk=unknown.pk).name == "Product 0"


@pytest.mark.at_length
def test_a_manager_names_what_the_mirror_met_and_sees_the_name_everywhere(whole_system, browse_as):
    instance, _ = whole_system.mirror.movable()
    CatalogProduct.objects.filter(pk=instance.product_id).update(name="")
    page = browse_as("manager")

    page.goto(f"/catalog/?q={instance.product_id}")
    page.locator("#list").get_by_role("link", name="Unknown product").click()
    page.get_by_label("Name", exact=True).fill("Renamed Plan")
    page.get_by_label("Limit", exact=True).fill("many")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".error")).to_have_text("Limit must be a whole number, not 'many'.")
    page.get_by_label("Limit", exact=True).fill("12")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Renamed Plan")
    page.goto(f"/instances/{instance.pk}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Renamed Plan")


@pytest.mark.at_length
def test_a_viewer_meets_none_of_the_buttons_and_403_on_each_address(whole_system, browse_as):
    instance, _ = whole_system.mirror.movable()
    product, account = f"/catalog/{instance.product_id}/", f"/accounts/{instance.account_id}/"
    page = browse_as("viewer")

    for address in ("/catalog/", product, "/accounts/", account):
        page.goto(address)
        for name in ("Import CSV", "New product", "Edit", "Name it"):
            expect(page.get_by_role("link", name=name)).to_have_count(0)
        for name in ("Save", "Clear", "Confirm"):
            expect(page.get_by_role("button", name=name, exact=True)).to_have_count(0)

    for address in (
        *("/catalog/new/", "/catalog/import/", "/accounts/import/", "/policy/"),
        f"{account}edit/",
    ):
        assert page.goto(address).status == 403


def test_an_admin_makes_it_read_only_and_an_operator_sees_why(whole_system, browse_as):
    instance, _ = whole_system.mirror.movable()
    admin, operator = browse_as("admin"), browse_as("operator")
    operator.goto(f"/instances/{instance.pk}/")
    expect(operator.get_by_role("link", name="Reassign", exact=True)).to_have_count(1)

    admin.goto("/")
    admin.get_by_role("navigation").get_by_role("link", name="Settings").click()
    admin.get_by_label("Reason", exact=True).fill("Wix moves our account tonight.")
    admin.get_by_role("button", name="Make the dashboard read-only").click()
    expect(admin.get_by_role("button", name="Lift read-only")).to_be_visible()

    operator.reload()
    expect(operator.get_by_role("alert")).to_contain_text("Wix moves our account tonight.")
    expect(operator.get_by_role("link", name="Reassign")).to_have_count(0)
    admin.get_by_role("button", name="Lift read-only").click()
    expect(admin.get_by_text("Read-only is lifted.")).to_be_visible()
    operator.reload()
    expect(operator.get_by_role("link", name="Reassign", exact=True)).to_have_count(1)
