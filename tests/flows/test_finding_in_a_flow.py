"""A flow's site and customer are found by words among however many, and what is barred says why."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from resellers.models import Account, Flow, OperationState, Site
from tests import worlds
from tests.dashboard.submitting import pressed_again, text

pytestmark = pytest.mark.django_db

NEW = "/flows/new/site_handover/"


@pytest.fixture
def main(db) -> Account:
    return worlds.account("Our team", is_main=True)


def many(number: int) -> None:
    """So many customers, each with a site."""
    accounts = Account.objects.bulk_create(
        Account(id=worlds.new_id(), name=f"Shop {n:04}") for n in range(number)
    )
    Site.objects.bulk_create(
        Site(
            id=worlds.new_id(),
            account=one,
            display_name=f"{one.name} online",
            last_confirmed_at=timezone.now(),
        )
        for one in accounts
    )
    for model in (Account, Site):
        for row in model.objects.all():
            row.save()  # its words


def test_of_many_some_are_shown_and_words_find_the_others_with_what_was_chosen_kept(operator, main):
    many(40)
    wanted = Account.objects.get(name="Shop 0033")
    page = operator.get(NEW)
    assert "The first 12 of 40: find others by words." in text(page)
    assert str(wanted.pk) not in page.content.decode()

    sent = pressed_again(page, NEW) | {"site": "new", "find_account": "0033", "redraw": "1"}
    page = operator.post(NEW, sent)
    fields = pressed_again(page, NEW)
    assert (page.status_code, fields["site"], fields["find_account"]) == (200, "new", "0033")
    assert f'value="{wanted.pk}"' in page.content.decode()

    page = operator.post(NEW, fields | {"account": str(wanted.pk)})
    assert page.status_code == 302
    assert Flow.objects.get().account == wanted


def test_what_the_address_names_is_chosen_though_it_is_far_down_the_list(operator, main):
    many(40)
    site = Site.objects.get(display_name="Shop 0039 online")
    fields = pressed_again(operator.get(NEW, {"site": str(site.pk)}), NEW)
    assert fields["site"] == str(site.pk)


def test_it_takes_as_many_statements_for_few_as_for_many(operator, main):
    def statements() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            operator.get(NEW)
        return len(asked)

    many(3)
    few = statements()
    many(30)
    assert statements() == few


def in_trash():
    return worlds.site(trashed_at=timezone.now())


def blocked():
    return worlds.site(blocked=True)


def of_who_left():
    return worlds.site(worlds.account("Left Mill", gone_at=timezone.now()))


def moving():
    site = worlds.site(worlds.account("Moving Mill"))
    worlds.operation(
        worlds.instance(worlds.package(site.account), floating=True),
        kind="transfer_site",
        site=site,
        subject=f"site:{site.pk}",
        wish={"account_id": str(worlds.new_id())},
        state=OperationState.RUNNING,
    )
    return site


@pytest.mark.parametrize(
    ("barred", "words"),
    [
        (in_trash, "The site is in the trash."),
        (blocked, "Wix has blocked the site."),
        (of_who_left, "Wix no longer has this customer"),
        (moving, "It is being transferred already"),
    ],
)
def test_a_site_that_cannot_be_handed_over_is_greyed_with_why_and_refused_when_sent(
    operator, main, barred, words
):
    site, customer = barred(), worlds.account("North Bakery")
    page = operator.get(NEW)
    assert words in text(page)
    assert f'value="{site.pk}" disabled' in page.content.decode()

    sent = {"site": str(site.pk), "account": str(customer.pk)}
    page = operator.post(NEW, pressed_again(page, NEW) | sent)
    assert page.status_code == 422
    assert words in text(page)
    fields = pressed_again(page, NEW)
    assert (fields["site"], fields["account"]) == (str(site.pk), str(customer.pk))
    assert not Flow.objects.exists()


def test_a_customer_who_left_is_greyed_with_why_and_refused_when_sent(operator, main):
    site, gone = worlds.site(), worlds.account("Old Mill", gone_at=timezone.now())
    page = operator.get(NEW, {"account": str(gone.pk)})
    assert "Wix no longer has this customer" in text(page)
    page = operator.post(NEW, pressed_again(page, NEW) | {"site": str(site.pk)})
    assert page.status_code == 422
    assert 'id="account_error"' in page.content.decode()
    assert pressed_again(page, NEW)["site"] == str(site.pk)


def test_a_site_of_that_very_customer_and_ids_of_nobody_are_refused_beside_their_fields(
    operator, main
):
    site = worlds.site(worlds.account("North Bakery"))
    sent = pressed_again(operator.get(NEW), NEW)
    own = operator.post(NEW, sent | {"site": str(site.pk), "account": str(site.account_id)})
    assert "The site belongs to this customer already." in text(own)
    odd = operator.post(NEW, sent | {"site": str(worlds.new_id()), "account": "x" * 300})
    assert odd.status_code == 422
    for name in ("site", "account"):
        assert f'id="{name}_error"' in odd.content.decode()


def test_one_that_is_being_handed_over_already_leads_to_that_flow(operator, main):
    flow = worlds.flow(operator.user, subject="site:1")
    Flow.objects.filter(pk=flow.pk).update(subject=f"site:{flow.site_id}")
    sent = pressed_again(operator.get(NEW), NEW)
    other = worlds.account("North Bakery")
    page = operator.post(NEW, sent | {"site": str(flow.site_id), "account": str(other.pk)})
    assert page.status_code == 409
    assert f'href="{flow.get_absolute_url()}"' in page.content.decode()
