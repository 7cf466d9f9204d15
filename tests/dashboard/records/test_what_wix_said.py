"""What Wix said is shown without secrets and without a person's contact data."""

import html
import json
import re

import pytest

from tests import worlds

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def answer_on_page(client, raw):
    """The answer as the tab of a service shows it."""
    service = worlds.instance(raw=raw)
    page = client.get(service.get_absolute_url(), {"tab": "wix"}).content.decode()
    return json.loads(html.unescape(re.search(r"<pre[^>]*>(.*?)</pre>", page, re.DOTALL)[1]))


@pytest.mark.parametrize(
    "value",
    [
        "jo@doe.example",
        "Jo Doe <jo.doe+shop@mail.doe.example>",
        "write to mailto:jo@doe.example",
        "+370 600 12345",
        "+37060012345",
        "call (555) 123-4567 today",
        "555-123-4567",
        "00370 600 12345",
        "555.123.4567",
        "Bearer IST.eyJraWQiOi",
        "bearer abc",
        "Basic dXNlcjpwYXNzd29yZA==",
        "sent with IST.eyJraWQiOiJQb3pIX2FDMiJ9.eyJkYXRhIjoie1",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc",
        "k3yWithNoNameThatGoesOnForLong0123456789",
    ],
)
def test_what_looks_like_contact_data_or_a_key_is_not_shown_wherever_it_stands(viewer, value):
    secret = max(re.findall(r"[^\s<>()]+", value), key=len)
    raw = {"note": value, "list": [{"deep": [value]}], value: "as a key"}

    html = json.dumps(answer_on_page(viewer, raw))

    assert secret not in html
    assert html.count("(not shown)") >= 3


@pytest.mark.parametrize(
    "key",
    [
        *("email", "contactEmail", "phone", "mobilePhone", "fullName", "full_name"),
        *("firstName", "lastName", "accessToken", "Authorization", "wixSecret", "apiKey"),
    ],
)
def test_what_stands_under_a_telling_key_is_not_shown(viewer, key):
    raw = {"contact": {key: "whatever"}, "pairs": [{"name": key, "value": "whatever"}]}

    answer = answer_on_page(viewer, raw)

    assert answer["contact"][key] == "(not shown)"
    assert answer["pairs"] == [{"name": key, "value": "(not shown)"}]


def test_what_tells_of_no_person_is_shown_as_it_came(viewer):
    raw = {
        "id": "6f9619ff-8b86-4011-b42d-00c04fc964ff",
        "digits": "12345678-1234-1234-1234-123456789012",
        "at": "2026-11-20T12:10:00.000Z",
        "zoned": "2026-11-20T12:10:00+02:00",
        "day": "2026-11-20",
        "seconds": "1700000000",
        "millis": "1700000000123",
        "address": "https://north-bakery.example/shop?page=2",
        "ip": "192.168.100.200",
        "version": "4.10.2",
        "requestId": "1732104600.417123456789",
        "displayName": "Basic Website @ Home",
        "name": "Business Plan",
        "count": 5551234567,
        "cycle": {"unit": "YEAR", "count": 1},
        "none": None,
        "empty": {"email": ""},
        "free": True,
    }

    assert answer_on_page(viewer, raw) == raw
