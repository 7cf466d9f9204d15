"""The pages of webhooks: an admin sets one up, reads what became of each call, sends it again."""

import html as markup
import re

import pytest

from resellers import notify
from resellers.models import AuditEntry, Delivery, Webhook
from resellers.notify import hooks, webhooks
from tests.dashboard.submitting import text
from tests.notify.receivers import receiver

pytestmark = [pytest.mark.django_db, pytest.mark.once]

PAGE = "/policy/webhooks/"
ADDRESS = "https://chat.agency.example/hook"


def make(admin, address=ADDRESS, *events: str):
    return admin.post(PAGE, {"address": address, "events": events or ["cause.opened"]})


@pytest.fixture
def hook(admin) -> Webhook:
    return hooks.make(ADDRESS, ["cause.opened"], by=admin.user)[0]


def test_an_admin_makes_one_and_reads_its_secret_this_once(admin):
    answer = make(admin, ADDRESS, "cause.opened", "case.untaken")

    hook = Webhook.objects.get()
    [secret] = re.findall(r"<code>(whsec_[^<]+)</code>", answer.content.decode())
    assert markup.unescape(secret) == webhooks.secret_of(hook)
    assert hook.events == ["cause.opened", "case.untaken"]
    assert "whsec_" not in admin.get(f"{PAGE}{hook.pk}/").content.decode()
    assert ADDRESS in admin.get(PAGE).content.decode()
    entry = AuditEntry.objects.get(event="webhook.made")
    assert (entry.actor, entry.body["address"]) == (admin.user, ADDRESS)
    assert "whsec_" not in str(entry.body)

    again = admin.post(f"{PAGE}{hook.pk}/secret/")
    [renewed] = re.findall(r"<code>(whsec_[^<]+)</code>", again.content.decode())
    assert renewed != secret


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("", "Write the address to call"),
        ("chat.agency.example/hook", "begins with https://"),
        ("http://chat.agency.example/hook", "begins with https://"),
        ("ftp://chat.agency.example/hook", "begins with https://"),
        ("https://", "begins with https://"),
        ("https://host:port/", "begins with https://"),
        ("https://user:word@chat.agency.example/", "without a user"),
        ("https://chat.agency.example/#there", "without a user"),
        ("https://localhost/hook", "private network"),
        ("https://127.1/hook", "private network"),
        ("https://0x7f000001/hook", "private network"),
        ("https://2130706433/hook", "private network"),
        ("https://10.1.2.3:8443/hook", "private network"),
        ("https://[::1]/hook", "private network"),
        ("https://[::ffff:10.0.0.1]/hook", "private network"),
        ("https://169.254.169.254/", "private network"),
        (ADDRESS + "x" * 600, "at most 500"),
        (ADDRESS, "already"),
    ],
)
def test_what_may_not_be_called_is_said_beside_the_field(admin, hook, address, words):
    answer = make(admin, address)

    assert answer.status_code == 422
    assert 'id="address_error"' in answer.content.decode()
    assert words in text(answer)
    assert Webhook.objects.count() == 1


def test_no_event_or_an_unknown_one_is_refused_and_one_is_changed_and_removed(admin, hook):
    page = f"{PAGE}{hook.pk}/"
    for events in ([], ["cause.opened", "everything"]):
        answer = admin.post(page, {"address": ADDRESS, "events": events, "active": "on"})
        assert answer.status_code == 422
        assert 'id="events_error"' in answer.content.decode()

    admin.post(page, {"address": ADDRESS, "events": ["case.assigned"]})
    hook.refresh_from_db()
    assert (hook.events, hook.active) == (["case.assigned"], False)
    assert "Nothing was changed" in text(
        admin.post(page, {"address": ADDRESS, "events": ["case.assigned"]}, follow=True)
    )
    admin.post(f"{page}remove/")
    assert admin.get(page).status_code == 404
    assert ADDRESS not in admin.get(PAGE).content.decode()


def test_the_log_has_each_call_with_its_tries_and_sends_it_again(admin, settings):
    settings.WEBHOOKS_TO_PRIVATE_ADDRESSES = True
    settings.NOTIFY = settings.NOTIFY | {"RETRY_SECONDS": (0,)}
    with receiver() as elsewhere:
        hook, _ = hooks.make(elsewhere.address, ["cause.opened"], by=admin.user)
        page = f"{PAGE}{hook.pk}/"
        assert "Nothing was sent yet" in text(admin.get(page))
        admin.post(f"{page}test/")
        assert "Waits" in text(admin.get(page))
        elsewhere.status, elsewhere.body = 500, b"<b>out of order</b>"
        notify.send(Delivery.objects.get().pk)
        elsewhere.status, elsewhere.body = 200, b"fine"
        notify.send(Delivery.objects.get().pk)

        html = admin.get(page).content.decode()
        assert "500: &lt;b&gt;out of order&lt;/b&gt;" in html
        assert "200: fine" in html
        again = re.search(r'action="([^"]+/again/)"', html)[1]
        assert "It is sent again." in text(admin.post(again, follow=True))
        assert "on its way already" in text(admin.post(again, follow=True))
        notify.send(Delivery.objects.get().pk)

    assert len(elsewhere.calls) == 3
    assert {call.body for call in elsewhere.calls} == {elsewhere.calls[0].body}


def test_nobody_but_an_admin_reads_or_changes_them(manager, admin, hook):
    hooks.send_test(hook, by=admin.user)
    again = f"{PAGE}calls/{Delivery.objects.get().pk}/again/"

    for address in (PAGE, f"{PAGE}{hook.pk}/"):
        assert manager.get(address).status_code == 403
        assert manager.post(address, {"address": ADDRESS}).status_code == 403
    for address in ("secret/", "test/", "remove/"):
        assert manager.post(f"{PAGE}{hook.pk}/{address}").status_code == 403
        assert admin.get(f"{PAGE}{hook.pk}/{address}").status_code == 405
    assert manager.post(again).status_code == 403
    assert Webhook.objects.existing().count() == 1


def test_a_log_of_many_calls_is_read_in_pages_at_a_constant_cost(admin, hook):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def statements():
        with CaptureQueriesContext(connection) as found:
            admin.get(f"{PAGE}{hook.pk}/")
        return len(found)

    hooks.send_test(hook, by=admin.user)
    few = statements()
    for _ in range(55):
        hooks.send_test(hook, by=admin.user)

    assert statements() == few
    first = admin.get(f"{PAGE}{hook.pk}/").content.decode()
    assert first.count("<details><summary>webhook.test") == 50
    older = markup.unescape(re.search(r'href="([^"]+)">Next<', first)[1])
    assert admin.get(older).content.decode().count("<details><summary>webhook.test") == 6
