"""Since when a service is on no site."""

from importlib import import_module

import pytest
from django.apps import apps

from resellers.mirror.ingest import ingest_packages
from resellers.models import Change, ProductInstance
from tests import worlds

from .given_packages import SITE, as_wix_gives_it, at

pytestmark = [pytest.mark.django_db, pytest.mark.every_value]


def floating_since():
    return ProductInstance.objects.get().floating_since


def test_a_service_met_on_no_site_floats_since_it_was_made():
    ingest_packages([as_wix_gives_it(createdDate=at(-60).isoformat())], fetch_started_at=at(1))

    assert floating_since() == at(-60)


def test_a_service_that_was_taken_off_its_site_floats_since_wix_changed_it():
    ingest_packages([as_wix_gives_it(siteId=SITE)], fetch_started_at=at(1))
    assert floating_since() is None

    ingest_packages([as_wix_gives_it(minutes=30)], fetch_started_at=at(40))
    assert floating_since() == at(30)

    # Whatever else changes, it floats since then.
    ingest_packages([as_wix_gives_it(minutes=50, discountCode="SPRING")], fetch_started_at=at(60))
    assert floating_since() == at(30)

    ingest_packages([as_wix_gives_it(minutes=70, siteId=SITE)], fetch_started_at=at(80))
    assert floating_since() is None


def test_services_held_before_since_when_was_kept_float_since_their_last_change_of_site():
    moved, made_so = worlds.instance(floating=True), worlds.instance(floating=True)
    on_site = worlds.instance()
    for minutes, new in ((10, ""), (20, SITE), (30, "")):
        Change.objects.create(
            account=moved.account, instance=moved, field="site", new=new, at=at(minutes)
        )
    ProductInstance.objects.update(floating_since=None)

    migration = import_module("resellers.migrations.0011_since_when_a_service_floats")
    migration.fill(apps, None)

    held = dict(ProductInstance.objects.values_list("pk", "floating_since"))
    assert held == {moved.pk: at(30), made_so.pk: made_so.created_at, on_site.pk: None}
