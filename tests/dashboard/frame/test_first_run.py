"""A dashboard that was never filled: every page says what it needs, and offers the next step."""

import re

import pytest
from django.utils import timezone

from resellers.breaker import pause_writes
from resellers.mirror import figures, sync
from resellers.models import SyncRun
from tests.dashboard.submitting import text

pytestmark = [pytest.mark.django_db, pytest.mark.once]

PAGES = ("/", "/accounts/", "/packages/", "/instances/", "/sites/", "/failures/failed-services/")


@pytest.fixture(autouse=True)
def set_up(settings):
    settings.WIX_API_KEY, settings.WIX_ACCOUNT_ID = "a key", "an account"


@pytest.mark.parametrize("address", PAGES)
def test_every_empty_page_says_what_is_needed_and_offers_the_reading_to_who_may(
    operator, viewer, address
):
    words, only_looks = text(operator.get(address)), text(viewer.get(address))

    for found in (words, only_looks):
        assert "Done: A key to Wix It is set." in found
        assert "Done: Your agency's own account at Wix It is set." in found
        assert "Next: The first reading of everything It takes some minutes." in found
    assert "Sync now" in words
    assert "Sync now" not in only_looks
    assert "Ask an operator to start the first reading." in only_looks


def test_without_a_key_or_an_account_nothing_is_offered_but_what_is_missing_is_said(
    admin, operator, settings
):
    settings.WIX_API_KEY = settings.WIX_ACCOUNT_ID = ""

    words = text(operator.get("/accounts/"))

    assert "Next: A key to Wix It is missing" in words
    assert "sets WIX_ACCOUNT_ID" in words
    assert "Later: The first reading of everything It begins once both are there." in words
    assert "Ask an admin to set it up." in words
    assert "Sync now" not in words
    assert "See what is missing" in text(admin.get("/accounts/"))


def test_a_key_that_wix_refuses_is_said_to_be_what_is_wrong(operator):
    pause_writes("Wix does not accept the key.")

    assert "Wrong: A key to Wix Wix refuses it. Wix does not accept the key." in text(
        operator.get("/instances/")
    )


@pytest.mark.parametrize("address", PAGES)
def test_during_the_first_reading_every_empty_page_says_how_far_it_is(viewer, address):
    run = sync.want(SyncRun.Kind.FULL)
    assert "It waits for its turn." in text(viewer.get(address))
    SyncRun.objects.filter(pk=run.pk).update(
        state=SyncRun.State.RUNNING, phase="packages", started_at=timezone.now()
    )

    answer = viewer.get(address)

    assert "reading packages" in text(answer)
    assert f'href="{run.get_absolute_url()}">Watch the reading' in answer.content.decode()


def test_a_first_reading_that_failed_says_why_and_can_be_tried_again(operator):
    run = sync.want(SyncRun.Kind.FULL)
    SyncRun.objects.filter(pk=run.pk).update(state="failed", error="Wix is away.")

    words = text(operator.get("/accounts/"))

    assert "Wrong: The first reading of everything It did not end well. Wix is away." in words
    assert "Sync now" in words


@pytest.mark.parametrize("address", PAGES)
def test_once_wix_was_read_in_full_an_empty_page_says_that_there_are_none(viewer, address):
    figures.note_whole(timezone.now())

    words = text(viewer.get(address))

    assert "A key to Wix" not in words
    assert re.search(r"read in full \d+ s ago", words)
