"""What the search box offers beside results: what can be done, what was opened, what is wrong."""

import html
from itertools import chain

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dashboard.frame.recent import MOST, keep
from dashboard.models import RecentRecords
from dashboard.pages.search.doing import asked_in
from resellers import policy
from tests import worlds

pytestmark = [pytest.mark.django_db]
AS_TYPED = {"HX-Request": "true", "HX-Target": "found"}


def sections(client, text: str = "", **headers: str) -> dict[str, list]:
    """The results by their section's label, as the palette has them."""
    answer = client.get("/search/", {"q": text}, headers=AS_TYPED | headers)
    assert answer.status_code == 200
    return {section.label: [*section.hits] for section in answer.context["sections"]}


def titles(hits) -> list[str]:
    return [hit.title for hit in hits]


@pytest.fixture
def harbour(db):
    account = worlds.account("Harbour Yoga")
    site = worlds.site(account, "harbour-yoga")
    return worlds.instance(worlds.package(account), site, product=worlds.product("Elite"))


# --- what can be done ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kinds", "rest"),
    [
        ("reassign harbour", ["reassign"], "harbour"),
        ("Reassign Harbour Yoga", ["reassign"], "Harbour Yoga"),
        ("new package for Harbour", ["create_package"], "Harbour"),
        ("new harbour", ["create_package"], "harbour"),
        ("cancel elite", ["cancel_instance", "cancel_package"], "elite"),
        ("cancel package order-7", ["cancel_package"], "order-7"),
        ("reas", ["reassign"], ""),
        ("new pack", ["create_package"], ""),
        ("reassigned", [], ""),
        ("harbour reassign", [], ""),
        ("r", [], ""),
        ("", [], ""),
    ],
)
def test_a_text_that_begins_with_a_button_asks_for_that_of_what_the_rest_says(text, kinds, rest):
    asked = asked_in(text)

    assert sorted(form.kind for form in asked.forms) == kinds
    assert asked.rest == rest


def test_what_is_asked_for_in_words_leads_to_its_form_for_what_the_rest_finds(operator, harbour):
    do = sections(operator, "reassign harbour")["Do"]

    assert [(hit.title, hit.link, hit.reason) for hit in do] == [
        ("Reassign Elite", f"{harbour.get_absolute_url()}reassign/", "")
    ]
    assert operator.get(do[0].link).status_code == 200
    [order] = sections(operator, "new package for harbour")["Do"]
    assert order.title == "New package for Harbour Yoga"
    assert operator.get(order.link).status_code == 200


@pytest.mark.parametrize(
    "text", ["reassign harbour", "new package harbour", "cancel instance harb"]
)
def test_what_this_role_may_not_ask_for_says_why_and_leads_nowhere(viewer, harbour, text):
    answer = viewer.get("/search/", {"q": text}, headers=AS_TYPED).content.decode()

    [hit] = sections(viewer, text)["Do"]
    assert hit.reason == "Your role may look, but not change anything."
    assert f'href="{html.escape(hit.link)}"' not in answer
    assert 'aria-disabled="true"' in answer
    assert hit.reason in answer


def test_what_does_not_fit_the_service_says_why_after_what_fits(operator, harbour):
    account = harbour.account
    floating = worlds.instance(worlds.package(account), floating=True, product=harbour.product)
    busy = worlds.instance(worlds.package(account), product=harbour.product)
    operation = worlds.operation(busy)

    do = sections(operator, "reassign harbour")["Do"]

    links = {str(hit.link).split("/")[2]: hit for hit in do}
    assert do[0].link == f"{harbour.get_absolute_url()}reassign/"
    assert "floating" in links[str(floating.pk)].reason
    assert f"#{operation.pk} is under way" in links[str(busy.pk)].reason


def test_services_of_one_name_are_told_apart_where_one_of_them_is_asked_for(operator, harbour):
    other = worlds.instance(harbour.package, harbour.site, product=harbour.product)

    details = [hit.detail for hit in sections(operator, "reassign harbour")["Do"]]

    assert all(
        sum(one.short_id in detail for detail in details) == 1 for one in (harbour, other)
    ), details


def test_while_nothing_is_written_actions_say_so(operator, harbour):
    policy.set_read_only("Wix moves house.", by=User.objects.get(username="operator"))

    [hit] = sections(operator, "reassign harbour")["Do"]

    assert "Wix moves house." in hit.reason


def test_without_a_word_for_it_what_was_found_offers_what_one_goes_on_with(
    operator, viewer, harbour
):
    do = titles(sections(operator, "harbour yoga")["Do"])

    assert do[:2] == ["New package for Harbour Yoga", "Show services of Harbour Yoga"]
    assert "Reassign Elite" in do
    assert titles(sections(viewer, "harbour yoga")["Do"]) == ["Show services of Harbour Yoga"]


def test_a_button_without_a_thing_is_offered_for_what_was_opened_last(operator, harbour):
    operator.get(harbour.get_absolute_url())

    do = sections(operator, "reassign")["Do"]

    assert titles(do) == ["Reassign Elite", "Reassign…"]
    assert do[1].fills == "Reassign "


def test_wix_is_read_from_here_by_who_may_and_the_others_are_told_why_not(operator, viewer):
    [sync] = sections(operator, "sync now")["Do"]
    [refused] = sections(viewer, "sync now")["Do"]

    answer = operator.post(sync.link, dict([sync.posts]))

    assert answer.status_code == 302
    assert "/mirror/" in answer["Location"]
    assert refused.reason
    assert "Sync now" not in titles(sections(viewer)["Go to"])


def test_a_file_is_offered_by_name_to_who_may_export(manager, viewer, harbour):
    [mine] = sections(manager, "export serv")["Do"]
    [not_mine] = sections(viewer, "export serv")["Do"]

    answer = manager.get(mine.link)
    may = viewer.get(not_mine.link).status_code == 200

    assert answer["Content-Type"].startswith("text/csv")
    assert may == (not not_mine.reason)


def test_pages_are_found_by_name_each_by_who_has_it_in_the_menu(operator, manager):
    assert "Audit" in " ".join(titles(sections(manager, "audit")["Go to"]))
    assert "Go to" not in sections(operator, "audit")
    assert titles(sections(operator, "rep")["Go to"]) == ["Reports"]


# --- what was opened -----------------------------------------------------------------------------


def test_what_somebody_opened_comes_first_the_last_first_and_for_nobody_else(
    operator, viewer, harbour
):
    for record in (harbour.account, harbour.package, harbour, harbour.account):
        operator.get(record.get_absolute_url())

    recent = sections(operator)["Opened lately"]

    assert [hit.link for hit in recent] == [
        harbour.account.get_absolute_url(),
        harbour.get_absolute_url(),
        harbour.package.get_absolute_url(),
    ]
    assert "Opened lately" not in sections(viewer)
    page = operator.get("/search/").content.decode()
    assert [page.index(f'href="{hit.link}"') for hit in recent] == sorted(
        page.index(f'href="{hit.link}"') for hit in recent
    )


def test_a_part_that_comes_by_itself_and_a_page_that_is_not_there_were_not_opened(
    operator, harbour
):
    operator.get(harbour.get_absolute_url(), headers={"HX-Request": "true", "HX-Target": "tab"})
    operator.get(f"/instances/{worlds.new_id()}/")

    assert "Opened lately" not in sections(operator)


def test_only_so_many_are_kept_and_what_is_gone_from_here_is_left_out(operator, harbour):
    accounts = [worlds.account(f"Customer {n}") for n in range(MOST + 3)]
    for account in accounts:
        operator.get(account.get_absolute_url())
    kept = RecentRecords.objects.get(person=User.objects.get(username="operator"))
    accounts[-1].delete()

    recent = sections(operator)["Opened lately"]

    assert len(kept.opened) == MOST
    assert recent[0].link == accounts[-2].get_absolute_url()


# --- what is wrong -------------------------------------------------------------------------------


def test_what_is_wrong_stands_beside_each_result(viewer, harbour):
    account = harbour.account
    for status in ("FAILED", "FAILED"):
        worlds.instance(worlds.package(account), status=status)
    worlds.instance(worlds.package(account), floating=True)
    busy = worlds.instance(
        worlds.package(account), on=harbour.site, product=worlds.product("Harbour plan")
    )
    worlds.operation(busy)

    found = sections(viewer, "harbour")

    [customer] = found["Customers"]
    assert customer.aside.words.startswith("2 failed, 1 floating")
    assert customer.aside.tone == "bad"
    asides = {hit.aside.words.partition(",")[0]: hit.aside.tone for hit in found["Services"]}
    assert asides["failed"] == "bad"
    assert asides["floating"] == "look"
    assert asides["Reassign under way"] == "under-way"
    assert asides[""] == ""


def test_of_a_customer_with_whom_all_is_well_the_services_are_counted(viewer, harbour):
    [customer] = sections(viewer, "harbour yoga")["Customers"]

    assert (customer.aside.words, customer.aside.tone) == ("1 service", "")


def test_what_is_gone_counts_nowhere(viewer, harbour):
    worlds.instance(worlds.package(harbour.account), status="FAILED", gone_at=timezone.now())

    [customer] = sections(viewer, "harbour yoga")["Customers"]

    assert customer.aside.words == "1 service"


# --- how it is shown -----------------------------------------------------------------------------


def test_what_was_typed_is_marked_and_names_stay_text(viewer):
    worlds.account("<b>Harbour</b> & Söhne")

    palette = viewer.get("/search/", {"q": "harb"}, headers=AS_TYPED).content.decode()

    assert "&lt;b&gt;<mark>Harb</mark>our&lt;/b&gt; &amp; Söhne" in palette


def test_every_result_is_an_option_and_without_a_script_a_link_or_a_button(operator, harbour):
    operator.get(harbour.get_absolute_url())
    for text in ("", "harbour", "reassign harbour", "sync"):
        hits = [*chain.from_iterable(sections(operator, text).values())]
        palette = operator.get("/search/", {"q": text}, headers=AS_TYPED).content.decode()
        page = operator.get("/search/", {"q": text}).content.decode()

        assert palette.count('role="option"') == len(hits)
        for hit in hits:
            way = f'action="{hit.link}"' if hit.posts else f'href="{html.escape(hit.link)}"'
            assert (way in page) == (not hit.reason), hit


def test_the_palette_takes_at_most_twenty_queries_however_much_there_is(manager, harbour):
    texts = ("", "harbour", "reassign harbour", "cancel harbour", "reassign", "#1")

    def queries(text):
        manager.get("/search/", {"q": text}, headers=AS_TYPED)
        with CaptureQueriesContext(connection) as captured:
            manager.get("/search/", {"q": text}, headers=AS_TYPED)
        return len(captured)

    def crowd(number):
        product = worlds.product(f"Harbour plan {number}")
        for place in range(number):
            account = worlds.account(f"Harbour {place}")
            package = worlds.package(account, external_id=f"harbour-{place}")
            service = worlds.instance(
                package, worlds.site(account, f"harbour-{place}"), product=product
            )
            worlds.instance(package, product=product, status="FAILED")
            worlds.operation(service)
            keep(manager.user.pk, f"instance:{service.pk}")

    crowd(10)
    few = {text: queries(text) for text in texts}
    crowd(30)

    assert {text: queries(text) for text in texts} == few
    assert max(few.values()) <= 20, few


def test_the_list_of_keys_is_a_page_too(viewer):
    page = viewer.get("/keys/").content.decode()

    for key in ("/", "?", "J", "K", "X", "R", "Esc"):
        assert f"<kbd>{key}</kbd>" in page
