"""What the tests of lists share: rows to list, and reading a list's answer."""

import csv
import io
import re
from datetime import timedelta
from urllib.parse import urlencode, urlsplit

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.test import Client
from django.utils import timezone

from dashboard.lists.declaration import List
from dashboard.lists.query import ListQuery
from resellers.models import (
    Account,
    AuditEntry,
    AuditHead,
    Case,
    CaseCause,
    CatalogProduct,
    Operation,
    OperationState,
    Package,
    ProductInstance,
    Site,
    SyncRun,
)
from tests import worlds

LISTS = ("/accounts/", "/packages/", "/instances/", "/sites/")
FAILURES = ("/failures/", "/failures/failed-services/")
EVERY_LIST = (*LISTS, *FAILURES, "/operations/", "/mirror/", "/audit/")
PART = {"HX-Request": "true", "HX-Target": "list"}
RESTORE = {"HX-Request": "true", "HX-History-Restore-Request": "true"}


def answers_of(list_: List, address: str) -> QuerySet:
    """What the list answers to that address: its rows, without the page around them."""
    query = ListQuery(list_, QueryDict(urlsplit(address).query))
    assert not query.errors, (address, query.errors)
    return query.rows()


def rows(answer: HttpResponse) -> list[str]:
    """The HTML of the table's rows."""
    body = re.search(r"<tbody>(.*?)</tbody>", answer.content.decode(), re.DOTALL)
    return re.findall(r"<tr>(.*?)</tr>", body[1], re.DOTALL) if body else []


def fill(number: int) -> None:
    """So many accounts, each with one package, one site and one service."""
    plan = worlds.product()
    for place in range(number):
        package = worlds.package(worlds.account(f"Customer {place:03}"))
        worlds.instance(package, product=plan, created_at=timezone.now() - timedelta(days=place))


def crowd(number: int) -> None:
    """So many rows in every list, each row with all that its list shows beside it."""
    now, new = timezone.now(), worlds.new_id
    person = User.objects.first()
    accounts = [Account(id=new(), name=f"Crowd {n}", last_confirmed_at=now) for n in range(number)]
    products = [CatalogProduct(id=new(), name=f"Plan {n}") for n in range(number)]
    sites = [
        Site(id=new(), account=one, display_name=f"Site of {one.name}", last_confirmed_at=now)
        for one in accounts
    ]
    packages = [
        Package(id=new(), account=one, external_id=f"order {one.name}", last_confirmed_at=now)
        for one in accounts
    ]
    failed = {"status": "FAILED", "failure_code": "UNKNOWN", "status_since": now}
    instances = [
        ProductInstance(
            id=new(), account=site.account, package=package, product=product, site=site, **failed
        )
        for site, package, product in zip(sites, packages, products, strict=True)
    ]
    operations = [
        Operation(
            account=one.account,
            package=one.package,
            instance=one,
            site=one.site,
            kind="reassign",
            subject=f"instance:{one.pk}",
            state=OperationState.SUCCEEDED,
            wish={},
            before={},
            request_id=new(),
            requested_by=person,
        )
        for one in instances
    ]
    runs = [
        SyncRun(kind="package", subject=f"package:{one.pk}", package=one, account=one.account)
        for one in packages
    ]
    cases = [
        Case(
            cause=CaseCause.FAILED,
            subject=f"instance:{one.pk}",
            account=one.account,
            instance=one,
            product=one.product,
            code=one.failure_code,
            since=now,
        )
        for one in instances
    ]
    head, _ = AuditHead.objects.get_or_create(pk=1)
    entries = [
        AuditEntry(
            seq=head.seq + place,
            at=now,
            event="plan.shown",
            actor=person,
            actor_name="somebody",
            account_id=one.account_id,
            instance_id=one.pk,
            hash="f" * 64,
        )
        for place, one in enumerate(instances, start=1)
    ]
    for rows in (accounts, products, sites, packages, instances, operations, cases, runs, entries):
        type(rows[0])._default_manager.bulk_create(rows)
    AuditHead.objects.filter(pk=1).update(seq=entries[-1].seq, hash=entries[-1].hash)


def table(answer: HttpResponse) -> list[dict[str, str]]:
    """The rows of a file."""
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def listed_ids(client: Client, address: str) -> list[str]:
    """The ids of the rows of all pages, from this address on."""
    found = []
    while address:
        page = client.get(address, headers=PART).context["page"]
        found += [str(row.pk) for row in page.rows]
        address = page.next_link
    return found


def asking(path: str, **query: object) -> str:
    """The path with this query."""
    return f"{path}?{urlencode(query, doseq=True)}"
