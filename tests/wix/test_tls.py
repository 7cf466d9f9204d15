"""The same promises over TLS, with a certificate made for the test."""

import ssl
import time

import pytest

from resellers.wix import WixOutcomeUnknown, WixUnreachable
from tests.certificates import make_certificate

from .examples import CUSTOMER, SITE
from .scripted import ScriptedServer, drip, message, reply


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """The files of a certificate for 127.0.0.1 and of its key."""
    return make_certificate(tmp_path_factory.mktemp("tls"), "IP:127.0.0.1")


@pytest.fixture
def secure_wix(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    server = ScriptedServer(tls=context)
    yield server
    server.close()


@pytest.fixture
def trusted(certificate, monkeypatch):
    """Lets the client trust the certificate."""
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(certificate[0]))


def test_a_call_goes_over_tls(secure_wix, trusted, make_client):
    secure_wix.answers(*[reply(200, {"count": 3})] * 2)
    client = make_client(base_url=secure_wix.url)

    counts = [client.count_sites(account_id=CUSTOMER).count for _ in range(2)]

    assert counts == [3, 3]


def test_a_certificate_nobody_vouches_for_means_nothing_was_sent(secure_wix, make_client):
    with pytest.raises(WixUnreachable, match="CERTIFICATE_VERIFY_FAILED"):
        make_client(base_url=secure_wix.url).publish_site(site_id=SITE)

    assert secure_wix.received == []


def test_a_call_ends_at_its_deadline_over_tls_too(secure_wix, trusted, make_client):
    # The handshake has half of the deadline, and on a busy machine needs some of it; the answer
    # would drip for half a minute.
    secure_wix.answers(drip(message(200, {}), every=0.4))
    client = make_client(base_url=secure_wix.url, deadline=2.0)
    started = time.monotonic()

    with pytest.raises(WixOutcomeUnknown):
        client.publish_site(site_id=SITE)

    assert time.monotonic() - started < 10
