"""The pages of one account, one package and one service."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from resellers import formats
from resellers.mirror import sync
from resellers.models import Change, SyncRun
from tests import worlds

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def text(answer) -> str:
    """The page's own words, without tags and with single spaces."""
    main = re.search(r"<main.*?</main>", answer.content.decode(), re.DOTALL)[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


def page_of(client, record):
    answer = client.get(record.get_absolute_url())
    assert answer.status_code == 200
    return answer


def test_a_service_says_what_it_is_where_and_how_it_stands(viewer):
    account = worlds.account("Fennel Florist")
    service = worlds.instance(
        worlds.package(account, external_id="INV-9"),
        on=worlds.site(account, "fennel"),
        product=worlds.product("Business Elite"),
        cycle_count=2,
        discount_code="SPRING",
    )

    words = text(page_of(viewer, service))

    for expected in (
        "Business Elite",
        "Fennel Florist",
        "fennel.example",
        "INV-9",
        "Enabled",
        "2 years",
        "SPRING",
        str(service.pk),
        str(service.product_id),
    ):
        assert expected in words
    assert re.search(r"Checked \d+ s ago", words)


def test_a_failed_service_says_why_and_what_to_do(viewer):
    service = worlds.instance(
        status="FAILED", failure_code="DELIVERY_TIMEOUT", failure_message="No answer from upstream"
    )

    words = text(page_of(viewer, service))

    assert "did not deliver the service in time" in words
    assert "DELIVERY_TIMEOUT" in words
    assert "No answer from upstream" in words
    assert "Order it again" in words


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (2, "Checked 2 min ago ·"),
        (20, "Checked 20 min ago , ageing"),
        (90, "Checked 90 min ago"),
        (None, "Never checked against Wix"),
    ],
)
def test_a_records_age_is_said_in_words(viewer, minutes, words):
    at = timezone.now() - timedelta(minutes=minutes) if minutes is not None else None
    package = worlds.package(last_confirmed_at=at)

    whole = text(page_of(viewer, package))

    if minutes == 90:
        assert "Checked 1 h ago , old: refresh before you rely on it" in whole
    else:
        assert words.removesuffix(" ·") in whole
    assert ("ageing" in whole) == (minutes == 20)


def test_an_operator_may_act_and_a_viewer_is_told_why_not(viewer, operator):
    service = worlds.instance()
    move, change = f"/instances/{service.pk}/reassign/", f"/instances/{service.pk}/adjust/"

    may, may_not = page_of(operator, service), page_of(viewer, service)

    assert move in may.content.decode()
    assert change in may.content.decode()
    assert move not in may_not.content.decode()
    assert change not in may_not.content.decode()
    assert "for operators" in text(may_not)


@pytest.mark.parametrize(
    ("fields", "offered", "why"),
    [
        ({}, {"reassign", "unassign", "adjust"}, ""),
        ({"floating": True}, {"assign", "adjust"}, ""),
        ({"status": "PENDING"}, {"reassign", "unassign"}, "enabled services only"),
        ({"status": "FAILED"}, set(), "Nothing can be done"),
        ({"status": "CANCELED"}, set(), "Nothing can be done"),
        ({"gone_at": timezone.now()}, set(), "no longer has"),
    ],
)
def test_an_action_stands_only_where_it_makes_sense(operator, fields, offered, why):
    service = worlds.instance(**fields)

    answer = page_of(operator, service)

    links = re.findall(rf'href="/instances/{service.pk}/(\w+)/"', answer.content.decode())
    assert set(links) == offered
    assert why in text(answer)


def test_a_service_in_motion_offers_to_watch_and_nothing_else(operator):
    service = worlds.instance()
    operation = worlds.operation(service, by=operator.user, state="running")

    answer = page_of(operator, service)

    assert f'href="/operations/{operation.pk}/">Watch' in answer.content.decode()
    assert "Reassign #" in text(answer)
    assert f"/instances/{service.pk}/reassign/" not in answer.content.decode()


@pytest.mark.parametrize("noun", ["account", "package", "instance"])
def test_what_left_wix_says_so_with_the_date(viewer, noun):
    record = getattr(worlds, noun)(gone_at=timezone.now())

    words = text(page_of(viewer, record))

    assert "Gone from Wix" in words
    assert formats.day(timezone.now()) in words


@pytest.mark.parametrize("noun", ["account", "package", "instance"])
def test_each_page_can_be_refreshed_but_not_by_who_may_only_look(operator, viewer, noun):
    record = getattr(worlds, noun)()
    form = f'<form method="post" action="{record.get_absolute_url()}refresh/">'

    may, may_not = (page_of(person, record).content.decode() for person in (operator, viewer))

    assert form in may
    assert "Refresh</button>" in may
    assert "refresh/" not in may_not
    assert "Refresh</button>" not in may_not


@pytest.mark.parametrize("noun", ["account", "package", "instance"])
def test_after_refresh_the_page_shows_the_reading(operator, noun):
    record = getattr(worlds, noun)()

    answer = operator.post(f"{record.get_absolute_url()}refresh/", follow=True)

    assert answer.status_code == 200
    assert answer.redirect_chain[-1][0].startswith(record.get_absolute_url())
    assert answer.context["run"] == SyncRun.objects.get()


@pytest.mark.parametrize("run", ["x", "-1", "9" * 30, "²", "0"])
def test_a_reading_of_nothing_is_no_trouble(viewer, run):
    account = worlds.account()

    answer = viewer.get(account.get_absolute_url(), {"run": run})

    assert answer.status_code == 200
    assert answer.context["run"] is None


def test_a_page_shows_no_reading_of_another_record(viewer):
    mine, other = worlds.account(), worlds.account()
    run = sync.want("account", account=other)

    answer = viewer.get(mine.get_absolute_url(), {"run": run.pk})

    assert answer.context["run"] is None


def test_an_account_shows_services_by_site_with_floating_ones_first(viewer):
    account = worlds.account("Fennel Florist")
    package = worlds.package(account, external_id="INV-1")
    shop = worlds.site(account, "shop")
    worlds.instance(package, on=shop, product=worlds.product("Core"))
    worlds.instance(package, on=shop, product=worlds.product("Mailbox"))
    worlds.instance(package, floating=True, product=worlds.product("Logo pack"))
    worlds.instance(product=worlds.product("Somebody else's"))

    answer = page_of(viewer, account)

    cards = [(str(c.site or "Floating"), len(c.services)) for c, _ in answer.context["cards"]]
    assert cards == [("Floating", 1), ("shop.example", 2)]
    words = text(answer)
    assert "3 services" in words
    assert "INV-1" in words
    assert "Somebody else's" not in words


def test_who_has_no_name_has_a_readable_one(viewer):
    account = worlds.account("")
    service = worlds.instance(worlds.package(account, external_id=""), product=worlds.product(""))

    words = text(page_of(viewer, service))

    assert f"Unnamed customer {str(account.pk)[:8]}" in words
    assert f"Unknown product {str(service.product_id)[:8]}" in words
    assert "Not in the imported catalogue" in words


def test_what_wix_said_is_shown_without_anybodys_contact(viewer):
    service = worlds.instance(
        raw={"status": "ENABLED", "contact": {"email": "a@b.example", "phone": "1"}, "apiKey": "k"}
    )

    html = viewer.get(service.get_absolute_url(), {"tab": "wix"}).content.decode()

    assert "&quot;status&quot;: &quot;ENABLED&quot;" in html
    assert "a@b.example" not in html
    assert "&quot;apiKey&quot;: &quot;(not shown)&quot;" in html


def test_an_account_tells_the_last_request_about_it_and_nobodys_contact(viewer):
    account = worlds.account(raw={"name": "Fennel", "contactEmail": "a@b.example"})
    for hours, request_id in ((5, "older-request"), (1, "newest-request")):
        at = timezone.now() - timedelta(hours=hours)
        package = worlds.package(account, last_confirmed_at=at)
        worlds.answered(package, request_id, wix_status=200, wix_answered_at=at)

    html = viewer.get(account.get_absolute_url(), {"tab": "wix"}).content.decode()

    assert "newest-request" in html
    assert "older-request" not in html
    assert "&quot;name&quot;: &quot;Fennel&quot;" in html
    assert "a@b.example" not in html


def test_of_an_account_that_wix_told_nothing_about_that_is_said(viewer):
    account = worlds.account()

    said = text(viewer.get(account.get_absolute_url(), {"tab": "wix"}))

    assert "No answer about its packages is kept." in said
    assert "Wix tells the id of a customer and nothing more." in said


HOSTILE = [
    "<script>alert(1)</script>",
    '"><svg onload=alert(1)>',
    "{{7*7}} {% now 'Y' %}",
    "\u202egnp.exe",
    "🎉 combining e" + "\u0301" * 200,
    "x" * 500,
]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_shown_as_they_are(operator, name):
    account = worlds.account(name)
    service = worlds.instance(
        worlds.package(account, external_id=name[:300]),
        on=worlds.site(account, display_name=name, url=name),
        product=worlds.product(name[:300], service_type=name[:200]),
        failure_message=name,
        status="FAILED",
        discount_code=name[:100],
        raw={"x": name},
    )
    worlds.operation(service, by=operator.user, reason=name, state="failed")
    Change.objects.create(
        account=account, package=service.package, instance=service, field="name", old=name, new="y"
    )

    for record in (account, service.package, service):
        html = page_of(operator, record).content.decode()
        assert "<script>alert" not in html
        assert "<svg onload" not in html
    if name.startswith("{{"):
        assert "{{7*7}} {% now" in page_of(operator, account).content.decode()


def test_ids_in_addresses_may_be_in_capitals(viewer):
    service = worlds.instance()

    assert viewer.get(f"/instances/{str(service.pk).upper()}/").status_code == 200
