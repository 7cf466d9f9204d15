"""Whose address an entry has, and whether a browser spoke TLS: only named proxies have a say."""

from ipaddress import ip_network

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from dashboard.frame.client_address import came_by_tls, client_address
from resellers.models import AuditEntry
from tests import worlds

PROXIES = [ip_network("10.0.0.0/24"), ip_network("2001:db8:1::/48"), "unix"]
ALONE = "203.0.113.7"


def request(peer=ALONE, **headers):
    return RequestFactory().get("/", REMOTE_ADDR=peer, headers=headers)


def of(peer, forwarded_for=None, forwarded=None):
    headers = {"X-Forwarded-For": forwarded_for, "Forwarded": forwarded}
    return client_address(request(peer, **{k: v for k, v in headers.items() if v is not None}))


@pytest.fixture
def proxies(settings):
    settings.TRUSTED_PROXIES = PROXIES


def test_without_a_named_proxy_no_header_is_believed(settings):
    settings.TRUSTED_PROXIES = []

    assert of("127.0.0.1", "198.51.100.1", "for=198.51.100.1") == "127.0.0.1"
    assert of("", "198.51.100.1") is None, "nobody knows who is behind a unix socket"


def test_a_header_of_somebody_who_is_no_proxy_is_not_believed(proxies):
    assert of(ALONE, "198.51.100.1") == ALONE


@pytest.mark.parametrize("proxy", ["10.0.0.7", "::ffff:10.0.0.7", "2001:DB8:1::2", ""])
def test_behind_a_proxy_the_person_is_who_spoke_with_it(proxies, proxy):
    assert of(proxy, "198.51.100.1") == "198.51.100.1"
    assert of(proxy, None, "for=198.51.100.1;proto=https") == "198.51.100.1"


@pytest.mark.parametrize(
    ("forwarded_for", "person"),
    [
        ("6.6.6.6, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.8, 198.51.100.1", "198.51.100.1"),
        ("198.51.100.1, 10.0.0.8", "198.51.100.1"),
        ("6.6.6.6, 198.51.100.1, 2001:db8:1::9, 10.0.0.8", "198.51.100.1"),
        ("10.0.0.8, 10.0.0.9", "10.0.0.8"),
        (" 198.51.100.1 ", "198.51.100.1"),
        ("198.51.100.1:5831", "198.51.100.1"),
        ("2001:DB8::1", "2001:db8::1"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("::ffff:198.51.100.1", "198.51.100.1"),
    ],
)
def test_the_list_of_hops_is_read_from_its_right_end(proxies, forwarded_for, person):
    assert of("10.0.0.7", forwarded_for) == person


@pytest.mark.parametrize(
    ("forwarded", "person"),
    [
        ("for=6.6.6.6, for=198.51.100.1", "198.51.100.1"),
        ('For="[2001:db8::1]:4711";Proto=https', "2001:db8::1"),
        ('for=198.51.100.1;by=10.0.0.8;host="a.example", for=10.0.0.8', "198.51.100.1"),
        ('for="left open, for=198.51.100.1', "198.51.100.1"),
        ("for=6.6.6.6;x=\\, for = 198.51.100.1", "198.51.100.1"),
    ],
)
def test_the_standard_header_is_read_as_well(proxies, forwarded, person):
    assert of("10.0.0.7", None, forwarded) == person


def test_a_second_header_that_the_proxy_did_not_write_changes_nothing(proxies):
    assert of("10.0.0.7", "198.51.100.1", "for=6.6.6.6") == "198.51.100.1"


@pytest.mark.parametrize(
    "nonsense", ["", " ", ",", "unknown", "_hidden", "x" * 300, "1.2.3", "::::", "[", "6.6.6.6, ?"]
)
def test_where_a_proxy_says_nonsense_its_own_address_is_what_is_known(proxies, nonsense):
    assert of("10.0.0.7", nonsense) == "10.0.0.7"
    assert of("10.0.0.7", None, f"for={nonsense}") == "10.0.0.7"
    assert of("", nonsense) is None


@given(st.text(alphabet=st.characters(codec="latin-1"), max_size=80))
def test_no_header_raises(text):
    from django.test import override_settings

    with override_settings(TRUSTED_PROXIES=PROXIES):
        for headers in ({"HTTP_X_FORWARDED_FOR": text}, {"HTTP_FORWARDED": text}):
            given = RequestFactory().get("/", REMOTE_ADDR="", **headers)
            client_address(given)
            came_by_tls(given)


# --- TLS -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("peer", ["127.0.0.1", "", ALONE])
@pytest.mark.parametrize(
    "claim",
    [{"X-Forwarded-Proto": "https"}, {"X-Forwarded-Ssl": "on"}, {"Forwarded": "proto=https"}],
)
def test_nobody_but_a_named_proxy_says_that_a_browser_spoke_tls(settings, peer, claim):
    settings.TRUSTED_PROXIES = []
    asked = request(peer, **claim)
    # As gunicorn has it by its own default, for peers on this machine.
    asked.META["wsgi.url_scheme"] = "https"

    assert not came_by_tls(asked)


def test_a_server_that_speaks_tls_itself_is_believed(settings):
    settings.TRUSTED_PROXIES = []

    assert came_by_tls(RequestFactory().get("/", secure=True))
    assert not came_by_tls(request())


@pytest.mark.parametrize(
    ("headers", "is_tls"),
    [
        ({"X-Forwarded-Proto": "https"}, True),
        ({"X-Forwarded-Proto": "HTTPS"}, True),
        ({"X-Forwarded-Proto": "http"}, False),
        ({"X-Forwarded-Proto": ""}, False),
        ({}, False),
        ({"X-Forwarded-Ssl": "on"}, False),
        ({"Forwarded": "for=198.51.100.1;proto=https"}, True),
        # A visitor's own word, and the proxy's behind it.
        ({"X-Forwarded-Proto": "https, http"}, False),
        ({"X-Forwarded-Proto": "http, https"}, True),
        # Two proxies, of which the outer one spoke TLS with the person.
        ({"X-Forwarded-For": "198.51.100.1, 10.0.0.8", "X-Forwarded-Proto": "https, http"}, True),
        ({"X-Forwarded-For": "198.51.100.1, 10.0.0.8", "X-Forwarded-Proto": "https"}, True),
        ({"Forwarded": "for=198.51.100.1;proto=https, for=10.0.0.8;proto=http"}, True),
        ({"Forwarded": "for=6.6.6.6;proto=https, for=198.51.100.1;proto=http"}, False),
    ],
)
def test_a_named_proxy_says_whether_a_browser_spoke_tls(proxies, headers, is_tls):
    assert came_by_tls(request("10.0.0.7", **headers)) == is_tls


def test_who_comes_without_tls_is_sent_to_tls_whatever_they_claim(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    settings.TRUSTED_PROXIES = [ip_network("10.0.0.7")]
    claim = {"X-Forwarded-Proto": "https"}

    forged = client.get("/login/", headers=claim)
    honest = client.get("/login/", headers=claim, REMOTE_ADDR="10.0.0.7")

    assert (forged.status_code, honest.status_code) == (301, 200)


# --- the trail -----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_what_a_person_does_behind_a_proxy_has_their_own_address(operator, settings):
    settings.TRUSTED_PROXIES = PROXIES
    record = worlds.package()

    operator.post(
        f"/packages/{record.pk}/notes/",
        {"text": "Called them."},
        REMOTE_ADDR="",
        headers={"X-Forwarded-For": "6.6.6.6, 2001:DB8::1"},
    )

    assert AuditEntry.objects.get().address == "2001:db8::1"
