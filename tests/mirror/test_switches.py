"""However Wix writes its answers, the mirror is the same: nothing false, nothing that fails."""

import random
from itertools import islice

import pytest

from resellers.models import Change, ProductInstance, SyncRun
from resellers.sandbox import Sandbox
from tests import practice, switching, truth
from tests.mirrors import read
from tests.randomness import FULL

pytestmark = pytest.mark.django_db(transaction=True)

# What wix-api.md leaves open of reading.
OF_READING = (
    *("paging_name", "last_page", "has_next", "query_scope", "account_mismatch", "denied_body"),
    *("billing_name", "dates", "external_id", "empty_values", "numbers", "ids"),
    *("sites_scope", "child_accounts_name", "child_accounts_shape"),
)
USUAL = {"dates": "text", "empty_values": "present", "numbers": "number", "ids": "small"}
PAIRS, PAIRS_OF_PAGES, SEED = 2, 6, 12
# More packages than a page has.
TWO_PAGES = {"accounts": 6, "packages": 104}


def settings_of_switches() -> list[dict[str, str]]:
    """Every position of every switch: one of each at once, and with FULL=1 each alone."""
    positions = {name: switching.positions()[name] for name in OF_READING}
    if FULL:
        return [{name: one} for name, each in positions.items() for one in each]
    most = max(map(len, positions.values()))
    return [
        {name: each[n] for name, each in positions.items() if n < len(each)} for n in range(most)
    ]


@pytest.mark.at_length
@pytest.mark.once
@pytest.mark.parametrize("switches", settings_of_switches(), ids=str)
def test_under_every_switch_a_reading_ends_well_and_tells_no_false_change(mirror, switches):
    before = Change.objects.count()
    held = set(ProductInstance.objects.values_list("id", "status", "site_id", "expires_at"))
    practice.switches(mirror.sandbox, **switches)

    runs = [read("full"), read("incremental"), read("unsettled")]

    assert {run.state for run in runs} == {SyncRun.State.SUCCEEDED}, [run.error for run in runs]
    assert sum(run.rows_changed for run in runs) == 0
    assert Change.objects.count() == before
    assert set(ProductInstance.objects.values_list("id", "status", "site_id", "expires_at")) == held
    assert truth.differences(truth.at_wix(mirror.sandbox), truth.in_mirror()) == []


@pytest.mark.at_length
@pytest.mark.parametrize("name", USUAL)
def test_back_from_another_spelling_nothing_has_changed_either(mirror, name):
    before = Change.objects.count()
    for position in [*switching.positions()[name], USUAL[name]]:
        practice.switches(mirror.sandbox, **{name: position})
        assert read("full").rows_changed == 0

    assert Change.objects.count() == before


@pytest.mark.once
def test_under_random_pairs_the_mirror_follows_what_others_do_and_tells_nothing_else(mirror):
    """A few pairs, none in which Wix has us wait; many more of all are a part of `make chaos`."""
    assert wrongs_under_pairs(mirror.sandbox, PAIRS) == {}


@pytest.mark.at_length
@pytest.mark.once
@pytest.mark.parametrize("sandbox", [TWO_PAGES], indirect=True)
def test_under_random_pairs_a_list_of_two_pages_is_followed_too(mirror):
    assert wrongs_under_pairs(mirror.sandbox, PAIRS_OF_PAGES) == {}


def wrongs_under_pairs(sandbox: Sandbox, count: int) -> dict[str, list[str]]:
    """What is wrong, by the pair."""
    chance = random.Random(SEED)
    pairs = islice(switching.pairs(chance, without=switching.LIMITED), count)
    wrong = {str(pair): switching.wrongs(sandbox, pair, chance) for pair in pairs}
    return {pair: wrongs for pair, wrongs in wrong.items() if wrongs}


def test_what_becomes_of_a_headless_site_is_held_against_wix_too(mirror):
    world, last = mirror.sandbox.world, Change.objects.latest("pk").pk
    service, site = next(
        (one, site)
        for site in world.sites
        if site.namespace == "HEADLESS" and not world.has_premium(site.id)
        for package in world.packages
        if package.account_id == site.account_id
        for one in package.instances
        if one.status == "ENABLED" and world.is_plan(one.product_id)
    )
    held = [truth.at_wix(mirror.sandbox)]

    practice.change(mirror.sandbox, service.id, siteId=site.id)
    read("full")

    held.append(truth.at_wix(mirror.sandbox))
    told = truth.changes_since(last)
    assert (f"site {site.id}", "premium", "False", "True") in told
    assert truth.false_changes(told, held) == []


def test_no_switch_is_left_out_of_the_pairs():
    assert [name for name, tried in switching.positions().items() if not tried] == []
