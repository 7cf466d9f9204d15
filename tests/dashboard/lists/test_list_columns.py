"""Columns: a person chooses them once, in an order of their own, and they stay chosen."""

import re

import pytest
from django.test import Client

from dashboard.models import ColumnChoice
from dashboard.pages.instances.list import INSTANCES
from resellers import cases
from tests import worlds
from tests.dashboard.listing import EVERY_LIST, PART, fill, table
from tests.dashboard.submitting import hidden_fields

pytestmark = [pytest.mark.django_db, pytest.mark.once]

STANDARD = [column.label for column in INSTANCES.default_columns]


def heads(answer) -> list[str]:
    pattern = r'<th scope="col" class="(?!pick|end)[^>]*>(.*?)</th>'
    found = re.findall(pattern, answer.content.decode())
    return [re.sub(r"<[^>]+>|[↑↓]", "", head).strip() for head in found]


def choose(client, *columns, query="", address="/instances/", **buttons):
    return client.post(f"{address}columns/", {"columns": columns, "query": query, **buttons})


def test_a_choice_is_kept_and_shown_under_the_bare_address(viewer):
    fill(1)

    answer = choose(viewer, "service", "expires")

    assert answer.status_code == 302
    assert heads(viewer.get(answer["Location"])) == ["Service", "Expires"]
    assert heads(viewer.get("/instances/")) == ["Service", "Expires"]
    assert heads(viewer.get("/packages/")) != ["Service", "Expires"]


def test_it_outlives_the_session_and_is_nobody_elses(viewer, operator):
    fill(1)
    choose(viewer, "service", "expires")

    viewer.post("/logout/")
    again = Client()
    again.force_login(viewer.user)

    assert heads(again.get("/instances/")) == ["Service", "Expires"]
    assert heads(operator.get("/instances/")) == STANDARD


def test_the_file_follows_the_choice(viewer):
    fill(1)
    choose(viewer, "status")

    [row] = table(viewer.get("/instances/export.csv?profile=machine"))

    assert {"status", "failure_code", "instance_id", "account_id"} <= set(row)
    assert not {"product_name", "created_at_utc", "site_url"} & set(row)


def test_an_address_with_columns_wins_and_changes_nothing(viewer):
    fill(1)
    choose(viewer, "service", "expires")

    answer = viewer.get("/instances/?columns=service,account")

    assert heads(answer) == ["Service", "Customer"]
    assert heads(viewer.get("/instances/")) == ["Service", "Expires"]
    [row] = table(viewer.get("/instances/export.csv?columns=account&profile=machine"))
    assert "account_name" in row
    assert "expires_at_utc" not in row


def test_the_standard_columns_named_in_an_address_stay_in_its_links(viewer):
    fill(60)
    choose(viewer, "service")
    keys = ",".join(column.key for column in INSTANCES.default_columns)

    page = viewer.get(f"/instances/?columns={keys}", headers=PART).context["page"]

    assert heads(viewer.get(page.next_link)) == STANDARD


def test_a_kept_choice_stands_in_every_link_for_whoever_copies_it(viewer, operator):
    fill(60)
    choose(viewer, "service", "expires")

    answer = viewer.get("/instances/")
    page = answer.context["page"]

    assert 'data-address="/instances/?columns=service%2Cexpires"' in answer.content.decode()
    assert heads(operator.get(page.next_link)) == ["Service", "Expires"]
    assert "columns=service%2Cexpires" in page.export_link


@pytest.mark.parametrize("sent", [{"standard": "1"}, {}])
def test_standard_columns_puts_them_back(viewer, sent):
    fill(1)
    choose(viewer, "service", "expires")

    answer = viewer.post("/instances/columns/", {"query": "status=ENABLED", **sent})

    assert answer["Location"] == "/instances/?status=ENABLED"
    assert heads(viewer.get("/instances/")) == STANDARD
    assert not ColumnChoice.objects.exists()


@pytest.mark.parametrize(
    ("button", "order"),
    [
        ({"up": "status"}, ["service", "status", "site"]),
        ({"down": "service"}, ["site", "service", "status"]),
        ({"up": "service"}, ["service", "site", "status"]),
        ({"down": "status"}, ["service", "site", "status"]),
        ({"up": "nonsense"}, ["service", "site", "status"]),
    ],
)
def test_columns_are_put_in_order(viewer, button, order):
    fill(1)

    answer = choose(viewer, "service", "site", "status", **button)

    assert ColumnChoice.objects.get().columns == order
    assert [head.lower() for head in heads(viewer.get("/instances/"))] == order
    assert '<details class="drop" open>' in viewer.get(answer["Location"]).content.decode()


def test_the_files_columns_keep_their_pinned_order(viewer):
    fill(1)

    rows = [
        table(viewer.get(f"/instances/export.csv?columns={columns}"))[0]
        for columns in ("status,service", "service,status")
    ]

    assert list(rows[0]) == list(rows[1])


def test_choosing_keeps_the_filters_and_the_sort(viewer):
    answer = choose(viewer, "service", query="status=FAILED&q=bakery&sort=created&page=3")

    assert answer["Location"] == "/instances/?q=bakery&status=FAILED&sort=created&columns=service"


def test_htmx_gets_the_region_and_the_whole_address(viewer):
    fill(1)

    answer = viewer.post(
        "/instances/columns/", {"columns": ["service", "expires"]}, headers=PART, follow=True
    )

    assert "<!doctype" not in answer.content.decode()
    assert answer["HX-Push-Url"] == "/instances/?columns=service%2Cexpires"


def test_a_column_that_is_no_more_is_passed_over(viewer):
    fill(1)
    ColumnChoice.objects.create(
        person=viewer.user, noun="instances", columns=["weight", "status", "service"]
    )

    assert heads(viewer.get("/instances/")) == ["Status", "Service"]


@pytest.mark.parametrize("address", EVERY_LIST)
def test_every_list_keeps_its_columns_and_only_by_a_post(manager, address):
    fill(1)
    worlds.instance(status="FAILED")
    worlds.operation()
    cases.keep()
    manager.get("/sites/export.csv")
    manager.post("/mirror/sync/", {"kind": "full"})
    fields = hidden_fields(manager.get(address), f"{address}columns/")
    key = manager.get(address).context["list"].columns[1].key

    refused = manager.get(f"{address}columns/", {"columns": key})
    answer = choose(manager, key, address=address, query=fields["query"])

    assert refused.status_code == 405
    assert answer.status_code == 302
    assert len(heads(manager.get(address))) == 1


def test_no_list_of_another_site_is_led_to(viewer):
    answer = choose(viewer, "service", query="https://elsewhere.example/?q=x")

    assert answer["Location"].startswith("/instances/?")


# --- sets with a name ----------------------------------------------------------------------------


def test_a_set_is_kept_under_its_name_and_taken_up_again_by_it(viewer):
    fill(1)
    choose(viewer, "service", "expires", name=" Renewals ")
    choose(viewer, "status", "service", name="Troubles")

    answer = choose(viewer, use="Renewals")

    assert answer["Location"] == "/instances/?columns=service%2Cexpires"
    assert heads(viewer.get("/instances/")) == ["Service", "Expires"]
    page = viewer.get("/instances/", headers=PART).context["page"]
    assert page.column_sets == [("Renewals", True), ("Troubles", False)]


def test_the_file_has_the_columns_of_the_set(viewer):
    fill(1)
    choose(viewer, "status", name="Troubles")
    choose(viewer, standard="1")

    page = viewer.get(choose(viewer, use="Troubles")["Location"], headers=PART).context["page"]

    [row] = table(viewer.get(page.export_link))
    assert {"status", "failure_code", "instance_id", "account_id"} <= set(row)
    assert "product_name" not in row


def test_a_set_is_its_persons_and_its_lists_alone(viewer, operator):
    fill(1)
    choose(viewer, "service", name="Mine")

    assert operator.get("/instances/", headers=PART).context["page"].column_sets == []
    assert viewer.get("/packages/", headers=PART).context["page"].column_sets == []
    assert choose(operator, use="Mine").status_code == 422
    assert heads(operator.get("/instances/")) == STANDARD


def test_a_set_removed_in_another_window_takes_nothing_along(viewer):
    fill(1)
    choose(viewer, "service", "expires")

    answer = choose(viewer, "service", "expires", use="Mine", query="q=Customer")

    assert answer.status_code == 422
    assert "This set of columns is no longer kept." in answer.content.decode()
    assert answer.context["page"].query.texts == {"q": ["Customer"]}
    assert heads(viewer.get("/instances/")) == ["Service", "Expires"]


def test_the_same_name_again_replaces_the_set(viewer):
    fill(1)
    choose(viewer, "service", name="Mine")

    choose(viewer, "status", name="Mine")

    assert ColumnChoice.objects.get(name="Mine").columns == ["status"]


def test_a_set_is_forgotten_and_what_is_shown_stays(viewer):
    fill(1)
    choose(viewer, "service", name="Mine")

    answer = choose(viewer, "service", drop="Mine", query="status=ENABLED")

    assert answer["Location"] == "/instances/?status=ENABLED&columns=service&arrange=1"
    page = viewer.get("/instances/", headers=PART).context["page"]
    assert page.column_sets == []
    assert [column.key for column in page.query.columns] == ["service"]


def test_a_name_typed_while_columns_are_moved_is_not_lost(viewer):
    fill(1)

    answer = choose(viewer, "service", "status", up="status", name="Troubles")

    assert not ColumnChoice.objects.exclude(name="").exists()
    assert 'name="name" maxlength="40" autocomplete="off" value="Troubles"' in (
        viewer.get(answer["Location"]).content.decode()
    )


@pytest.mark.parametrize("name", ["x" * 41, "line\nbreak", "\0", "y" * 300])
def test_a_name_that_cannot_be_is_told_beside_its_field_and_nothing_is_lost(viewer, name):
    fill(1)

    answer = choose(viewer, "service", "expires", name=name, query="q=Customer")

    assert answer.status_code == 422
    html = answer.content.decode()
    assert 'aria-describedby="columns-name-error"' in html
    assert heads(answer) == ["Service", "Expires"]
    assert answer.context["page"].query.texts == {"q": ["Customer"]}
    assert not ColumnChoice.objects.exists()


def test_twenty_sets_are_enough(viewer):
    fill(1)
    for number in range(20):
        choose(viewer, "service", name=f"Set {number}")

    answer = choose(viewer, "service", name="One more")

    assert answer.status_code == 422
    assert "20 sets are kept: remove one first." in answer.content.decode()
    assert choose(viewer, "status", name="Set 7").status_code == 302
