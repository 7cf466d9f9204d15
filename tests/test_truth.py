"""What compares the mirror with a sandbox finds every difference, and nothing else."""

import copy

import pytest

from resellers.models import Change, Package, ProductInstance, Site
from tests import truth

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


def test_a_mirror_that_is_equal_is_told_to_be_and_every_field_that_differs_is_found(mirror):
    true = truth.at_wix(mirror.sandbox)
    assert truth.differences(true, truth.in_mirror()) == []

    models = {"package": Package, "service": ProductInstance, "site": Site}
    for of, model in models.items():
        row = model.objects.present().exclude(**_unlisted(of)).order_by("id").first()
        record = f"{of} {row.pk}"
        for name in true[record]:
            mirrored = copy.deepcopy(true)
            mirrored[record][name] = "something else"
            assert len(truth.differences(true, mirrored)) == 1, (record, name)
        mirrored = copy.deepcopy(true)
        del mirrored[record]
        assert truth.differences(true, mirrored) == [f"the mirror has no {record}"]
        assert truth.differences(mirrored, true) == [f"the mirror has a {record}, Wix has not"]


def _unlisted(of: str) -> dict[str, str]:
    return {"namespace": "HEADLESS"} if of == "site" else {}


def test_a_row_that_was_changed_by_hand_is_found(mirror):
    service = ProductInstance.objects.present().filter(site__isnull=False).first()
    ProductInstance.objects.filter(pk=service.pk).update(site=None, status="PAUSED")

    found = truth.differences(truth.at_wix(mirror.sandbox), truth.in_mirror())

    assert [line.split()[3] for line in found] == ["site", "status"]


def test_changes_that_were_none_and_changes_that_are_not_told_are_found(mirror):
    before = truth.at_wix(mirror.sandbox)
    record = next(name for name in before if name.startswith("service"))
    last = Change.objects.order_by("-pk").values_list("pk", flat=True).first()
    service = ProductInstance.objects.get(pk=record.split()[1])
    now = copy.deepcopy(before)
    now[record]["status"] = "PAUSED"
    change = {"account_id": service.account_id, "package_id": service.package_id}
    change |= {"instance_id": service.pk, "field": "status"}

    assert len(truth.false_changes(truth.changes_since(last), [before, now])) == 1
    Change.objects.create(old=service.status, new="PAUSED", **change)
    assert truth.false_changes(truth.changes_since(last), [before, now]) == []
    assert len(truth.false_changes(truth.changes_since(last), [before, before])) == 1
    Change.objects.create(**change | {"field": "seen"})
    Change.objects.create(**change | {"field": "gone_at", "new": "2026-11-20T09:00:00+00:00"})
    assert len(truth.false_changes(truth.changes_since(last), [before, now])) == 2
