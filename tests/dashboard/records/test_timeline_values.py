"""A timeline tells values as pages show them elsewhere."""

import re

import pytest

from tests import worlds
from tests.dashboard.timelines import change, text, timeline_of

pytestmark = pytest.mark.django_db


def test_dates_are_told_as_elsewhere_and_not_as_machines_write_them(viewer):
    service = worlds.instance()
    old, new = "2026-11-20T12:10:00+00:00", "2027-11-20T12:10:00+00:00"
    change(service, 1, field="expires_at", old=old, new=new)

    words = text(timeline_of(viewer, service))

    assert "Expires: 20 Nov 2026, 12:10 UTC → 20 Nov 2027, 12:10 UTC" in words
    assert "T12:10" not in words


@pytest.mark.parametrize("field", ["account", "reference_instance", "site", "product"])
def test_a_record_is_told_by_its_name_that_leads_to_it(viewer, field):
    service = worlds.instance()
    named = {
        "account": lambda: worlds.account("Harbour Yoga"),
        "reference_instance": lambda: worlds.instance(product=worlds.product("Harbour Yoga")),
        "site": lambda: worlds.site(service.account, "harbour", url="https://Harbour Yoga"),
        "product": lambda: worlds.product("Harbour Yoga"),
    }[field]()
    unknown = str(worlds.new_id())
    change(service, 1, field=field, old=str(named.pk), new=unknown)

    for record in (service, service.account):
        answer = timeline_of(viewer, record)
        words = text(answer)
        assert re.search(rf": Harbour Yoga → {unknown[:8]}…", words)
        assert f'<a href="{named.get_absolute_url()}">Harbour Yoga</a>' in answer.content.decode()
        assert unknown not in words


def test_hostile_names_and_values_stand_as_text(viewer):
    service = worlds.instance()
    site = worlds.site(service.account, "x", url="https://<script>alert(1)</script>")
    change(service, 1, field="site", old="", new=str(site.pk))
    change(service, 2, field="discount_code", old="<script>alert(2)</script>", new="")

    html = timeline_of(viewer, service).content.decode()

    assert "<script>alert" not in html
