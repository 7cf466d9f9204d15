"""Idempotency keys: one effect for one key, the same answer again, and a no to another body."""

import pytest

from tests.sandbox.conftest import Caller, Customer, code_of


def effects(wix: Caller, last: int) -> list[str]:
    return [one["effect"] for one in wix.journal()[-last:]]


def test_the_same_order_with_the_same_key_is_answered_from_memory(wix: Caller, customer: Customer):
    line = wix.line("Core", customer.site)
    first = wix.create(customer.account, line, idempotencyKey="k")
    wix.deliver()

    again = wix.create(customer.account, line, idempotencyKey="k")

    assert again.json() == first.json()
    assert effects(wix, 2) == ["applied", "replayed"]
    assert again.headers["x-wix-request-id"] != first.headers["x-wix-request-id"]


def test_without_a_key_every_order_counts(wix: Caller, customer: Customer):
    first = wix.create(customer.account, wix.line("Core")).json()["package"]["id"]
    second = wix.create(customer.account, wix.line("Core")).json()["package"]["id"]

    assert first != second


def test_another_body_under_the_same_key_is_refused(wix: Caller, customer: Customer):
    wix.create(customer.account, wix.line("Core"), idempotencyKey="k")

    answer = wix.create(customer.account, wix.line("Light"), idempotencyKey="k")

    assert (answer.status_code, code_of(answer)) == (409, "IDEMPOTENCY_KEY_REUSED")
    assert effects(wix, 1) == ["refused"]


def test_another_site_in_the_path_under_the_same_key_is_refused(wix: Caller, customer: Customer):
    instance = customer.plan()
    wix.assign(customer.account, instance, customer.other_site, idempotencyKey="k")

    answer = wix.assign(customer.account, instance, customer.site, idempotencyKey="k")

    assert answer.status_code == 409
    assert wix.truth(instance)["siteId"] == customer.other_site


def test_a_key_is_for_one_account_and_one_operation(wix: Caller, customer: Customer):
    instance = customer.plan()

    assert wix.unassign(customer.account, instance, idempotencyKey="k").status_code == 200
    moved = wix.assign(customer.account, instance, customer.site, idempotencyKey="k")
    elsewhere = wix.create(wix.sandbox.account_id, wix.line("Core"), idempotencyKey="k")

    assert moved.status_code == elsewhere.status_code == 200
    assert effects(wix, 3) == ["applied"] * 3


def test_a_repeated_move_does_not_undo_what_came_between(wix: Caller, customer: Customer):
    instance = customer.plan()
    wix.assign(customer.account, instance, customer.other_site, idempotencyKey="k")
    wix.assign(customer.account, instance, customer.site)

    wix.assign(customer.account, instance, customer.other_site, idempotencyKey="k")

    assert wix.truth(instance)["siteId"] == customer.site
    assert effects(wix, 1) == ["replayed"]


def test_a_key_is_forgotten_after_a_day(wix: Caller, customer: Customer):
    wix.create(customer.account, wix.line("Core"), idempotencyKey="k")

    wix.advance(24 * 3600 + 1)
    wix.create(customer.account, wix.line("Core"), idempotencyKey="k")

    assert effects(wix, 2) == ["applied", "applied"]


def test_a_refusal_is_not_kept(wix: Caller, customer: Customer):
    shop = wix.line("Shop Start", customer.site)
    assert wix.create(customer.account, shop, idempotencyKey="k").status_code == 428
    customer.plan()

    assert wix.create(customer.account, shop, idempotencyKey="k").status_code == 200


def test_an_answer_lost_after_the_effect_is_found_again_by_its_key(wix: Caller, customer: Customer):
    wix.faults({"match": "create", "effect": "500_after", "times": 1})
    line = wix.line("Core", customer.site)
    lost = wix.create(customer.account, line, idempotencyKey="k")

    found = wix.create(customer.account, line, idempotencyKey="k")

    assert (lost.status_code, found.status_code) == (500, 200)
    assert effects(wix, 2) == ["applied", "replayed"]


def test_keys_may_be_ignored_altogether(wix: Caller, customer: Customer):
    wix.switch(idempotency="ignore")

    for _ in range(2):
        wix.create(customer.account, wix.line("Core"), idempotencyKey="k")

    assert effects(wix, 2) == ["applied", "applied"]


def test_a_fault_ignores_the_key_of_a_single_call(wix: Caller, customer: Customer):
    wix.faults({"match": "create", "effect": "ignore_idempotency", "after": 1, "times": 1})

    for _ in range(3):
        wix.create(customer.account, wix.line("Core"), idempotencyKey="k")

    assert effects(wix, 3) == ["applied", "applied", "replayed"]


def test_keys_may_be_refused(wix: Caller, customer: Customer):
    wix.switch(idempotency="refuse")

    answer = wix.create(customer.account, wix.line("Core"), idempotencyKey="k")

    assert answer.status_code == 400
    assert wix.create(customer.account, wix.line("Core")).status_code == 200


@pytest.mark.parametrize("wrong", ["k" * 101, 7, ["k"]])
def test_a_key_is_a_text_of_at_most_a_hundred_characters(wix: Caller, customer: Customer, wrong):
    answer = wix.create(customer.account, wix.line("Core"), idempotencyKey=wrong)

    assert answer.status_code == 400


def test_the_key_of_a_delete_travels_in_its_body(wix: Caller, customer: Customer):
    instance = customer.plan()

    answers = [wix.cancel(customer.account, instance, idempotencyKey="c") for _ in range(2)]

    assert [one.json()["idempotencyKey"] for one in answers] == ["c", "c"]
    assert effects(wix, 2) == ["applied", "replayed"]
