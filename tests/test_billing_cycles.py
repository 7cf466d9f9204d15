"""A billing cycle is one value, however it is written."""

import pytest

from resellers.billing_cycles import ONCE, BillingCycle

YEARLY = BillingCycle(1, "YEAR")


@pytest.mark.parametrize(
    ("spelled", "words", "billing"),
    [
        ("1 YEAR", "1 year", ("RECURRING", "YEAR", 1)),
        ("2 MONTH", "2 months", ("RECURRING", "MONTH", 2)),
        ("10 DAY", "10 days", ("RECURRING", "DAY", 10)),
        ("", "once", ("ONE_TIME", None, None)),
    ],
)
def test_a_cycle_is_written_for_the_catalogue_for_people_and_for_wix(spelled, words, billing):
    cycle = BillingCycle.parse(spelled)

    assert str(cycle) == spelled
    assert cycle.words == words
    assert cycle.as_billing_info() == billing
    assert BillingCycle.from_json(cycle.as_json()) == cycle
    assert BillingCycle.of_wix(*billing[1:]) == cycle


@pytest.mark.parametrize("typed", ["1 year", " 1 YEAR ", "01 Year"])
def test_what_people_type_is_read_as_the_catalogue_spells_it(typed):
    assert BillingCycle.parse(typed) == YEARLY


@pytest.mark.parametrize(
    "typed",
    ["often", "YEAR", "1", "0 YEAR", "-1 YEAR", "1.5 YEAR", "1 1 YEAR", "12345 DAY", "１ YEAR"],
)
def test_what_is_no_cycle_is_never_taken_for_one(typed):
    with pytest.raises(ValueError, match="not a billing cycle"):
        BillingCycle.parse(typed)


@pytest.mark.parametrize("stored", ["often", "1 ", " YEAR", "-1 YEAR"])
def test_a_stored_cycle_that_cannot_be_read_is_not_taken_for_paid_once(stored):
    with pytest.raises(ValueError, match="not a billing cycle"):
        BillingCycle.from_json(stored)


@pytest.mark.parametrize("count", [None, 0, -3, 2**31])
def test_a_unit_without_a_count_that_makes_sense_counts_once(count):
    assert BillingCycle.of_wix("YEAR", count) == YEARLY


def test_a_unit_that_wix_does_not_document_is_kept_as_it_is():
    cycle = BillingCycle.of_wix("LUNAR_MONTHS", 3)

    assert cycle.as_json() == "3 LUNAR_MONTHS"
    assert BillingCycle.from_json("3 LUNAR_MONTHS") == cycle
    assert cycle.words == "3 lunar_months"
    assert not cycle.is_known


def test_cycles_are_in_order_of_their_length():
    spelled = ["2 YEAR", "1 YEAR", "6 MONTH", "3 WEEK", "10 DAY", ""]
    cycles = [BillingCycle.parse(text) for text in spelled]

    assert sorted(cycles) == list(reversed(cycles))
    assert min(cycles) == ONCE
    assert not ONCE
