"""The tabs of a record's page: an address each, a part each, and the same cost however much."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from resellers import notes
from resellers.models import Change, SyncRun
from tests import worlds
from tests.dashboard.listing import RESTORE

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PART = {"HX-Request": "true", "HX-Target": "tab"}
TABS = {
    "account": ("services", "packages", "sites", "operations", "timeline", "notes", "wix"),
    "package": ("services", "operations", "timeline", "notes", "wix"),
    "instance": ("overview", "operations", "timeline", "notes", "wix"),
    "site": ("services", "domains", "operations", "timeline", "wix"),
}
EVERY_TAB = [(noun, tab) for noun, tabs in TABS.items() for tab in tabs]


def record_of(noun, service):
    return service if noun == "instance" else getattr(service, noun)


def tab_links(html: str) -> dict[str, str]:
    """The links of the tabs, by key."""
    nav = re.search(r'<nav class="tabs".*?</nav>', html, re.DOTALL)[0]
    return dict(re.findall(r'id="tab-(\w+)" href="([^"]*)"', nav))


def current(html: str) -> str:
    return re.search(r'id="tab-(\w+)"[^>]*aria-current="page"', html)[1]


@pytest.mark.parametrize("noun", TABS)
def test_every_tab_is_a_link_with_an_address_of_its_own(viewer, noun):
    record = record_of(noun, worlds.instance())

    links = tab_links(viewer.get(record.get_absolute_url()).content.decode())

    assert tuple(links) == TABS[noun]
    assert links[TABS[noun][0]] == record.get_absolute_url()
    for tab, link in links.items():
        answer = viewer.get(link)
        assert answer.status_code == 200
        assert current(answer.content.decode()) == tab


@pytest.mark.parametrize(("noun", "tab"), EVERY_TAB)
def test_htmx_gets_the_tab_alone_and_a_restored_history_the_whole_page(viewer, noun, tab):
    record = record_of(noun, worlds.instance())
    address = f"{record.get_absolute_url()}?tab={tab}"

    part, whole = viewer.get(address, headers=PART), viewer.get(address, headers=RESTORE)

    html = part.content.decode()
    assert "<!doctype" not in html
    assert html.count('<div id="tab">') == 1
    assert current(html) == tab
    assert re.search(r"<title>.+ · Reseller desk</title>", html)
    assert 'hx-swap-oob="innerHTML:#announce"' in html
    assert "HX-Request" in part["Vary"]
    assert whole.content.decode().startswith("<!doctype html>")


def test_the_title_names_the_tab(viewer):
    account = worlds.account("Fennel Florist")

    html = viewer.get(account.get_absolute_url(), {"tab": "timeline"}).content.decode()

    assert "<title>Timeline · Fennel Florist · Reseller desk</title>" in html


@pytest.mark.parametrize("noun", TABS)
def test_a_tab_that_is_not_is_not_found(viewer, noun):
    record = record_of(noun, worlds.instance())

    assert viewer.get(record.get_absolute_url(), {"tab": "secrets"}).status_code == 404


def test_tabs_count_what_is_in_them(operator):
    service = worlds.instance()
    worlds.package(service.account)
    worlds.site(service.account)
    worlds.operation(service, by=operator.user, state="succeeded")
    notes.add_note(service.account, "calls only in the morning", by=operator.user)
    notes.add_note(service, "the shop", by=operator.user)

    answer = operator.get(service.account.get_absolute_url())

    counts = {tab.key: tab.count for tab, _, _ in answer.context["tabs"]}
    assert counts == {
        "services": 1,
        "packages": 2,
        "sites": 3,
        "operations": 1,
        "timeline": None,
        "notes": 2,
        "wix": None,
    }


def test_the_account_says_what_failed_and_what_floats_with_the_way_there(viewer):
    package = worlds.package()
    worlds.instance(package)
    worlds.instance(package, status="FAILED")
    worlds.instance(package, floating=True)

    html = viewer.get(package.account.get_absolute_url()).content.decode()

    for query, words in (("status=FAILED", "1 failed"), ("floating=1", "1")):
        link = f"/instances/?account={package.account_id}&{query}"
        assert re.search(rf'href="{re.escape(link.replace("&", "&amp;"))}"[^>]*>{words}</a>', html)
        assert viewer.get(link).context["page"].count == 1


def test_the_sites_of_an_account_say_what_they_carry(viewer):
    service = worlds.instance()
    worlds.site(service.account, "empty-one")

    answer = viewer.get(service.account.get_absolute_url(), {"tab": "sites"})

    carried = {site.pk == service.site_id: site.services for site in answer.context["sites"]}
    assert carried == {True: 1, False: 0}


def test_operations_are_capped_with_the_way_to_all_of_them(viewer, operator):
    service = worlds.instance()
    for _ in range(51):
        worlds.operation(service, by=operator.user, state="succeeded")

    for record in (service, service.package, service.account):
        answer = viewer.get(record.get_absolute_url(), {"tab": "operations"})
        assert len(answer.context["operations"]) == 50
        assert "All 51 operations" in answer.content.decode()
        link = answer.context["operations_link"]
        assert viewer.get(link).context["page"].count == 51


@pytest.mark.at_length
def test_a_tab_takes_the_same_queries_however_much_it_shows(operator):
    service = worlds.instance()

    def fill(number):
        about = {"account": service.account, "package": service.package}
        for _ in range(number):
            more = worlds.instance(service.package, on=worlds.site(service.account))
            worlds.package(service.account)
            worlds.operation(service, by=operator.user, state="succeeded")
            notes.add_note(service, "seen", by=operator.user)
            SyncRun.objects.create(kind="package", subject="x", state="failed", **about)
            worlds.instance(service.package, floating=True, status="FAILED")
            for moved in (service, more):
                for field, old, new in (
                    ("site", more.site_id, ""),
                    ("product", more.product_id, ""),
                    ("status", "PENDING", "FAILED"),
                    ("failure_code", "", "DELIVERY_TIMEOUT"),
                ):
                    Change.objects.create(
                        instance=moved, field=field, old=str(old), new=new, **about
                    )

    def queries(noun, tab):
        address = f"{record_of(noun, service).get_absolute_url()}?tab={tab}"
        with CaptureQueriesContext(connection) as captured:
            assert operator.get(address).status_code == 200
        return len(captured)

    queries("account", "")  # what only the first request asks
    fill(7)
    few = {tab: queries(*tab) for tab in EVERY_TAB}
    fill(20)

    assert {tab: queries(*tab) for tab in EVERY_TAB} == few
    assert max(few.values()) <= 35  # with the bell


@pytest.mark.parametrize("noun", TABS)
def test_refresh_leads_back_to_the_tab_it_was_pressed_on(operator, noun):
    path = record_of(noun, worlds.instance()).get_absolute_url()

    def lands(referer: str) -> str:
        answer = operator.post(
            f"{path}refresh/", headers={"Referer": f"http://testserver{referer}"}
        )
        return re.sub(r"run=\d+", "run=1", answer["Location"])

    assert lands(f"{path}?tab=timeline&kind=notes") == f"{path}?run=1&tab=timeline"
    assert lands(f"{path}?run=3") == f"{path}?run=1"
    assert lands("/accounts/?tab=timeline") == f"{path}?run=1"
    assert lands(f"{path}?tab=%26x%3D1") == f"{path}?run=1"


def test_what_wix_last_answered_is_told_with_its_request_id(mirror, viewer):
    from resellers.models import ProductInstance

    service = ProductInstance.objects.select_related("package").first()
    request_id = service.package.confirmation.wix_request_id
    assert request_id

    for record in (service, service.package):
        for tab in ("", "wix"):
            html = viewer.get(record.get_absolute_url(), {"tab": tab}).content.decode()
            assert f'data-copy="{request_id}"' in html
        assert re.search(r"<dt>Status</dt><dd>200</dd>", html)


def test_a_record_from_before_answers_were_kept_says_so(viewer):
    html = viewer.get(worlds.package().get_absolute_url(), {"tab": "wix"}).content.decode()

    assert "not kept" in html
    assert "none given" in html
