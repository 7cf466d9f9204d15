"""Rows are ticked and read from Wix again, or all that is on screen is."""

import re

import pytest

from resellers.mirror import sync
from resellers.models import AuditEntry, Package, ProductInstance, SyncRun
from tests import practice, worlds
from tests.dashboard.listing import fill, table
from tests.dashboard.submitting import hidden_fields, text

pytestmark = pytest.mark.django_db

REFRESHABLE = ("/instances/", "/packages/", "/failures/failed-services/")


def boxes(answer) -> dict[str, str]:
    """The name that each box has for people, by the id it sends."""
    pattern = r'form="picked" name="id" value="([^"]+)" aria-label="([^"]+)"'
    return dict(re.findall(pattern, answer.content.decode()))


def failed_service(**fields):
    return worlds.instance(status="FAILED", **fields)


@pytest.mark.parametrize("address", REFRESHABLE)
def test_every_row_can_be_ticked_by_its_name(operator, address):
    service = failed_service(
        of=worlds.package(worlds.account("Harbour Yoga"), external_id="INV-7"),
        product=worlds.product("Mailbox"),
    )
    package = address == "/packages/"

    answer = operator.get(address)

    assert boxes(answer) == (
        {str(service.package_id): "Select INV-7"}
        if package
        else {str(service.pk): "Select Mailbox of Harbour Yoga"}
    )
    assert 'aria-label="Select all rows of this page"' in answer.content.decode()


@pytest.mark.parametrize("address", [*REFRESHABLE, "/accounts/", "/sites/"])
def test_who_may_not_read_wix_is_not_offered_it_and_is_refused(viewer, address):
    service = failed_service()

    answer = viewer.get(address)

    assert "Refresh" not in text(answer)
    assert "refresh/" not in answer.content.decode()
    if address in REFRESHABLE:
        assert viewer.post(f"{address}refresh/", {"id": str(service.pk)}).status_code == 403
    assert not SyncRun.objects.exists()


@pytest.mark.parametrize("address", REFRESHABLE)
def test_refresh_wants_one_reading_of_the_rows_packages(operator, address):
    services = [failed_service() for _ in range(3)]
    ids = list(boxes(operator.get(address)))[:2]

    answer = operator.post(f"{address}refresh/", {"id": ids, "query": "q=bakery"})

    run = SyncRun.objects.get()
    wanted = set(Package.objects.filter(instances__in=ids).values_list("id", flat=True))
    wanted |= set(Package.objects.filter(pk__in=ids).values_list("id", flat=True))
    assert run.kind == SyncRun.Kind.CHOSEN
    assert set(run.position["ids"]) == {str(pk) for pk in wanted}
    assert len(wanted) == 2 < len(services)
    assert run.requested_by == operator.user
    assert answer["Location"] == f"{address}?q=bakery&run={run.pk}"
    entry = AuditEntry.objects.get(event="sync.wanted")
    assert entry.body["packages"] == run.position["ids"]


def test_refresh_of_what_is_on_screen_sends_every_row_of_the_page(operator):
    fill(60)

    answer = operator.get("/instances/?page=2")
    sent = hidden_fields(answer, "/instances/refresh/")
    led = operator.post("/instances/refresh/", sent)

    run = SyncRun.objects.get()
    packages = {str(row.package_id) for row in answer.context["page"].rows}
    assert set(run.position["ids"]) == packages
    assert len(packages) == 10
    assert led["Location"] == f"/instances/?page=2&run={run.pk}"


def test_the_same_rows_are_not_read_twice_at_once(operator):
    ids = [str(failed_service().pk) for _ in range(3)]

    first = operator.post("/instances/refresh/", {"id": ids})
    second = operator.post("/instances/refresh/", {"id": ids[::-1]})

    assert SyncRun.objects.count() == 1
    assert first["Location"] == second["Location"]


@pytest.mark.parametrize(
    ("ids", "words"),
    [
        ([], "Nothing is selected"),
        (["nonsense"], "no id of Wix"),
        (["../../etc"], "no id of Wix"),
        ([str(worlds.new_id())], "is known here"),
        (
            [",".join(str(worlds.new_id()) for _ in range(1001))],
            "At most 1,000 at once; these are 1,001.",
        ),
    ],
)
def test_what_cannot_be_refreshed_is_said_on_the_list(operator, ids, words):
    failed_service(product=worlds.product("Mailbox"))

    answer = operator.post("/instances/refresh/", {"id": ids, "query": "status=FAILED"})

    assert answer.status_code == 422
    assert words in text(answer)
    assert "Mailbox" in text(answer)
    assert answer.context["page"].query.values == {"status": ["FAILED"]}
    assert not SyncRun.objects.exists()


def test_refresh_is_a_post_of_somebody_logged_in(client, operator):
    assert operator.get("/instances/refresh/").status_code == 405
    assert client.post("/instances/refresh/")["Location"].startswith("/login/")


def test_one_person_refreshes_only_so_often(operator):
    service = failed_service()
    for place in range(20):
        SyncRun.objects.create(
            kind="package", subject=f"package:{place}", requested_by=operator.user
        )

    answer = operator.post("/instances/refresh/", {"id": str(service.pk)}, follow=True)

    assert "wait a moment" in text(answer)
    assert not SyncRun.objects.filter(kind="chosen").exists()


def test_the_list_shows_how_the_reading_goes_and_no_other(operator):
    service = failed_service()
    led = operator.post("/instances/refresh/", {"id": str(service.pk)})["Location"]
    other = SyncRun.objects.create(kind="full", subject="full")

    assert "Waiting for its turn" in text(operator.get(led))
    assert "Waiting for its turn" not in text(operator.get("/instances/"))
    assert "Waiting for its turn" not in text(operator.get(f"/instances/?run={other.pk}"))
    assert operator.get("/instances/?run=nonsense").status_code == 200


def test_all_that_match_are_looked_for_anew_when_the_form_comes(operator):
    ours = worlds.account("Harbour Yoga")
    fill(60)
    before = failed_service(of=worlds.package(ours))
    page = operator.get("/instances/?status=FAILED&status=ENABLED")
    assert "Select all 61 that match" in text(page)
    after = failed_service(of=worlds.package(ours))

    sent = {"all": "1", "id": str(before.pk), "query": "status=FAILED"}
    operator.post("/instances/refresh/", sent)
    file = table(operator.post("/instances/selection.csv", sent))

    assert set(SyncRun.objects.get().position["ids"]) == {
        str(before.package_id),
        str(after.package_id),
    }
    assert {row["instance_id"] for row in file} == {str(before.pk), str(after.pk)}


def test_ticked_rows_are_a_file_of_their_own_which_the_trail_knows(viewer):
    mine, other = failed_service(), failed_service()
    address = viewer.get("/instances/").context["page"].selection_link

    file = table(viewer.post(f"{address}?profile=machine", {"id": str(mine.pk), "query": ""}))

    assert [row["instance_id"] for row in file] == [str(mine.pk)] != [str(other.pk)]
    entry = AuditEntry.objects.get(event="export.taken")
    assert entry.body["query"] == "selected rows"
    assert entry.body["rows"] == 1
    assert "Nothing is selected" in text(viewer.post(address, {"query": ""}))
    assert viewer.get(address).status_code == 405


@pytest.mark.django_db(transaction=True)
def test_what_changed_at_wix_is_in_the_rows_after_it(mirror, operator):
    instance, target = mirror.movable()
    others = list(ProductInstance.objects.exclude(package=instance.package)[:5])
    practice.change(mirror.sandbox, instance.pk, siteId=str(target.pk))
    ids = [str(one.pk) for one in [instance, *others]]

    led = operator.post("/instances/refresh/", {"id": ids, "query": f"q={instance.pk}"})
    run = SyncRun.objects.latest("id")
    sync.run(run.pk)

    run.refresh_from_db()
    page = operator.get(led["Location"])
    assert run.state == SyncRun.State.SUCCEEDED
    assert run.calls == 1
    assert "had changed" in text(page)
    assert str(target) in text(page)


@pytest.mark.django_db(transaction=True)
def test_what_the_answer_leaves_out_is_asked_for_and_marked_gone(mirror, operator):
    gone = worlds.package(mirror.movable()[0].account)
    held = Package.objects.exclude(pk=gone.pk).first()

    operator.post("/packages/refresh/", {"id": f"{gone.pk},{held.pk}"})
    run = SyncRun.objects.latest("id")
    sync.run(run.pk)

    gone.refresh_from_db()
    held.refresh_from_db()
    assert gone.gone_at is not None
    assert held.gone_at is None
