"""The API shows the rows that the lists show, as their files have them, in pages by key."""

import csv
import io
from datetime import timedelta
from itertools import product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dashboard.api.parameters import names_of
from dashboard.api.resources import RESOURCES
from dashboard.lists.filters import ChoiceFilter, DayFilter, FlagFilter, WordFilter
from dashboard.lists.found_filters import IdFilter
from dashboard.lists.person_filter import PersonFilter
from dashboard.lists.spans import SpanFilter
from tests import worlds
from tests.dashboard.api.callers import API, Caller
from tests.one_of_everything import one_of_everything

KEYS = {
    "customers": "account_id",
    "packages": "package_id",
    "services": "instance_id",
    "operations": "operation_id",
    "cases": "case_id",
}

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def caller(admin):
    one_of_everything(admin.user)
    return Caller(admin.user)


def asked_of(resource):
    """Each filter with a value of its own, two together, each order, and nothing."""
    row = resource.listing.rows().first()
    yield {}
    for one in resource.listing.filters:
        match one:
            case SpanFilter():
                values = [next(iter(one.choices)), ">1h"]
            case ChoiceFilter():
                values = [next(iter(one.choices))]
            case FlagFilter():
                values = ["1"]
            case DayFilter():
                values = [str(timezone.localdate() - timedelta(days=10))]
            case IdFilter():
                values = [str(one.model._default_manager.first().pk)]
            case PersonFilter():
                values = ["me", "nobody"]
            case WordFilter():
                values = ["ENABLED", "~none"]
            case _:
                values = [str(row.pk)[:8], "a"]
        yield from ({one.name: value} for value in values)
    yield {"q": "a", "sort": resource.listing.default_sort}
    for name in resource.listing.sorts:
        yield {"sort": name}
        yield {"sort": f"-{name}"}


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda one: one.name)
def test_it_has_the_rows_and_values_of_the_lists_file_whatever_is_asked(admin, caller, resource):
    address = f"/{resource.listing.address}/export.csv"
    key, met = KEYS[resource.name], 0
    for asked in asked_of(resource):
        file = admin.get(address, asked | {"profile": "machine"})
        assert file.status_code == 200, asked
        text = b"".join(file.streaming_content).decode()
        rows = list(csv.DictReader(io.StringIO(text)))
        records = caller.every(resource.name, asked | {"per_page": "25"})

        assert [str(one[key]) for one in records] == [row[key] for row in rows], asked
        met += len(records)
        for row, record in zip(rows, records, strict=True):
            for name, value in record.items():
                cell = row.get(name, row.get(f"{name}_utc"))
                if f"{name}_utc" in row:
                    assert cell[:19] == (value or "")[:19]
                    assert not value or value.endswith("Z")
                elif isinstance(value, str):
                    assert cell.lstrip("'") == value.lstrip("'")
    assert met > 5
    assert resource.names == list(resource.record.model_fields)


def test_pages_follow_one_another_in_a_fixed_number_of_statements(caller):
    package = worlds.package()
    for number in range(60):
        worlds.instance(package, worlds.site(package.account), floating=bool(number % 2))
    caller.get("services")  # the first call of a minute begins the counts

    counts = []
    for size in (25, 100):
        with CaptureQueriesContext(
            connection,
        ) as statements:
            answer = caller.get("services", {"per_page": size})
        counts.append(len(statements))
        assert len(answer.json()["items"]) > 20
    assert counts[0] == counts[1] <= 9, counts

    several = [one["instance_id"] for one in caller.every("services", {"per_page": 25})]
    at_once = [one["instance_id"] for one in caller.every("services", {"per_page": 200})]
    assert several == at_once
    assert len(set(several)) == len(several) >= 60


def test_each_record_is_had_by_its_id_and_says_how_old_it_is(caller):
    for resource in RESOURCES:
        for record in caller.every(resource.name)[:3]:
            address = f"{resource.name}/{record[KEYS[resource.name]]}"
            assert caller.get(address).json() == record
            assert "checked_at" in record or resource.name == "operations"
        number = "999999999999" if resource.is_ours else worlds.new_id()
        assert caller.get(f"{resource.name}/{number}").status_code == 404
    assert caller.get("operations/99999999999999999999").status_code == 422
    for nowhere in ("nothing", "customers/x", "customers/1/2"):
        answer = caller.get(nowhere)
        assert (answer.status_code, answer["Content-Type"][:16]) == (404, "application/json")


def test_what_makes_no_sense_names_its_parameter(caller):
    wrong = {
        "page": "2",
        "view": "all",
        "columns": "name",
        "colour": "red",
        "sort": "colour",
        "per_page": "10",
        "after": "yesterday",
        "q": "a\x00b",
        "account": "x",
        "status": "",
        "floating": "yes",
        "from": "2026-02-30",
        "by": "x" * 201,
        "looked_after": "nobody at all",
    }
    for resource, name in product(RESOURCES, wrong):
        answer = caller.get(resource.name, {name: wrong[name]})
        assert answer.status_code == 422, (resource.name, name)
        assert [one["loc"] for one in answer.json()["detail"]] == [["query", name]]
        assert all(one["msg"] for one in answer.json()["detail"])
    assert caller.client.get(f"{API}cases?sort=a&sort=b").status_code == 422


def test_the_document_names_every_parameter_and_anybody_reads_it(client, caller):
    found = client.get(f"{API}openapi.json").json()
    assert found["openapi"].startswith("3.1")
    for resource in RESOURCES:
        call = found["paths"][f"{API}{resource.name}"]["get"]
        assert {one["name"] for one in call["parameters"]} == names_of(resource.listing)
        assert call["security"] == [{"PersonalTokens": []}]
    page = client.get(f"{API}docs")
    assert "<script" not in page.content.decode()
    assert "floating_for" in page.content.decode()
