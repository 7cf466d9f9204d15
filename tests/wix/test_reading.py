"""What Wix leaves open is read either way, and never untruthfully."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from resellers.wix import BillingInfo, WixBadPayload

from .examples import CUSTOMER, INSTANCE, MAIN, OTHER_SITE, PACKAGE, SITE, instance, package, site
from .scripted import reply


@pytest.fixture
def packages(wix, client):
    """The page read from these records, each a dict of changes to the example."""

    def read(*records, **answer):
        wix.answers(reply(200, {"packages": list(records)} | answer))
        return client.query_packages()

    return read


@pytest.fixture
def read_instance(packages):
    """The instance read from the example with these changes."""

    def read(**changes):
        page = packages(package(productInstances=[instance(**changes)]))
        assert page.rejected == ()
        return page.items[0].instances[0]

    return read


@pytest.mark.parametrize(
    ("answer", "cursor"),
    [
        ({"metadata": {"count": 1, "cursors": {"next": "more"}}}, "more"),
        ({"pagingMetadata": {"count": 1, "cursors": {"next": "more"}}}, "more"),
        ({"metadata": None, "pagingMetadata": {"cursors": {"next": "more"}}}, "more"),
        ({"metadata": {}, "pagingMetadata": {"cursors": {"next": "more"}}}, "more"),
        ({"metadata": {"cursors": {"next": "more"}, "hasNext": True}}, "more"),
        ({"metadata": {"cursors": {"next": "more"}, "hasNext": None}}, "more"),
        ({"metadata": {"cursors": {"next": "more"}, "hasNext": {}}}, "more"),
        ({"metadata": {"cursors": {"next": "more"}, "hasNext": False}}, None),
        ({"metadata": {"cursors": {"next": "more"}, "hasNext": "false"}}, None),
        ({"metadata": {"cursors": {"next": ""}}}, None),
        ({"metadata": {"cursors": {"next": None, "prev": None}}}, None),
        ({"metadata": {"cursors": {}}}, None),
        ({"metadata": {"cursors": None}}, None),
        ({"metadata": {"count": 1}}, None),
        ({"metadata": None}, None),
        ({}, None),
    ],
)
def test_the_next_cursor_is_found_under_either_name(packages, answer, cursor):
    assert packages(package(), **answer).next_cursor == cursor


@pytest.mark.parametrize(
    ("answer", "place"),
    [
        ({"metadata": []}, "metadata"),
        ({"metadata": "none"}, "metadata"),
        ({"metadata": {"cursors": "more"}}, "metadata.cursors"),
        ({"pagingMetadata": {"cursors": {"next": 7}}}, "pagingMetadata.cursors.next"),
        ({"packages": {}}, "packages"),
        ({"packages": "none"}, "packages"),
    ],
)
def test_a_list_never_seems_to_end_because_it_could_not_be_read(packages, answer, place):
    with pytest.raises(WixBadPayload) as bad:
        packages(package(), **answer)

    assert bad.value.place == place


def test_an_answer_without_its_array_is_an_empty_list(wix, client):
    wix.answers(reply(200, {}), reply(200, {"packages": None, "metadata": {"count": "0"}}))

    assert client.query_packages().items == ()
    assert client.query_packages().count == 0


def test_a_record_without_a_usable_id_is_set_apart_and_the_page_kept(packages):
    nameless = package()
    del nameless["id"]
    lost = package(id="lost")
    ownerless = package(accountId=None)
    unplaceable = package(productInstances=[instance(), instance(siteId="over there")])
    unnamed = package(productInstances=[instance(instanceId=None)])

    page = packages(nameless, lost, "what", ownerless, unplaceable, unnamed, package())

    assert [item.id for item in page.items] == [PACKAGE]
    assert [record.reason for record in page.rejected] == [
        "packages[0].id is missing",
        "packages[1].id is not a GUID",
        "packages[2] is not an object",
        "packages[3].accountId is missing",
        "packages[4].productInstances[1].siteId is not a GUID",
        "packages[5].productInstances[0].instanceId is missing",
    ]
    assert page.rejected[1].raw == lost


@pytest.mark.parametrize("absent", ["", None])
def test_an_empty_site_id_means_floating(read_instance, absent):
    assert read_instance(siteId=absent).site_id is None


def test_an_absent_site_id_means_floating(packages):
    floating = instance()
    del floating["siteId"]

    assert packages(package(productInstances=[floating])).items[0].instances[0].site_id is None


def test_ids_are_lower_case_however_wix_writes_them(packages):
    shouted = package(
        id=PACKAGE.upper(),
        accountId=CUSTOMER.upper(),
        parentAccountId=MAIN.upper(),
        productInstances=[instance(instanceId=INSTANCE.upper(), siteId=SITE.upper())],
    )

    found = packages(shouted).items[0]

    assert (found.id, found.account_id, found.parent_account_id) == (PACKAGE, CUSTOMER, MAIN)
    assert (found.instances[0].id, found.instances[0].site_id) == (INSTANCE, SITE)


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("ENABLED", "ENABLED"),
        ("Enabled", "ENABLED"),
        ("active", "ENABLED"),
        ("AWAITING_ACTION", "AWAITING_ACTION"),
        ("ON_THE_MOON", "ON_THE_MOON"),
        (3, "3"),
        (None, "UNKNOWN"),
        ("", "UNKNOWN"),
    ],
)
def test_a_status_is_wixs_word_in_upper_case(read_instance, sent, read):
    assert read_instance(status=sent).status == read


CYCLE = {"type": "RECURRING", "cycleDuration": {"unit": "YEAR", "count": 1}}


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ({"billingInfo": CYCLE}, BillingInfo("RECURRING", "YEAR", 1)),
        ({"billingInfo": None, "paymentInfo": CYCLE}, BillingInfo("RECURRING", "YEAR", 1)),
        (
            {"billingInfo": {}, "contractDetails": {"billingInfo": CYCLE}},
            BillingInfo("RECURRING", "YEAR", 1),
        ),
        (
            {
                "billingInfo": {
                    "type": "recurring",
                    "cycleDuration": {"unit": "Month", "count": "3"},
                }
            },
            BillingInfo("RECURRING", "MONTH", 3),
        ),
        ({"billingInfo": {"type": "ONE_TIME", "cycleDuration": None}}, BillingInfo("ONE_TIME")),
        ({"billingInfo": {"type": "BARTER"}}, BillingInfo("BARTER")),
        ({"billingInfo": None}, None),
    ],
)
def test_billing_is_found_under_each_of_its_names(read_instance, sent, read):
    assert read_instance(**sent).billing == read


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("ord-1", "ord-1"),
        ({"value": "ord-1"}, "ord-1"),
        ({"value": None}, None),
        ({}, None),
        (417, "417"),
        ("", None),
        (None, None),
    ],
)
def test_an_external_id_is_read_plain_or_wrapped(packages, sent, read):
    found = packages(package(externalId=sent)).items[0]

    assert (found.external_id, found.unparsed) == (read, ())


NOON = datetime(2026, 11, 20, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("2026-11-20T12:00:00Z", NOON),
        ("2026-11-20t12:00:00z", NOON),
        ("2026-11-20 12:00:00", NOON),
        ("2026-11-20T12:00:00.1Z", NOON + timedelta(milliseconds=100)),
        ("2026-11-20T12:00:00.123456789Z", NOON + timedelta(microseconds=123456)),
        ("2026-11-20T13:30:00+01:30", NOON),
        ("2026-11-21T02:00:00+14:00", NOON),
        ("2026-11-20T04:00:00-08:00", NOON),
        ("2016-12-31T23:59:60Z", datetime(2017, 1, 1, tzinfo=UTC)),
        ("0001-01-03T00:00:00Z", datetime(1, 1, 3, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", None),
        ("9999-12-31T23:59:59.999Z", None),
        ({"seconds": "-62135596800"}, None),
        ({"seconds": int(NOON.timestamp()), "nanos": 0}, NOON),
        (
            {"seconds": str(int(NOON.timestamp())), "nanos": 5_000_000},
            NOON + timedelta(milliseconds=5),
        ),
        ({"seconds": "-1"}, datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ({}, None),
        ("", None),
        (None, None),
    ],
)
def test_a_date_is_read_in_each_way_it_is_written(packages, sent, read):
    found = packages(package(createdDate=sent)).items[0]

    assert (found.created_at, found.unparsed) == (read, ())


@pytest.mark.parametrize(
    "sent",
    [
        "yesterday",
        "2026-11-20",
        "2026-02-30T00:00:00Z",
        "2026-11-20T24:00:00Z",
        "9999-12-31T23:59:59-14:00",
        "0001-01-01T00:00:00+14:00",
        "²026-11-20T12:00:00Z",
        1_700_000_000,
        True,
        [],
        {"seconds": "1e400"},
        {"seconds": 10**18},
        {"seconds": 1, "nanos": 10**9},
        {"nanos": 1},
        {"when": "now"},
    ],
)
def test_what_is_no_date_is_none_and_said_so(packages, sent):
    found = packages(package(productInstances=[instance(expirationDate=sent)])).items[0]

    assert found.instances[0].expires_at is None
    assert found.unparsed == ("productInstances[0].expirationDate",)


def test_fields_that_cannot_be_read_are_named_and_hide_nothing_else(packages):
    odd = package(
        externalId=["ord"],
        productInstances=[
            instance(failure="broken", billingInfo={"type": [], "cycleDuration": {"count": 1.5}})
        ],
    )

    found = packages(odd).items[0]

    assert found.unparsed == (
        "externalId",
        "productInstances[0].failure",
        "productInstances[0].billingInfo.type",
        "productInstances[0].billingInfo.cycleDuration.count",
    )
    assert found.instances[0].site_id == SITE
    assert found.raw == odd


def test_unknown_fields_are_kept_in_raw_and_disturb_nothing(packages):
    sent = package(novelty={"deep": [1]}, productInstances=[instance(novelty=True)])

    found = packages(sent, novelty="x").items[0]

    assert found.raw["novelty"] == {"deep": [1]}
    assert found.instances[0].raw["novelty"] is True


def test_absent_instances_are_none_at_all(packages):
    bare = package()
    del bare["productInstances"]

    assert packages(bare, package(productInstances=None)).items[0].instances == ()


def test_a_byte_order_mark_is_passed_over(wix, client):
    wix.answers(reply(200, b"\xef\xbb\xbf" + json.dumps({"packages": [package()]}).encode()))

    assert len(client.query_packages().items) == 1


def test_text_that_no_database_stores_is_replaced(wix, client):
    wix.answers(
        reply(200, rb'{"sites": [{"id": "%b", "displayName": "a\u0000b\ud83dc"}]}' % SITE.encode())
    )

    found = client.query_sites(account_id=CUSTOMER).items[0]

    assert found.display_name == "a�b�c"
    assert found.raw["displayName"] == "a�b�c"


def test_numbers_beyond_reason_do_not_cost_the_page(wix, client):
    body = b'{"packages": [{"id": "%b", "accountId": "%b", "x": 1e309, "y": %b}]}'
    wix.answers(reply(200, body % (PACKAGE.encode(), CUSTOMER.encode(), b"9" * 5000)))

    found = client.query_packages().items[0]

    assert found.raw["x"] == "1e309"
    assert found.raw["y"] == "9" * 5000


def test_a_site_is_read_field_by_field(wix, client):
    wix.answers(reply(200, {"sites": [site(trashedDate="2026-11-19T00:00:00Z")]}))

    found = client.query_sites(account_id=CUSTOMER).items[0]

    assert (found.id, found.account_id) == (SITE, CUSTOMER)
    assert (found.name, found.display_name) == ("bakery-example", "Bäckerei Beispiel")
    assert found.url == "https://www.bakery.example"
    assert found.edit_url == f"https://manage.wix.com/editor/{SITE}"
    assert (found.premium, found.published, found.blocked) == (True, True, False)
    assert (found.namespace, found.editor_type, found.domain_connected) == ("WIX", "STUDIO", True)
    assert found.trashed_at == datetime(2026, 11, 19, tzinfo=UTC)


def test_a_bare_site_has_no_address_and_no_flags(wix, client):
    wix.answers(reply(200, {"sites": [{"id": OTHER_SITE, "viewUrl": "", "premium": None}]}))

    found = client.query_sites(account_id=CUSTOMER).items[0]

    assert (found.url, found.edit_url, found.account_id, found.unparsed) == ("", "", None, ())
    flags = [found.premium, found.published, found.blocked, found.domain_connected]
    assert flags == [False] * 4


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "//evil.example"])
def test_an_address_that_is_no_web_address_is_not_passed_on(wix, client, address):
    wix.answers(reply(200, {"sites": [site(viewUrl=address, editUrl=address)]}))

    found = client.query_sites(account_id=CUSTOMER).items[0]

    assert (found.url, found.edit_url) == ("", "")
    assert found.unparsed == ("viewUrl", "editUrl")
