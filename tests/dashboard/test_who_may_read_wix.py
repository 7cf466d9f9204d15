"""A viewer reads what is held here; starting any reading of Wix is for who may sync."""

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from resellers.models import Account, Package, Role, SyncRun
from tests import worlds
from tests.dashboard.listing import EVERY_LIST

pytestmark = [pytest.mark.django_db, pytest.mark.once]

# Every address that has Wix read for who asks for just that.
STARTS_A_READING = {
    "mirror_sync",
    *(f"{noun}_refresh" for noun in ("account", "package", "instance", "site")),
    *(f"{noun}_row_refresh" for noun in ("accounts", "packages", "instances", "sites")),
    *(f"{noun}_refresh" for noun in ("packages", "instances")),
    *("failed-services_row_refresh", "failed-services_refresh"),
    *("domains_row_refresh", "domains_refresh"),
}
# A plan from an old record has it read first: it is for who may ask for that change.
BEFORE_A_PLAN = {
    *("instance_assign", "instance_unassign", "instance_reassign", "instance_adjust"),
    *("instance_cancel", "package_cancel", "package_external_id", "package_new"),
}


@pytest.fixture
def service(db):
    """A failed service, read so long ago that a plan about it would have Wix read first."""
    found = worlds.instance(status="FAILED")
    old = timezone.now() - timedelta(hours=1)
    Package.objects.update(last_confirmed_at=old)
    Account.objects.update(sites_checked_at=old)
    return found


def patterns(of: Iterable[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for one in of:
        if isinstance(one, URLResolver):
            yield from patterns(one.url_patterns)
        elif one.name:
            yield one


def address_of(pattern: URLPattern, service: Any) -> str:
    """The address with an id of the sort that it wants."""
    of_service = {
        "account": service.account_id,
        "package": service.package_id,
        "site": service.site_id,
    }
    noun = re.split("_|s_", pattern.name)[0]
    ids: dict[str, Any] = {}
    for name, converter in pattern.pattern.converters.items():
        ids[name] = of_service.get(noun, service.pk) if "Id" in type(converter).__name__ else 1
        if type(converter).__name__ == "StringConverter":
            ids[name] = "anything"
    return reverse(pattern.name, kwargs=ids)


def sent_to(pattern: URLPattern, service: Any) -> dict[str, Any]:
    """What would have a reading start there, or a plan be shown, if anything would."""
    return {
        "kind": "full",
        "id": str(service.package_id if pattern.name.startswith("package") else service.pk),
        "external_id": "anew",
        "target_site": str(worlds.site(service.account).pk),
        "target_product": str(service.product_id),
        "cycle": "1 MONTH",
        "account_name": service.account.name,
        "reason": "asked by phone",
        "password": worlds.PASSWORD,
    }


def readings_started(client: Client, service: Any) -> dict[str, int]:
    """The status of each address, by its name, where a POST of this person made a reading."""
    started, logged_in = {}, client.cookies.output(attrs=[], header="")
    for pattern in patterns(get_resolver().url_patterns):
        client.cookies.load(logged_in)  # some addresses end the session
        address = address_of(pattern, service)
        address += f"?account={service.account_id}" if pattern.name == "package_new" else ""
        with transaction.atomic():
            answer = client.post(address, sent_to(pattern, service))
            if SyncRun.objects.exists():
                started[pattern.name] = answer.status_code
            transaction.set_rollback(True)
    return started


def test_these_addresses_start_a_reading_and_no_other(manager, service):
    started = readings_started(manager, service)

    assert set(started) - BEFORE_A_PLAN == STARTS_A_READING
    # Those of them that find their service FAILED show no plan, and have it read all the same.
    assert set(started) & BEFORE_A_PLAN


@pytest.mark.at_length
def test_a_viewer_starts_none_wherever_it_is_tried(viewer, service):
    assert readings_started(viewer, service) == {}


@pytest.mark.parametrize("role", Role)
def test_each_of_them_is_for_who_may_sync(log_in, service, role):
    client, may, ends = log_in(role), role != Role.VIEWER, {}

    for pattern in patterns(get_resolver().url_patterns):
        if pattern.name in STARTS_A_READING:
            with transaction.atomic():
                answer = client.post(address_of(pattern, service), sent_to(pattern, service))
                ends[pattern.name] = answer.status_code, SyncRun.objects.count()
                transaction.set_rollback(True)

    assert ends == dict.fromkeys(STARTS_A_READING, (302, 1) if may else (403, 0))


@pytest.mark.at_length
@pytest.mark.parametrize("role", Role)
def test_pages_and_lists_show_the_buttons_to_who_may_press_them(log_in, service, role):
    client = log_in(role)
    records = (service, service.package, service.account, service.site)

    for address in (*EVERY_LIST, *(record.get_absolute_url() for record in records), "/"):
        answer = client.get(address)
        if answer.status_code == 403:
            continue  # some lists are for managers
        html = answer.content.decode()
        pressed = re.findall(r'(?:form)?action="[^"]*/(?:refresh|sync)/', html)
        if role == Role.VIEWER:
            assert pressed == [], address
            assert "Refresh</button>" not in html
            assert "Sync now" not in html
            assert 'class="again"' not in html
        elif address not in ("/operations/", "/audit/"):
            assert pressed, address


def test_who_may_do_everything_but_sync_is_shown_none(operator, service):
    """The right is a right of its own, whatever the role is called."""
    from django.contrib.auth.models import Group, Permission

    sync = Permission.objects.get(codename="sync", content_type__app_label="resellers")
    Group.objects.get(name="operator").permissions.remove(sync)
    client = Client()
    client.force_login(operator.user)

    for address in ("/instances/", service.get_absolute_url()):
        assert "refresh/" not in client.get(address).content.decode()
    assert client.post(f"{service.get_absolute_url()}refresh/").status_code == 403
    assert not SyncRun.objects.exists()
