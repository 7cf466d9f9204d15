"""What Wix does not let us read is noted on the record, and the reading goes on to its end."""

from datetime import timedelta

import pytest

from resellers import policy
from resellers.clock import database_now
from resellers.models import Account, Package, Site, SyncRun, Unreadable
from resellers.wix import transport
from tests import practice, worlds
from tests.mirrors import read, read_on
from tests.randomness import FULL

pytestmark = pytest.mark.django_db(transaction=True)

Kind, State, Part = SyncRun.Kind, SyncRun.State, Unreadable.Part
# What a Get of one package may answer: as the sandbox plays it, and the status that is kept.
REFUSALS = {
    "403": ({"access": 403}, None, 403),
    "428": ({"access": 428}, None, 428),
    "404 without a code": ({}, "bare:404", 404),
    "403 without a code": ({}, "bare:403", 403),
    "HTML": ({}, "html_403", 403),
    "500 every time": ({}, "500_before", 500),
    "cut JSON every time": ({}, "bad_json", 200),
}


@pytest.fixture
def hurried(monkeypatch):
    """What is asked for again is asked for soon: how long the client waits is told of elsewhere."""
    monkeypatch.setattr(transport, "LONGEST_BACKOFF", 0.01)


@pytest.fixture
def closed(mirror, request):
    """A function that hides a package from every list and has its Get answer like that."""

    def close(how: str) -> Package:
        access, effect, _ = REFUSALS[how]
        for id_ in practice.state(mirror.sandbox)["unlisted_package_ids"]:
            practice.change_package(mirror.sandbox, id_, unlisted=False)  # nothing else by Get
        package = mirror.movable()[0].package
        practice.change_package(mirror.sandbox, package.pk, hidden=True, **access)
        practice.faults(mirror.sandbox, *([{"match": "get", "effect": effect}] if effect else []))
        Package.objects.update(last_confirmed_at=database_now() - timedelta(hours=2))
        Account.objects.update(sites_checked_at=database_now() - timedelta(hours=2))
        return package

    return close


# The short readings treat them alike: there with FULL=1 all of them, and always one of each kind.
OF_SHORT = REFUSALS if FULL else ("428", "404 without a code", "cut JSON every time")


@pytest.mark.once
@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize(
    ("kind", "how"),
    [*((Kind.FULL, how) for how in REFUSALS), *((Kind.INCREMENTAL, how) for how in OF_SHORT)],
)
def test_one_package_that_cannot_be_read_stops_no_reading(mirror, closed, kind, how):
    package = closed(how)

    run = read_on(read(kind))

    assert run.state == State.SUCCEEDED, run.error
    assert run.refused == 1
    refusal = Unreadable.objects.standing().get(package=package)
    assert refusal.status == REFUSALS[how][2]
    assert refusal.since >= run.started_at
    assert refusal.wix_request_id
    package.refresh_from_db()
    assert package.gone_at is None
    assert package.last_confirmed_at < run.started_at, "it is as old as it was"
    others = Package.objects.exclude(pk=package.pk)
    assert not others.filter(last_confirmed_at__lt=run.started_at).exists()
    assert not Account.objects.filter(sites_checked_at__lt=run.started_at).exists(), "sites too"
    assert not policy.writes_are_paused()


def test_what_is_refused_again_is_one_refusal_since_the_first(mirror, closed):
    package = closed("403")
    read(Kind.FULL)
    first = Unreadable.objects.get(package=package)

    read(Kind.FULL)

    again = Unreadable.objects.get(package=package)
    assert again.since == first.since
    assert again.last_at > first.last_at
    assert again.wix_request_id != first.wix_request_id


def test_a_record_that_can_be_read_again_says_until_when_it_could_not(mirror, closed):
    package = closed("403")
    read(Kind.FULL)
    practice.change_package(mirror.sandbox, package.pk, hidden=False, access=0)

    run = read(Kind.FULL)

    assert run.refused == 0
    assert not Unreadable.objects.standing().exists()
    assert Unreadable.objects.get(package=package).ended_at >= run.started_at


def test_a_404_that_names_no_code_marks_a_package_gone_by_the_second_full_pass(mirror, closed):
    """Of an unknown address Wix answers the same: one of them says little."""
    package = closed("404 without a code")

    read(Kind.FULL)
    read(Kind.PACKAGE, package=package)
    package.refresh_from_db()
    assert package.gone_at is None
    read(Kind.FULL)

    package.refresh_from_db()
    assert package.gone_at is not None
    assert not Unreadable.objects.standing().exists()


def test_what_a_full_pass_itself_has_noted_marks_nothing_gone_in_it(mirror, closed):
    """It may come by a package twice, as where it is interrupted."""
    package = closed("404 without a code")
    read(Kind.FULL)
    Unreadable.objects.update(since=database_now() + timedelta(minutes=1))

    read(Kind.FULL)

    package.refresh_from_db()
    assert package.gone_at is None


def test_a_404_that_says_package_not_found_marks_it_gone_at_once(mirror):
    package = mirror.movable()[0].package
    practice.change_package(mirror.sandbox, package.pk, hidden=True, access=404)

    run = read(Kind.FULL)

    package.refresh_from_db()
    assert package.gone_at is not None
    assert run.refused == 0


def test_no_package_is_gone_because_wix_does_not_know_its_customer_just_now(mirror):
    package = mirror.movable()[0].package
    practice.faults(mirror.sandbox, {"match": "get", "effect": "refuse:ACCOUNT_NOT_FOUND"})

    run = read(Kind.PACKAGE, package=package)

    package.refresh_from_db()
    assert run.state == State.FAILED
    assert package.gone_at is None


def test_the_short_readings_do_not_ask_for_a_refused_package_every_time(mirror, closed):
    package = closed("403")
    read(Kind.INCREMENTAL)
    before = max(call["n"] for call in practice.journal(mirror.sandbox))

    read(Kind.INCREMENTAL)
    read(Kind.UNSETTLED)

    asked = practice.journal(mirror.sandbox, after=before)
    assert not [call for call in asked if call["path"].endswith(str(package.pk))]


@pytest.mark.once
@pytest.mark.parametrize("effect", ["refuse:PERMISSION_DENIED:403", "bare:403", "bare:404", "428"])
def test_a_person_who_reads_that_package_is_told_why_not(mirror, closed, effect):
    package = closed("428" if effect == "428" else "404 without a code")
    if effect != "428":
        practice.faults(mirror.sandbox, {"match": "get", "effect": effect})

    run = read(Kind.PACKAGE, package=package)

    assert run.state == State.FAILED
    assert run.error.startswith("Wix does not let us read this package: ")
    assert run.wix_request_id
    assert Unreadable.objects.standing().filter(package=package).exists()


def test_of_chosen_packages_the_readable_ones_are_read(mirror, closed):
    from resellers.mirror import sync

    package = closed("403")
    other = Package.objects.present().exclude(pk=package.pk).first()

    both = sync.run(sync.want_chosen([package.pk, other.pk]).pk)
    alone = sync.run(sync.want_chosen([package.pk]).pk)

    assert (both.state, both.refused) == (State.SUCCEEDED, 1)
    assert (alone.state, alone.refused) == (State.FAILED, 1)
    assert "does not let us read this package" in alone.error


OF_SITES = ("refuse:PERMISSION_DENIED:403", "bare:404", "bare:428", "html_403", "500_before")


@pytest.mark.once
@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize(
    ("kind", "effect"),
    [
        *((Kind.FULL, effect) for effect in OF_SITES),
        *((Kind.INCREMENTAL, effect) for effect in (OF_SITES if FULL else OF_SITES[-1:])),
    ],
)
def test_one_customer_whose_sites_are_refused_ends_no_reading(mirror, kind, effect):
    Account.objects.update(sites_checked_at=database_now() - timedelta(hours=2))
    # The first who is asked for: those behind have to be read all the same.
    Account.objects.filter(pk=mirror.movable()[0].account_id).update(sites_checked_at=None)
    # A read that fails is tried four times before the client gives it up.
    times = 8 if effect == "500_before" else 1
    practice.faults(mirror.sandbox, {"match": "sites", "effect": effect, "times": times})

    run = read_on(read(kind))

    assert run.state == State.SUCCEEDED, run.error
    refusal = Unreadable.objects.standing().get()
    assert (refusal.part, refusal.account) == (Part.SITES, mirror.movable()[0].account)
    assert Account.objects.get(pk=refusal.account_id).sites_checked_at is None, "not read, not said"
    others = Account.objects.exclude(pk=refusal.account_id)
    assert not others.filter(sites_checked_at__lt=run.started_at).exists()
    assert not Site.objects.filter(account=refusal.account, gone_at__isnull=False).exists()


@pytest.mark.parametrize("answer", ["refuse:ACCOUNT_NOT_FOUND", "bare:428", "bare:403"])
def test_one_customer_whose_packages_are_refused_ends_no_reading(mirror, answer):
    account = mirror.movable()[0].account
    Account.objects.exclude(pk=account.pk).update(packages_checked_at=database_now())
    Account.objects.filter(pk=account.pk).update(packages_checked_at=None)
    # The whole list first, then this customer's by itself.
    practice.faults(mirror.sandbox, {"match": "query", "effect": answer, "after": 1, "times": 1})

    run = read(Kind.FULL)

    assert run.state == State.SUCCEEDED, run.error
    refusal = Unreadable.objects.standing().get()
    assert (refusal.part, refusal.account) == (Part.PACKAGES, account)
    account.refresh_from_db()
    assert account.packages_checked_at is None
    practice.faults(mirror.sandbox)
    read(Kind.FULL)
    assert not Unreadable.objects.standing().exists()


def test_a_person_who_reads_a_customer_is_told_which_part_wix_does_not_show(mirror):
    account = mirror.movable()[0].account
    practice.faults(mirror.sandbox, {"match": "sites", "effect": "refuse:PERMISSION_DENIED:403"})

    run = read(Kind.ACCOUNT, account=account)

    assert run.state == State.FAILED
    assert run.error.startswith("Wix does not let us read this customer's sites: ")
    assert not account.packages.filter(last_confirmed_at__lt=run.started_at).exists()


def test_no_package_of_a_customer_whose_list_is_refused_is_missing(mirror):
    account = mirror.movable()[0].account
    practice.faults(mirror.sandbox, {"match": "query", "effect": "refuse:ACCOUNT_NOT_FOUND"})

    run = read(Kind.ACCOUNT, account=account)

    assert run.state == State.FAILED
    assert not account.packages.exclude(missing_since=None).exists()
    assert run.calls <= 5, "the list, what tells why, and the sites"


def test_refresh_of_one_customer_asks_for_that_customers_packages_only(mirror):
    account = mirror.movable()[0].account
    before = database_now() - timedelta(hours=2)
    Package.objects.update(last_confirmed_at=before)
    lost = worlds.package(account, last_confirmed_at=before)
    elsewhere = worlds.package(worlds.account("Elsewhere"), last_confirmed_at=before)

    run = read(Kind.ACCOUNT, account=account)

    assert run.state == State.SUCCEEDED
    confirmed = Package.objects.filter(last_confirmed_at__gte=run.started_at)
    assert set(confirmed.values_list("account", flat=True)) == {account.pk}
    lost.refresh_from_db()
    elsewhere.refresh_from_db()
    assert lost.gone_at is not None
    assert (elsewhere.gone_at, elsewhere.missing_since) == (None, None)


def test_a_batch_that_wix_does_not_take_is_read_one_by_one(mirror):
    package = mirror.movable()[0].package
    Package.objects.filter(pk=package.pk).update(
        last_confirmed_at=database_now() - timedelta(hours=2)
    )
    practice.faults(mirror.sandbox, {"match": "query", "effect": "bare:400", "after": 1})

    run = read(Kind.INCREMENTAL)

    assert run.state == State.SUCCEEDED, run.error
    package.refresh_from_db()
    assert package.last_confirmed_at >= run.started_at
