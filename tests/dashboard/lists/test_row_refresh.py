"""A row of a list is read from Wix again where it stands, by its own small button."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from resellers.mirror import sync
from resellers.models import Package, ProductInstance, SyncRun
from tests import practice, worlds
from tests.dashboard.listing import rows
from tests.dashboard.submitting import hidden_fields, text

pytestmark = [pytest.mark.django_db, pytest.mark.once]

HTMX = {"HX-Request": "true"}
NOUNS = ("instances", "failures/failed-services", "packages", "sites", "accounts")


@pytest.fixture(params=NOUNS)
def place(request):
    """A list's address, a record in it, and the subject of the reading that its Refresh wants."""
    service = worlds.instance(status="FAILED")
    record, subject = {
        "instances": (service, f"package:{service.package_id}"),
        "failures/failed-services": (service, f"package:{service.package_id}"),
        "packages": (service.package, f"package:{service.package_id}"),
        "sites": (service.site, f"account:{service.account_id}"),
        "accounts": (service.account, f"account:{service.account_id}"),
    }[request.param]
    return f"/{request.param}/", record, subject


def press(client, address, record, **more):
    """What the button of this row sends, and what htmx gets."""
    return client.post(f"{address}refresh/{record.pk}/", more, headers=HTMX)


def poll_of(answer) -> str:
    """Where the row asks how its reading goes; empty where it asks no more."""
    found = re.search(r'<tr hx-get="([^"]+)"', answer.content.decode())
    return found[1].replace("&amp;", "&") if found else ""


def test_every_row_has_a_button_that_says_what_it_reads(operator, place):
    address, record, _ = place

    html = operator.get(address).content.decode()

    button = re.search(rf'<button id="again-{record.pk}"[^>]*>', html)
    assert button
    assert f'formaction="{address}refresh/{record.pk}/"' in button[0]
    assert f'aria-label="Refresh {record}"' in button[0]


def test_a_row_wants_the_reading_of_its_package_or_account(operator, place):
    address, record, subject = place

    answer = press(operator, address, record, query="sort=nonsense")

    run = SyncRun.objects.get()
    assert (run.subject, run.requested_by) == (subject, operator.user)
    assert str(record) in text(answer)
    assert 'icon-only busy"' in answer.content.decode()
    assert f"run={run.pk}" in poll_of(answer)


def test_a_row_asks_until_the_reading_has_ended_and_is_then_itself_again(operator, place):
    address, record, _ = place
    poll = poll_of(press(operator, address, record))
    still = operator.get(poll, headers=HTMX)
    SyncRun.objects.update(state="succeeded", finished_at=timezone.now(), rows_changed=2)

    ended = operator.get(poll, headers=HTMX)

    assert (still.status_code, still.content) == (204, b"")
    assert poll_of(ended) == ""
    assert "read from Wix, 2 rows changed" in text(ended)
    assert 'icon-only busy"' not in ended.content.decode()


def test_the_row_comes_back_as_the_list_shows_it_with_its_columns_and_its_tick(operator):
    service = worlds.instance(floating=True)
    address = "/instances/?columns=service,site,checked"
    [before] = rows(operator.get(address))
    query = {"query": "columns=service,site,checked", "id": str(service.pk)}
    poll = poll_of(press(operator, "/instances/", service, **query))
    SyncRun.objects.update(state="succeeded", finished_at=timezone.now())

    ended = operator.get(f"{poll}&id={service.pk}", headers=HTMX).content.decode()

    assert "Assign" in before
    row = ended[len("<tr>") : ended.index("</tr>")]
    assert row.replace(" checked>", ">") == before.replace("0 s", re.findall(r"\d+ s", row)[0])
    assert " checked>" in row


def test_a_reading_that_failed_is_said_in_the_row(operator, place):
    address, record, _ = place
    poll = poll_of(press(operator, address, record))
    SyncRun.objects.update(state="failed", finished_at=timezone.now(), error="Wix is away.")

    html = operator.get(poll, headers=HTMX).content.decode()

    assert f'<a href="/mirror/runs/{SyncRun.objects.get().pk}/">not read</a>' in html


def test_without_script_the_list_shows_how_the_reading_goes(operator, place):
    address, record, _ = place
    sent = hidden_fields(operator.get(f"{address}?q=e"), "rows")

    led = operator.post(f"{address}refresh/{record.pk}/", sent)

    assert led["Location"] == f"{address}?q=e&run={SyncRun.objects.get().pk}"
    assert "Waiting for its turn" in text(operator.get(led["Location"]))


def test_a_service_that_failed_no_more_leaves_the_failures_and_is_still_reached(operator):
    service = worlds.instance(status="FAILED")
    poll = poll_of(press(operator, "/failures/failed-services/", service))
    ProductInstance.objects.update(status="ENABLED")
    SyncRun.objects.update(state="succeeded", finished_at=timezone.now(), rows_changed=1)

    ended = operator.get(poll, headers=HTMX)

    assert "no longer in this list" in text(ended)
    assert f'href="{service.get_absolute_url()}"' in ended.content.decode()


def test_rows_are_refreshed_only_as_often_as_records(operator, place):
    address, record, _ = place
    for number in range(20):
        SyncRun.objects.create(
            kind="package", subject=f"package:{number}", requested_by=operator.user
        )

    answer = press(operator, address, record)
    led = operator.post(f"{address}refresh/{record.pk}/", follow=True)

    assert "wait a moment" in text(answer)
    assert "wait a moment" in text(led)
    assert poll_of(answer) == ""
    assert SyncRun.objects.count() == 20


def test_a_row_shows_no_reading_of_another_record(operator, place):
    address, record, _ = place
    other = SyncRun.objects.create(kind="account", subject="x", account=worlds.account())

    answer = operator.get(f"{address}refresh/{record.pk}/?run={other.pk}", headers=HTMX)

    assert answer.status_code == 200
    assert poll_of(answer) == ""


def test_nobody_else_reaches_it_and_an_unknown_row_is_not_found(client, operator, place):
    address, record, _ = place

    assert client.post(f"{address}refresh/{record.pk}/")["Location"].startswith("/login/")
    assert operator.post(f"{address}refresh/{worlds.new_id()}/").status_code == 404
    assert not SyncRun.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_one_get_package_brings_the_row_the_new_state_and_time(mirror, operator):
    instance, target = mirror.movable()
    Package.objects.update(last_confirmed_at=timezone.now() - timedelta(hours=3))
    practice.change(mirror.sandbox, instance.pk, siteId=str(target.pk))
    poll = poll_of(press(operator, "/instances/", instance))
    run = SyncRun.objects.latest("id")

    sync.run(run.pk)
    row = operator.get(poll, headers=HTMX)

    run.refresh_from_db()
    assert run.calls == 1
    assert str(target) in text(row)
    assert re.search(r'class="age good"[^>]*>\d s<', row.content.decode())
