"""The same text finds the same records in the search box and in the list of their kind."""

import pytest
from django.db.models import Model

from dashboard.pages.accounts.list import ACCOUNTS
from dashboard.pages.catalog.list import CATALOG
from dashboard.pages.instances.list import INSTANCES
from dashboard.pages.packages.list import PACKAGES
from dashboard.pages.search import page as search_page
from dashboard.pages.sites.list import SITES
from resellers.models import CatalogProduct
from tests import worlds
from tests.dashboard.listing import answers_of, asking

pytestmark = [pytest.mark.django_db, pytest.mark.every_value]
GUID = "6f1b0c1e-1111-4222-8333-444455556666"
# By the label in the box: the list of that kind.
LISTS = {
    "Customers": ACCOUNTS,
    "Sites": SITES,
    "Packages": PACKAGES,
    "Services": INSTANCES,
    "Products": CATALOG,
}
TEXTS = (
    *("Žuvys", "ŽUVYS", "žuvys", "Müller", "müller und", "Ленин", "ЛЕНИН", "harbour yoga"),
    *(
        "quay.example",
        "https://www.quay.example/about",
        "www.quay.example",
        "http://quay.example:80/",
    ),
    *(
        "info@quay.example",
        "INFO@QUAY.EXAMPLE",
        "#3",
        "R-100%",
        "100%",
        "a_b",
        "o'brien",
        '"quoted"',
    ),
    *("PREMIUM_PLAN", "Business Plan", "business  plan", "order-7", "nothing is called so", "\\"),
)


@pytest.fixture
def everything(db, monkeypatch):
    monkeypatch.setattr(search_page, "LIMIT_OF_PART", 100)
    plan = worlds.product("Business Plan")
    names = (
        "Žuvys ir Jūra",
        "Müller und Söhne",
        "Ленин и сын",
        "Harbour Yoga",
        "o'Brien",
        "a_b",
        '"Quoted"',
    )
    accounts = [worlds.account(name) for name in names]
    accounts.append(
        worlds.account("Quay", email="info@quay.example", reference="#3", group="harbour")
    )
    accounts.append(worlds.account("Percent", reference="R-100%"))
    services = []
    for number, account in enumerate(accounts):
        fields = {"external_id": GUID} if number == 0 else {"external_id": f"order-{number}"}
        package = worlds.package(account, **fields)
        url = "https://quay.example" if account.name == "Quay" else f"https://shop{number}.example"
        site = worlds.site(account, f"shop{number}", url=url)
        services.append(worlds.instance(package, site, product=plan))
    return services


def in_box(client, text: str) -> dict[str, set[str]]:
    answer = client.get(
        asking("/search/", q=text), headers={"HX-Request": "true", "HX-Target": "found"}
    )
    found = {kind.label: {hit.link for hit in kind.hits} for kind in answer.context["kinds"]}
    return {label: found.get(label, set()) for label in LISTS}


def in_lists(text: str) -> dict[str, set[str]]:
    return {
        label: {link_of(row) for row in answers_of(list_, asking("", q=text))}
        for label, list_ in LISTS.items()
    }


def link_of(row: Model) -> str:
    """Where the box leads from that record."""
    if isinstance(row, CatalogProduct):
        return f"/instances/?product={row.pk}"
    return row.get_absolute_url()


@pytest.mark.parametrize("text", TEXTS)
def test_words_find_the_same_in_box_and_list(viewer, everything, text):
    assert in_box(viewer, text) == in_lists(text)


def test_ids_find_the_same_in_box_and_list_however_they_were_copied(viewer, everything):
    service = everything[1]
    for id_ in (service.pk, service.account_id, service.package_id, service.product_id, GUID):
        for text in (
            str(id_),
            str(id_).upper(),
            f"{{{id_}}}",
            f"\u00a0{id_}",
            f"{str(id_)[:8]}…",
            str(id_)[:8],
            str(id_)[:5],
        ):
            assert in_box(viewer, text) == in_lists(text), text


def test_an_external_id_that_looks_like_an_id_is_found_in_box_and_list(viewer, everything):
    package = everything[0].package

    for found in (in_box(viewer, GUID), in_lists(GUID)):
        assert found["Packages"] == {package.get_absolute_url()}
        assert found["Services"] == {everything[0].get_absolute_url()}
    for path in ("/packages/", "/instances/"):
        assert len(viewer.get(asking(path, q=GUID)).context["page"].rows) == 1


def test_a_reference_that_reads_like_an_operation_is_shown_beside_it(viewer, everything):
    operation = worlds.operation(everything[0], pk=3)
    [account] = [one.account for one in everything if one.account.reference == "#3"]

    answer = viewer.get(asking("/search/", q="#3"))

    found = {kind.label: {hit.link for hit in kind.hits} for kind in answer.context["kinds"]}
    assert found["Operations"] == {operation.get_absolute_url()}
    assert found["Customers"] == {account.get_absolute_url()}
