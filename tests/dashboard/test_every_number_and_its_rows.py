"""Every number that any page shows is the number of rows it leads to.

The pages are walked from the first one on, over a mirror with one of everything. What is said in
sentences, and leads nowhere, is named here.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db.models import Q
from django.test import Client
from django.utils import timezone

from dashboard.lists.inputs import FilterOption
from dashboard.pages.reports import page as reports
from dashboard.pages.reports import services as reports_of_services
from dashboard.records import health_strip
from resellers.doctor.work import look_at_mirror
from resellers.mirror import figures
from resellers.models import (
    Account,
    CatalogProduct,
    Package,
    ProductInstance,
    Site,
    instance_querysets,
    operation_querysets,
    querysets,
)
from resellers.operations.foreseen import limit_refusals
from tests import worlds
from tests.dashboard.page_numbers import Element, numbers_in, read
from tests.dashboard.walk import Walk, names_of_pages
from tests.one_of_everything import one_of_everything

pytestmark = pytest.mark.django_db

LISTS = (
    *("accounts", "packages", "instances", "sites", "catalog"),
    *("failures", "operations", "mirror", "audit"),
)


@pytest.fixture
def walk(admin: Client, monkeypatch: pytest.MonkeyPatch) -> Walk:
    # So few stand by name in a report that there is a rest.
    monkeypatch.setattr(reports_of_services, "LARGEST", 2)
    one_of_everything(admin.user)
    return Walk(admin)


def page_of(walk: Walk, address: str) -> Element:
    return read(walk.client.get(address).content.decode())


@pytest.mark.once
def test_every_number_of_every_page_is_the_number_of_its_rows(walk):
    walk.from_page("/")
    for noun in ("accounts", "packages", "instances", "sites"):
        walk.from_page(f"/{noun}/?gone=1")
    assert names_of_pages() <= set(walk.looked_at)
    assert walk.held > 500

    hold_choices(walk)
    hold_noughts(walk)

    assert walk.wrong == []


def hold_choices(walk: Walk) -> None:
    """Hold the figures of every list's views, whatever is asked for beside."""
    of_one = f"account={Package.objects.order_by('created_at').first().account_id}"
    queries = {noun: ["", of_one] for noun in ("packages", "instances", "sites", "operations")}
    for noun in LISTS:
        for query in queries.get(noun, [""]):
            address = f"/{noun}/facets/?{query}"
            walk.look_at(address)
            for tab in walk.client.get(address).context["page"].tabs.every:
                walk.hold(address, tab.label, tab.count, walk.rows(tab.link))


def hold_noughts(walk: Walk) -> None:
    """Hold the cells of reports that are no links, since there is nothing to see."""
    for report in walk.client.get("/reports/").context["reports"]:
        for line in report.lines:
            for head, cell in zip(report.head[1:], line.cells, strict=True):
                if not cell.value:
                    walk.hold("/reports/", f"{line.label}, {head}", 0, walk.rows(cell.link))


def test_the_sentence_over_a_list_says_how_much_it_has(walk):
    accounts, packages = walk.rows("/accounts/"), walk.rows("/packages/")
    more = {"instances": [packages, accounts], "packages": [accounts]}

    for noun in LISTS:
        page = walk.client.get(f"/{noun}/").context["page"]
        assert numbers_in(page.sentence) == [walk.rows(f"/{noun}/"), *more.get(noun, [])], noun
    filtered = walk.client.get("/instances/?status=FAILED").context["page"]
    assert numbers_in(filtered.sentence) == [walk.rows("/instances/?status=FAILED")]


def test_the_sentences_and_the_charts_of_the_reports_say_what_their_cells_do(walk):
    for report in walk.client.get("/reports/").context["reports"]:
        firsts = [line.cells[0].value for line in report.lines]
        of_all = firsts[-1] if report.name == "expiring" else sum(firsts)
        assert numbers_in(report.sentence)[0] == of_all, report.sentence
        drawn = [line.cells[0].value for line in report.lines if line.raw != "the rest"]
        assert numbers_in(bars_of(report.chart)) == drawn, report.title


def bars_of(chart: str) -> str:
    """The numbers at the ends of a chart's bars."""
    return " ".join(text.text() for text in read(chart).all("text"))


def test_the_small_print_of_the_overview_counts_the_rows_of_its_lists(walk):
    page = walk.client.get("/").context
    under = {card.label: numbers_in(card.under) for card in page["cards"]}
    needs = {need.title: need for need in page["needs"]}
    since = f"from={timezone.localdate() - timedelta(days=6)}"
    usable = walk.rows("/instances/?accessible=1")

    assert under["Floating"] == [walk.rows("/instances/?floating=1&floating_for=long")]
    cards = {card.label: card for card in page["cards"]}
    assert cards["Usable services"].change == usable - 2  # two of them a week ago
    succeeded, failed, rolled_back = (
        walk.rows(f"/operations/?state={state}&{since}")
        for state in ("succeeded", "failed", "rolled_back")
    )
    ended = succeeded + failed + rolled_back
    said = [100 * succeeded // ended, failed, rolled_back]
    assert under["Operations in 7 days"] == [number for number in said if number]
    failures = [need for title, need in needs.items() if title.startswith("Failed: ")]
    assert sum(need.count for need in failures) == walk.rows("/failures/?kind=failed")
    for need in failures:
        of_products = sum(numbers_in(str(need.words).partition(". ")[0]))
        assert of_products == need.count or "and others" in need.words
    confirming = walk.rows("/operations/?state=confirming")
    assert numbers_in(needs["Under way"].words) == [confirming]


def test_the_last_values_of_the_charts_are_those_of_the_lists(walk):
    page = walk.client.get("/").context

    assert page["course_points"][-1].value == walk.rows("/instances/?accessible=1")
    failed = walk.client.get("/failures/failed-services/").context["page"].rows
    days = [timezone.localdate(row.status_since) for row in failed if row.status_since]
    for point in page["failure_points"]:
        assert point.value == days.count(point.day), point.day
    assert sum(point.value for point in page["failure_points"]) > 1


@pytest.mark.at_length
def test_the_heads_of_records_count_the_rows_of_their_lists(walk):
    for record, by in [(one, "account") for one in Account.objects.all()] + [
        (one, "site") for one in Site.objects.all()
    ]:
        strip = walk.client.get(record.get_absolute_url()).context["strip"]
        of = f"/instances/?{by}={record.pk}"
        assert strip.total == walk.rows(of), record
        assert strip.floating == walk.rows(f"{of}&floating=1"), record
        needing = sum(walk.rows(f"{of}&status={s}") for s in ("FAILED", "AWAITING_ACTION"))
        assert strip.needing_count == needing, record

    for package in Package.objects.exclude(instances__product__name="Newsletter"):
        head = walk.client.get(package.get_absolute_url()).context
        of = f"/instances/?package={package.pk}"
        living, ended, gone = (
            walk.rows(f"{of}&{query}") for query in ("ended=no", "ended=yes", "gone=1")
        )
        assert numbers_in(head["services_words"]) == [n for n in (living, ended) if n], package
        assert head["total"] == (gone if package.gone_at else living + ended), package


def test_the_pages_of_products_and_of_the_mirror_count_the_rows_of_their_lists(walk):
    for product in CatalogProduct.objects.all():
        page = page_of(walk, product.get_absolute_url())
        refusals = len(list(page.all("div", "refusal")))
        counts = [int(count.text()) for count in page.first("main").all("span", "count")]
        assert counts == ([refusals] if refusals else []), product
    figure_cards = list(page_of(walk, "/mirror/").all("div", "figure-card"))
    cards = {card.first("span").text(): card for card in figure_cards}
    held = [walk.rows(f"/{noun}/") for noun in ("packages", "instances", "sites")]
    assert numbers_in(cards["Packages"].text()) == held
    words = " ".join(finding.words for finding in look_at_mirror())
    assert numbers_in(words.partition("holds")[2]) == held[:2]


def test_what_a_cancellation_ends_is_what_lives(walk):
    package = Package.objects.filter(external_id="").first()
    living = walk.rows(f"/instances/?package={package.pk}&ended=no")
    service = package.instances.live().first()

    for record in (package, service):
        page = page_of(walk, f"{record.get_absolute_url()}cancel/")
        heading = next(one for one in page.all("h2") if "service" in one.text())
        assert numbers_in(heading.text())[-1] == living
        badges = [badge.text() for badge in page.all("span", "badge")]
        assert badges.count("Ends") + badges.count("Stays") == living
    product = CatalogProduct.objects.get(limit=3)
    [refusal] = limit_refusals(product)
    used = walk.rows(f"/instances/?product={product.pk}&ended=no")
    assert f"{used} of 3 are in use" in refusal.words


def test_search_says_how_many_more_its_lists_have(walk):
    for _ in range(12):
        worlds.package(worlds.account("North Windmill"), gone_at=None)

    for section in walk.client.get("/search/?q=north").context["kinds"]:
        if section.more and (numbers := numbers_in(section.more.words)):
            present = [hit for hit in section.hits if "gone from Wix" not in hit.detail]
            assert numbers[0] + len(present) == walk.rows(section.more.link), section.label
            walk.held += 1
    assert walk.held


def test_the_figures_of_the_overview_are_those_of_the_hour_not_of_the_last_count(walk):
    recent = ProductInstance.objects.floating().filter(
        floating_since__gt=timezone.now() - timedelta(days=10)
    )
    assert recent.update(floating_since=timezone.now() - timedelta(days=15))

    walk.look_at("/")

    assert walk.wrong == []


def test_more_operations_need_a_person_than_the_page_shows(admin):
    for _ in range(21):
        worlds.operation(by=admin.user, state="needs_attention")
    walk = Walk(admin)

    walk.look_at("/operations/")

    assert walk.wrong == []
    assert "All 21 that need a person" in page_of(walk, "/operations/").text()


# --- faults, each planted alone ------------------------------------------------------------------


def the_menu_counts_what_has_ended(patch: pytest.MonkeyPatch) -> str:
    patch.setattr(figures, "FLOATING", querysets.PRESENT & instance_querysets.NO_SITE)
    return "/sites/"


def a_report_counts_what_has_ended(patch: pytest.MonkeyPatch) -> str:
    loose = querysets.PRESENT & instance_querysets.NO_SITE
    columns = {"floating": ("Floating", loose, {"floating": "1"})}
    patch.setattr(reports_of_services, "COLUMNS", dict(reports_of_services.COLUMNS) | columns)
    patch.setattr(reports, "REPORTS", {"products": reports_of_services.by_product})
    return "/reports/"


def an_account_counts_what_has_ended(patch: pytest.MonkeyPatch) -> str:
    patch.setattr(health_strip, "FLOATING", instance_querysets.NO_SITE)
    return Account.objects.get(name="North Bakery").get_absolute_url()


def a_list_counts_what_is_gone(patch: pytest.MonkeyPatch) -> str:
    patch.setattr(querysets, "PRESENT", Q())
    return "/accounts/"


def a_filter_counts_one_too_many(patch: pytest.MonkeyPatch) -> str:
    patch.setattr(FilterOption, "figure", property(lambda option: str((option.count or 0) + 1)))
    return "/sites/facets/"


def the_overview_forgets_who_needs_a_person(patch: pytest.MonkeyPatch) -> str:
    patch.setattr(operation_querysets.OperationQuerySet, "under_way", lambda rows: rows.open())
    return "/"


@pytest.mark.once
@pytest.mark.parametrize(
    "plant",
    [
        the_menu_counts_what_has_ended,
        a_report_counts_what_has_ended,
        an_account_counts_what_has_ended,
        a_list_counts_what_is_gone,
        a_filter_counts_one_too_many,
        the_overview_forgets_who_needs_a_person,
    ],
)
def test_a_number_that_is_wrong_is_found(
    walk, monkeypatch, plant: Callable[[pytest.MonkeyPatch], str]
):
    walk.look_at(plant(monkeypatch))

    assert walk.wrong
