"""Webhooks as a receiver gets them: signed, again until it takes them, and nowhere else."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from resellers import cases, notify
from resellers.models import Case, Delivery
from resellers.notify import hooks, webhooks
from tests import worlds
from tests.notify.receivers import Call, killed_while_sending, receiver
from tests.reordering import failed

pytestmark = pytest.mark.django_db

QUICK = {"RETRY_SECONDS": (0,), "LEASE_SECONDS": 0, "CALL_SECONDS": 0.3}


@pytest.fixture
def elsewhere(settings):
    settings.NOTIFY = settings.NOTIFY | QUICK
    settings.WEBHOOKS_TO_PRIVATE_ADDRESSES = True
    with receiver() as server:
        yield server


def made(address: str, *events: str):
    """A webhook that is sent these events, and its secret."""
    admin = worlds.user("admin")
    return hooks.make(address, events or ["cause.opened", "case.assigned"], by=admin)


def happens() -> Delivery:
    """A service fails, of which webhooks are to be told."""
    failed()
    cases.keep()
    notify.tell_what_is_due()
    return Delivery.objects.get(channel="webhook")


def send_all() -> None:
    for pk in notify.due():
        notify.send(pk)


def verified(call: Call, secret: str) -> bool:
    """Whether the receiver finds the signature right, by Standard Webhooks' own words."""
    signed = f"{call.headers['webhook-id']}.{call.headers['webhook-timestamp']}.{call.body}"
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, signed.encode(), hashlib.sha256).digest()
    return call.headers["webhook-signature"] == "v1," + base64.b64encode(digest).decode()


def test_a_call_is_signed_json_and_its_answer_is_kept(elsewhere):
    _, secret = made(elsewhere.address)
    delivery = happens()
    elsewhere.status, elsewhere.body = 200, b"thank\nyou" + b"!" * 5000

    send_all()
    send_all()

    [call] = elsewhere.calls
    assert verified(call, secret)
    assert not verified(Call(call.path, call.headers, call.body + " "), secret)
    assert abs(int(call.headers["webhook-timestamp"]) - timezone.now().timestamp()) < 10
    content = json.loads(call.body)
    assert content["type"] == "cause.opened"
    assert content["data"] == {
        "kind": "failed",
        "code": "DELIVERY_TIMEOUT",
        "title": "Failed service (DELIVERY_TIMEOUT)",
        "number": 1,
        "link": "https://dashboard.example/failures/",
    }
    delivery.refresh_from_db()
    assert (delivery.state, delivery.last_answer[:10]) == ("sent", "thank you!")
    assert len(delivery.last_answer) <= 1000


def test_what_fails_hangs_or_leads_elsewhere_is_called_again_until_it_takes_it(elsewhere):
    made(elsewhere.address)
    delivery = happens()
    elsewhere.status = 500
    send_all()
    elsewhere.status, elsewhere.headers = 302, {"Location": elsewhere.address}
    send_all()
    elsewhere.hangs = True
    send_all()
    elsewhere.hangs, elsewhere.status, elsewhere.headers = False, 204, {}
    send_all()

    log = [(one.status, one.arrived, one.answer) for one in delivery.attempts.all()]
    assert log[0] == (500, False, "")
    assert log[1][:2] == (302, False)
    assert "redirects are not followed" in log[1][2]
    assert log[2] == (None, None, "No answer within 0.3 s.")
    assert log[3][:2] == (204, True)
    assert len(elsewhere.calls) == 4
    assert len({call.headers["webhook-id"] for call in elsewhere.calls}) == 1


def test_a_receiver_that_is_away_is_tried_once_for_all_that_waits_for_it(elsewhere, settings):
    settings.NOTIFY = settings.NOTIFY | {"RETRY_SECONDS": (60,)}
    made("http://127.0.0.1:9/hook", "case.assigned")
    for _ in range(3):
        failed()
    cases.keep()
    to = worlds.user("operator", "lena")
    cases.assign(Case.objects.values_list("pk", flat=True), to=to, by=worlds.user("manager"))

    send_all()

    rows = Delivery.objects.order_by("pk")
    assert [row.attempts.count() for row in rows] == [1, 0, 0]
    assert all(row.next_run_at > timezone.now() + timedelta(seconds=50) for row in rows)
    assert "cannot be reached" in rows[2].last_answer


@pytest.mark.parametrize(
    "address",
    [
        "https://127.0.0.1/hook",
        "http://localhost:{port}/hook",
        "http://127.1:{port}/hook",
        "http://0x7f000001:{port}/hook",
        "http://[::1]:{port}/hook",
        "http://[::ffff:127.0.0.1]:{port}/hook",
        "http://10.0.0.1/hook",
        "http://192.168.1.1/hook",
        "http://169.254.169.254/latest/meta-data/",
        "http://0.0.0.0:{port}/hook",
        "http://[fe80::1]/hook",
        "http://100.64.0.1/hook",
    ],
)
def test_no_address_of_this_machine_or_of_a_private_network_is_called(elsewhere, settings, address):
    settings.WEBHOOKS_TO_PRIVATE_ADDRESSES = False
    made(address.format(port=elsewhere.server_port))
    delivery = happens()

    send_all()

    delivery.refresh_from_db()
    assert elsewhere.calls == []
    assert delivery.state == "failed"
    assert "private network or of this machine" in delivery.last_answer


def test_the_address_that_was_checked_is_the_one_that_is_called(elsewhere, settings, monkeypatch):
    """A name that leads to a public address when it is checked, and elsewhere a moment later."""
    import socket

    settings.WEBHOOKS_TO_PRIVATE_ADDRESSES = False
    looked_up, resolve = [], socket.getaddrinfo

    def rebinding(host, *args, **kwargs):
        if host == "rebind.example":
            looked_up.append(host)
            # 192.0.2.1 would be refused as reserved; nobody answers at this one from here.
            host = "203.0.114.1" if len(looked_up) == 1 else "127.0.0.1"
        return resolve(host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    made(f"http://rebind.example:{elsewhere.server_port}/hook")
    delivery = happens()

    send_all()

    delivery.refresh_from_db()
    assert looked_up == ["rebind.example"]
    assert elsewhere.calls == []
    assert delivery.state == "waiting"


def test_what_was_given_up_or_sent_is_sent_again_as_it_was_and_that_is_on_record(elsewhere):
    _, secret = made(elsewhere.address)
    delivery = happens()
    send_all()
    admin = worlds.user("admin", "second")
    assert hooks.send_again(delivery, by=admin)
    assert not hooks.send_again(delivery, by=admin), "it is on its way"

    send_all()

    first, second = elsewhere.calls
    assert (first.body, first.headers["webhook-id"]) == (second.body, second.headers["webhook-id"])
    assert verified(second, secret)
    assert delivery.attempts.count() == 2


def test_a_worker_lost_while_it_calls_calls_once_more_and_no_third_time(
    elsewhere, transactional_db
):
    made(elsewhere.address)
    delivery = happens()

    killed_while_sending(delivery.pk, elsewhere)
    killed_while_sending(delivery.pk, elsewhere)
    send_all()

    delivery.refresh_from_db()
    assert len(elsewhere.calls) == 2
    assert delivery.state == "unclear"
    assert [one.ended_at for one in delivery.attempts.all()] == [None, None]


def test_nothing_goes_where_a_webhook_was_removed_or_switched_off_or_wants_other_events(elsewhere):
    hook, _ = made(elsewhere.address)
    admin = worlds.user("admin", "second")
    happens()
    hooks.change(hook, address=hook.address, events=hook.events, active=False, by=admin)
    send_all()
    assert Delivery.objects.get().last_answer == webhooks.SWITCHED_OFF

    hooks.change(hook, address=hook.address, events=["case.untaken"], active=True, by=admin)
    failed(failure_code="OTHER")
    cases.keep()
    notify.tell_what_is_due()
    hooks.send_test(hook, by=admin)
    hooks.remove(hook, by=admin)
    send_all()

    assert Delivery.objects.count() == 2
    assert elsewhere.calls == []
    assert hooks.make(hook.address, [], by=admin)[0].pk != hook.pk
    with pytest.raises(IntegrityError):
        hooks.make(hook.address, [], by=admin)


def test_a_secret_outlives_a_new_key_of_ours_while_the_old_one_is_known(elsewhere, settings):
    hook, secret = made(elsewhere.address)
    admin = worlds.user("admin", "second")
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another-key-of-the-dashboard" * 2
    settings.SECRET_KEY_FALLBACKS = [old]
    assert webhooks.secret_of(hook) == secret

    settings.SECRET_KEY_FALLBACKS = []
    delivery = happens()
    send_all()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.last_answer) == ("failed", webhooks.OTHER_KEY)

    renewed = hooks.renew_secret(hook, by=admin)
    hooks.send_again(delivery, by=admin)
    send_all()
    assert verified(elsewhere.calls[0], renewed)
