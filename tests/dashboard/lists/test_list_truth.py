"""For any filters, sort and columns: page, file and Wix's truth are the same rows in one order."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
import requests
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from dashboard.lists import page as list_page
from dashboard.pages.instances.list import INSTANCES
from resellers.sandbox import Sandbox
from tests import practice
from tests.dashboard.listing import asking, listed_ids, table
from tests.randomness import examples

pytestmark = pytest.mark.django_db

ENDED = ("FAILED", "CANCELED")
STATUSES = ("PENDING", "AWAITING_ACTION", "ENABLED", *ENDED)
SORTS = ("created", "-created", "expires", "-expires")
COLUMNS = tuple(column.key for column in INSTANCES.columns)


@dataclass(frozen=True)
class Service:
    """A service as the sandbox has it, with the names that the agency gave to ids."""

    truth: dict[str, Any]
    words: tuple[str, ...]  # texts in which one may search

    @property
    def id(self) -> str:
        return str(self.truth["instanceId"])

    def moment(self, name: str) -> datetime | None:
        text = self.truth.get(name)
        return datetime.fromisoformat(text) if text else None


def answers(service: Service, name: str, value: str, now: datetime) -> bool:
    """Whether the service answers to this filter, said in plain Python."""
    truth = service.truth
    match name:
        case "q":
            return all(
                any(word in text.lower() for text in service.words)
                for word in value.lower().split()
            )
        case "status":
            return truth["status"] == value
        case "failure_code":
            code = (truth["failure"] or {}).get("code", "")
            return truth["status"] == "FAILED" and code == ("" if value == "none" else value)
        case "floating":
            return truth["siteId"] is None and truth["status"] not in ENDED
        case "no_site":
            return truth["siteId"] is None
        case "gone":
            return False
        case "expiring":
            expires = service.moment("expirationDate")
            if expires is None or truth["status"] in ENDED:
                return False
            return now <= expires < now + timedelta(days=int(value))
        case "age":
            past = now - service.moment("updatedDate")
            steps = {"day": (0, 1), "week": (1, 7), "month": (7, 30), "older": (30, 10**6)}
            least, most = (timedelta(days=days) for days in steps[value])
            return (past >= least or value == "day") and past < most
        case "account" | "package" | "site" | "product":
            key = "catalogProductId" if name == "product" else f"{name}Id"
            return truth[key] == value
    raise ValueError(name)


def in_order(services: list[Service], sort: str) -> list[str]:
    """The ids by that field, those without a value last, equal ones by id."""
    name = "createdDate" if sort.endswith("created") else "expirationDate"
    descending = sort.startswith("-")
    dated = [one for one in services if one.moment(name)]
    dated.sort(key=lambda one: (one.moment(name), one.id), reverse=descending)
    rest = sorted((one for one in services if not one.moment(name)), key=lambda one: one.id)
    return [one.id for one in dated + (rest[::-1] if descending else rest)]


def services_of(sandbox: Sandbox) -> Iterator[Service]:
    """Every service of the sandbox, with the words of its customer, product, site and order."""
    world = sandbox.world
    accounts = {one.id: one for one in world.children} | {world.parent.id: world.parent}
    sites: dict[str | None, dict[str, Any]] = {None: {}}
    for package in world.packages:
        for instance in package.instances:
            truth = practice.truth(sandbox, instance.id)
            if instance.site_id not in sites:
                address = f"{sandbox.url}/_sandbox/sites/{instance.site_id}"
                sites[instance.site_id] = requests.get(address, timeout=10).json()
            site = sites[instance.site_id]
            yield Service(
                truth,
                (
                    accounts[package.account_id].name.lower(),
                    world.products[instance.product_id].name.lower(),
                    package.external_id or "",
                    str(site.get("displayName", "")).lower(),
                    str(site.get("url", "") or site.get("viewUrl", "")).lower(),
                ),
            )


@st.composite
def questions(draw: Any, services: list[Service]) -> dict[str, str]:
    """Filters of which each alone finds something, most of the time, and a sort and columns."""

    def one_of(key: str) -> st.SearchStrategy[str]:
        return st.sampled_from(sorted({str(one.truth[key]) for one in services if one.truth[key]}))

    words = sorted({word for one in services for word in words_of(one)})
    plain = [word for word in words if word.isascii()]
    peculiar = [word for word in words if not word.isascii()]
    asked = {
        "q": st.one_of(st.sampled_from(plain), st.sampled_from(peculiar)),
        "status": st.sampled_from(STATUSES),
        "failure_code": st.sampled_from(
            ("DELIVERY_TIMEOUT", "EXTERNAL_FAILURE", "UNKNOWN", "none")
        ),
        "floating": st.just("1"),
        "no_site": st.just("1"),
        "gone": st.just("1"),
        "expiring": st.sampled_from(("30", "60", "90")),
        "age": st.sampled_from(("day", "week", "month", "older")),
        "account": one_of("accountId"),
        "package": one_of("packageId"),
        "product": one_of("catalogProductId"),
        "site": one_of("siteId"),
    }
    weights = [*asked, "status", "q", "q", "account"]
    names = draw(st.lists(st.sampled_from(weights), max_size=3, unique=True))
    return {name: draw(asked[name]) for name in names}


def words_of(service: Service) -> Iterator[str]:
    """Beginnings of its plain words of any alphabet, in capitals and in small letters."""
    for text in service.words[:2]:
        for word in text.split():
            if word.isalnum() and len(word) > 3:
                yield from (word[:5], word[:5].upper())


def test_page_file_and_truth_are_the_same_rows(mirror, viewer: Client, monkeypatch):
    monkeypatch.setattr(list_page, "PAGE_SIZE", 20)
    services = list(services_of(mirror.sandbox))
    sizes = []

    @examples(25, full=1_000)
    @given(
        query=questions(services),
        sort=st.sampled_from(SORTS),
        columns=st.lists(st.sampled_from(COLUMNS), unique=True),
    )
    def holds(query, sort, columns):
        now = timezone.now()
        truth = in_order(
            [s for s in services if all(answers(s, *one, now) for one in query.items())], sort
        )
        more = {"sort": sort, "columns": ",".join(columns)}

        on_pages = listed_ids(viewer, asking("/instances/", **query, **more))
        answer = viewer.get(asking("/instances/export.csv", **query, **more))
        in_file = [row["instance_id"] for row in table(answer)]

        assert on_pages == truth
        assert in_file == truth
        assert answer["X-Row-Count"] == str(len(truth))
        sizes.append(len(truth))

    holds()

    assert max(sizes) > 20  # more than one page
    assert sum(size > 0 for size in sizes) > len(sizes) / 3
