"""Nobody is logged in by an ID token that does not hold, though the provider itself sent it."""

import base64
import json
import time

import jwt
import pytest
from django.contrib.auth.models import User
from django.test import Client

from dashboard.sign_in_settings import Oidc
from resellers.models import AuditEntry
from tests.dashboard.signin import forged
from tests.dashboard.signin.forged import FOREIGN, KID, OWN, begin, public

pytestmark = [pytest.mark.django_db, pytest.mark.once]
RS256 = {"algorithm": "RS256", "headers": {"kid": KID}}


@pytest.fixture(scope="module")
def server():
    with forged.forging() as forger:
        yield forger


@pytest.fixture
def provider(server, settings):
    server.userinfo, server.config, server.published = {"sub": "ann-1"}, {}, [public(OWN)]
    settings.SITE_URL = ""
    settings.OIDC = Oidc(server.address, "desk", "a secret", "ID", roles={"Desk": "viewer"})
    return server


def log_in(provider, *, key=OWN, claims=None, **header):
    """Come back from the provider with a token so signed; where that leads."""
    client = Client()
    state, nonce = begin(client)
    wanted = provider.claims(nonce, **(claims or {}))
    provider.token = jwt.encode(wanted, key, **(RS256 | header))
    return client.get(f"/login/provider/callback/?code=c&state={state}")["Location"]


def unsigned(claims):
    parts = ({"alg": "none", "kid": KID, "typ": "JWT"}, claims)
    texts = [base64.urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=") for one in parts]
    return b".".join([*texts, b""]).decode()


def told():
    entries = AuditEntry.objects.filter(event="log_in.failed").order_by("seq")
    return [entry.body["wrong"].partition("sign-in: provider")[2].strip(", ") for entry in entries]


def test_a_token_that_holds_lets_in_whichever_of_its_keys_the_provider_signed_with(provider):
    assert log_in(provider) == "/"
    provider.published = [public(FOREIGN, "next"), public(OWN)]
    assert log_in(provider) == "/"
    assert log_in(provider, key=FOREIGN, headers={"kid": "next"}) == "/"
    provider.published = [public(OWN)]
    assert log_in(provider, headers={}) == "/"
    assert log_in(provider, claims={"aud": ["desk", "other"], "azp": "desk"}) == "/"
    assert User.objects.get(socialaccount__uid="ann-1").is_active
    assert told() == []


NOW = int(time.time())
WRONG = {
    "signed with another key": ({"key": FOREIGN}, "signature"),
    "signed with a key that is not published": ({"headers": {"kid": "other"}}, "signature"),
    "signed with what everybody knows": (
        {"key": "a secret" * 8, "algorithm": "HS256"},
        "signature",
    ),
    "for another site": ({"claims": {"aud": "somebody-else"}}, "audience"),
    "for several, and given to another": (
        {"claims": {"aud": ["desk", "other"], "azp": "other"}},
        "audience",
    ),
    "of another issuer": ({"claims": {"iss": "https://evil.example"}}, "issuer"),
    "too old": ({"claims": {"iat": NOW - 900, "exp": NOW - 600}}, "expired"),
    "not good yet": ({"claims": {"nbf": NOW + 86_400}}, "not yet in force"),
    "without an end": ({"claims": {"exp": None}}, "no exp"),
    "without a time": ({"claims": {"iat": None}}, "no iat"),
    "of nobody": ({"claims": {"sub": None}}, "no sub"),
    "without a nonce": ({"claims": {"nonce": None}}, "nonce"),
    "with the nonce of another log-in": ({"claims": {"nonce": "seen-before"}}, "nonce"),
}


@pytest.mark.parametrize("what", WRONG)
def test_one_that_does_not_hold_lets_nobody_in_and_the_trail_says_what_is_wrong(provider, what):
    how, word = WRONG[what]

    assert log_in(provider, **how) == "/login/?trouble=provider"

    assert told() == [word]
    assert not User.objects.exists()


def test_neither_one_without_a_signature_nor_none_at_all_lets_in(provider):
    for make in (unsigned, lambda claims: "", lambda claims: "not.a.token"):
        client = Client()
        state, nonce = begin(client)
        provider.token = make(provider.claims(nonce))
        answer = client.get(f"/login/provider/callback/?code=c&state={state}")
        assert answer["Location"] == "/login/?trouble=provider"
    assert told() == ["signature", "nonce", "form"]
    assert not User.objects.exists()


def test_what_the_provider_says_elsewhere_of_somebody_else_is_not_taken(provider):
    provider.userinfo = {"sub": "bo-2", "groups": ["Desk"]}

    assert log_in(provider) == "/login/?trouble=provider"
    assert told() == ["subject"]


@pytest.mark.parametrize("changed", [{"issuer": "https://evil.example"}, {"jwks_uri": "ftp://x/"}])
def test_a_provider_that_changes_its_name_or_hides_its_keys_meanwhile_is_refused(provider, changed):
    client = Client()
    state, nonce = begin(client)
    provider.token = jwt.encode(provider.claims(nonce), OWN, **RS256)
    provider.config = changed

    answer = client.get(f"/login/provider/callback/?code=c&state={state}")

    assert answer["Location"] == "/login/?trouble=provider"
    assert told() == [""]
    assert not User.objects.exists()
