"""Whatever a server sends, a call ends in a truthful object or in a WixError."""

import copy
import json
from datetime import timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resellers.wix import WixBadPayload, WixClient, WixError
from resellers.wix.fields import GUID, Fields, Unreadable, read_moment
from resellers.wix.parsing import read_package, read_site
from tests.randomness import examples

from .every_call import EVERY_CALL
from .examples import KEY, MAIN, SITE, instance, package, site
from .scripted import ScriptedServer, message, raw, reply

ODD_TEXT = [
    "",
    " ",
    "null",
    SITE.upper(),
    SITE[:-1],
    "{" + SITE + "}",
    "../x",
    "=1+1",
    '"><svg onload=1>',
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999999+14:00",
    "2026-11-20T09:14:02",
    "javascript:alert(1)",
    "\u202e",
    "e\u0301" * 50,
    "x" * 10_000,
    "\x00",
    "\ud800",
]
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
    | st.sampled_from(ODD_TEXT)
    | st.sampled_from([0, -1, 2**63, 10**25, 1e300])
)
anything = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)


def places(value, path=()):
    """The path of each value inside a JSON value."""
    entries = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in entries:
        yield (*path, key)
        if isinstance(inner, dict | list):
            yield from places(inner, (*path, key))


@st.composite
def bent(draw, original):
    """The original with up to three of its values dropped, nulled, retyped, doubled or joined."""
    value = copy.deepcopy(original)
    for _ in range(draw(st.integers(1, 3))):
        found = list(places(value))
        if not found:
            return value
        *way, last = draw(st.sampled_from(found))
        inside = value
        for key in way:
            inside = inside[key]
        change = draw(st.sampled_from(["drop", "null", "retype", "double", "add"]))
        if change == "drop":
            del inside[last]
        elif change == "null":
            inside[last] = None
        elif change == "retype":
            inside[last] = draw(anything)
        elif change == "double":
            inside[last] = [inside[last], inside[last]]
        elif isinstance(inside, dict):
            inside[draw(st.text(max_size=8))] = draw(anything)
        else:
            inside.append(draw(anything))
    return value


@pytest.fixture(scope="module")
def line():
    """A server and a client of it that serve many examples."""
    server = ScriptedServer()
    with WixClient(
        base_url=server.url, api_key=KEY, account_id=MAIN, deadline=5.0, backoff=0.0001
    ) as client:
        yield server, client
    server.close()


def tried(read, value, place):
    """What a reader makes of a value, or the Unreadable it raises."""
    try:
        return read(value, place)
    except Unreadable as unreadable:
        return unreadable


def outcome(line, case, step):
    """What a call gives when it is answered so: its answer, or the WixError it raises."""
    server, client = line
    server.script[:] = [step] * 8
    try:
        return getattr(client, case.name)(**case.arguments)
    except WixError as error:
        return error


@examples(100, full=600)
@given(data=st.data())
def test_any_2xx_json_is_read_or_its_place_is_named(line, data):
    case = data.draw(st.sampled_from(EVERY_CALL))
    body = data.draw(bent(case.answer) | anything)

    found = outcome(line, case, reply(200, json.dumps(body).encode()))

    if isinstance(found, WixError):
        assert type(found) is WixBadPayload
        assert found.call is not None
        assert found.place
        assert found.place in str(found)
    elif hasattr(found, "rejected"):
        assert all(record.reason for record in found.rejected)


@examples(66, full=400)
@given(
    case=st.sampled_from(EVERY_CALL),
    status=st.integers(200, 599),
    body=st.binary(max_size=200) | anything.map(lambda value: json.dumps(value).encode()),
    headers=st.fixed_dictionaries(
        {},
        optional={
            "Retry-After": st.sampled_from(["0", "-1", "1e9", "soon", "nan", "\xb2"]),
            "Content-Encoding": st.sampled_from(["gzip", "br", "identity", "gzip, gzip", "x"]),
            "Content-Type": st.sampled_from(["text/html", "x", "application/json; charset=x"]),
            "Location": st.sampled_from(["/", "ftp://%zz", "//"]),
        },
    ),
)
def test_any_status_with_any_body_is_an_answer_or_a_wix_error(line, case, status, body, headers):
    found = outcome(line, case, raw(message(status, body, headers), then_close=True))

    if isinstance(found, WixError):
        assert found.call is not None
        assert str(found).isprintable()
    else:
        assert status < 300


@examples(50, full=300)
@given(
    case=st.sampled_from(EVERY_CALL),
    noise=st.binary(max_size=100)
    | st.binary(max_size=60).map(lambda tail: b"HTTP/1.1 200 OK\r\n" + tail)
    | st.binary(max_size=60).map(
        lambda tail: b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + tail
    ),
)
def test_any_bytes_on_the_wire_are_an_answer_or_a_wix_error(line, case, noise):
    outcome(line, case, raw(noise, then_close=True))


@examples(500, full=3000)
@given(sent=bent(package(productInstances=[instance(), instance(instanceId=SITE, siteId=None)])))
def test_a_package_that_is_read_is_read_truthfully(sent):
    found = tried(read_package, sent, "package")
    if isinstance(found, Unreadable):
        assert found.place.startswith("package")
        return

    assert found.id == sent["id"].lower()
    assert found.account_id == sent["accountId"].lower()
    assert found.raw == sent
    # What is shown twice is one service, as it is shown last.
    shown = {one["instanceId"].lower(): one for one in sent.get("productInstances") or []}
    instances = list(shown.values())
    assert len(found.instances) == len(instances)
    for read, raw_instance in zip(found.instances, instances, strict=True):
        assert read.id == raw_instance["instanceId"].lower()
        site_id = raw_instance.get("siteId")
        floats = site_id in (None, "", {}, {"value": None}, {"value": ""})
        assert read.site_id == (None if floats else str(site_id).lower())
        status = raw_instance.get("status")
        if isinstance(status, str) and status:
            assert read.status == status.strip().upper()
        assert not read.expires_at or isinstance(raw_instance["expirationDate"], str | dict)
    known = found.created_at or "createdDate" in found.unparsed
    assert known or sent.get("createdDate") in (None, "", {})


@examples(333, full=2000)
@given(sent=bent(site()) | anything)
def test_a_site_that_is_read_is_read_truthfully(sent):
    found = tried(read_site, sent, "sites[0]")
    if isinstance(found, Unreadable):
        assert found.place.startswith("sites[0]")
        return

    assert GUID.fullmatch(found.id)
    assert found.url == "" or found.url.lower().startswith(("http://", "https://"))
    for name, key in (("premium", "premium"), ("published", "published"), ("blocked", "blocked")):
        said = sent.get(key)
        if getattr(found, name):
            assert str(said).lower() == "true"
        elif key not in found.unparsed:
            assert said in (None, "", False) or str(said).lower() == "false"


offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@examples(166, full=1000)
@given(moment=st.datetimes(timezones=offsets), digits=st.integers(0, 9))
def test_every_date_with_any_fraction_is_read_back(moment, digits):
    written = moment.replace(microsecond=0).isoformat()
    fraction = "." + "123456789"[:digits] if digits else ""

    read = tried(read_moment, written[:19] + fraction + written[19:], "here")

    if read is None or isinstance(read, Unreadable):
        assert moment.year in (1, 9999)
    else:
        expected = timedelta(microseconds=int("123456"[:digits].ljust(6, "0")))
        assert read - moment.replace(microsecond=0) == expected


@examples(333, full=2000)
@given(value=anything, key=st.sampled_from(["text", "reference", "number", "flag", "moment"]))
def test_a_field_that_is_not_needed_never_raises(value, key):
    fields = Fields({"it": value}, "")

    found = getattr(fields, key)("it")

    assert fields.unparsed() in ((), ("it",))
    if fields.unparsed():
        assert not found
