from datetime import UTC, datetime

import pytest

from resellers.wix import Contact, DnsRecord, WixBadPayload, WixRefused

from .domain_examples import ASSIGNED, CONNECTED, PERSON, PERSON_AS_SENT, REGISTERED, SETUP
from .examples import CUSTOMER, INSTANCE, KEY, MAIN, SITE, refusal
from .scripted import reply

FREE = {"availability": {"domain": "bakery.example", "available": True}}


@pytest.mark.parametrize("status", [401, 403])
def test_a_domain_search_goes_without_key_first_and_with_it_where_that_is_refused(
    wix, client, status
):
    wix.answers(reply(status, b""), reply(200, FREE))

    answer = client.check_domain_availability(domain="Bakery.Example")

    keyless, keyed = wix.received
    assert "authorization" not in keyless.headers
    assert "wix-account-id" not in keyless.headers
    assert (keyed.headers["authorization"], keyed.headers["wix-account-id"]) == (KEY, MAIN)
    assert (answer.availability.available, answer.call.attempts) == (True, 2)


def test_a_setting_sends_the_key_first(wix, make_client):
    client = make_client(search_with_key=True)
    wix.answers(reply(403, refusal("access_denied")), reply(200, FREE))

    client.check_domain_availability(domain="bakery.example")

    keyed, keyless = wix.received
    assert keyed.headers["authorization"] == KEY
    assert "authorization" not in keyless.headers


def test_a_domain_search_refused_either_way_is_refused(wix, client):
    wix.answers(reply(403, b""), reply(403, refusal("PERMISSION_DENIED")))

    with pytest.raises(WixRefused) as refused:
        client.check_domain_availability(domain="bakery.example")

    assert refused.value.code == "PERMISSION_DENIED"
    assert refused.value.call.attempts == 2


def test_a_refused_ending_is_no_answer_and_not_asked_again(wix, client):
    wix.answers(reply(400, refusal("DOMAINS_UNSUPPORTED_TLD")))

    with pytest.raises(WixRefused) as refused:
        client.check_domain_availability(domain="bakery.example")

    assert refused.value.code == "DOMAINS_UNSUPPORTED_TLD"
    assert len(wix.received) == 1


@pytest.mark.parametrize(
    ("availability", "place"),
    [
        ({"domain": "other.example", "available": True}, "availability.domain"),
        ({"domain": "bakery.example", "available": "perhaps"}, "availability.available"),
        ({"available": True}, "availability.id"),
        (None, "availability"),
    ],
)
def test_an_unclear_availability_is_never_taken_for_yes(wix, client, availability, place):
    wix.answers(reply(200, {"availability": availability}))

    with pytest.raises(WixBadPayload) as bad:
        client.check_domain_availability(domain="bakery.example")

    assert bad.value.place == place


def test_suggestions_come_in_pages(wix, client):
    wix.answers(
        reply(
            200,
            {
                "suggestions": [{"domain": "Bakery-Bread.example", "premium": True}, {}],
                "pagingMetadata": {"cursors": {"next": "n"}, "hasNext": True},
            },
        )
    )

    page = client.suggest_domains(query="bread", max_length=20, cursor="c")

    assert wix.received[0].path == (
        "/domain-search/v2/suggest-domains?query=bread&paging.limit=10&maxLength=20&paging.cursor=c"
    )
    assert [(item.domain, item.premium) for item in page.items] == [("bakery-bread.example", True)]
    assert (page.next_cursor, len(page.rejected)) == ("n", 1)


def test_a_registration_sends_its_contacts_whole(wix, client):
    wix.answers(reply(200, {"registeredDomain": REGISTERED}))

    answer = client.create_registered_domain(
        account_id=CUSTOMER,
        domain="Bakery.Example",
        product_instance_id=INSTANCE,
        registrant=PERSON,
        tech=PERSON,
        site_id=SITE,
    )

    sent = wix.received[0]
    assert (sent.headers["wix-account-id"], sent.headers["wix-site-id"]) == (CUSTOMER, SITE)
    assert sent.json == {
        "registeredDomain": {
            "domain": "bakery.example",
            "productInstanceId": INSTANCE,
            "contacts": {"registrant": PERSON_AS_SENT, "tech": PERSON_AS_SENT},
        }
    }
    found = answer.registered_domain
    assert (found.domain, found.product_instance_id) == ("bakery.example", INSTANCE)
    assert (found.status, found.revision, found.expires_at) == ("PENDING_REGISTRATION", 1, None)
    assert (found.failure_code, found.failure_message) == ("OTHER", "no such street")
    assert (found.icann_status, found.dns_status) == ("PENDING", "IN_PROGRESS")
    assert found.not_confirmed_by == ("registrant@bakery.example",)
    assert found.unparsed == ()


def test_a_domain_that_is_not_registered_is_refused_with_400(wix, client):
    wix.answers(reply(400, refusal("REGISTERED_DOMAIN_NOT_FOUND")))

    with pytest.raises(WixRefused) as refused:
        client.get_registered_domain(account_id=CUSTOMER, domain="bakery.example")

    assert refused.value.code == "REGISTERED_DOMAIN_NOT_FOUND"


def test_an_answer_about_another_domain_is_not_taken_for_ours(wix, client):
    wix.answers(
        reply(200, {"registeredDomain": REGISTERED}),
        reply(200, {"connectedDomain": CONNECTED}),
        reply(200, {"domainAssignment": ASSIGNED}),
    )

    for name, place in (
        ("get_registered_domain", "registeredDomain.domain"),
        ("get_connected_domain", "connectedDomain.domain"),
        ("get_domain_assignment", "domainAssignment.domain"),
    ):
        with pytest.raises(WixBadPayload) as bad:
            getattr(client, name)(account_id=CUSTOMER, domain="other.example")
        assert bad.value.place == place


def test_a_connection_sends_only_what_is_asked_for(wix, client):
    wix.answers(*[reply(200, {"connectedDomain": CONNECTED})] * 2)

    client.create_connected_domain(account_id=CUSTOMER, domain="bakery.example")
    answer = client.create_connected_domain(
        account_id=CUSTOMER,
        domain="bakery.example",
        connection_type="POINTING",
        assignment_type="REDIRECT",
        site_id=SITE,
    )

    bare, whole = wix.received
    assert bare.json == {"connectedDomain": {"domain": "bakery.example"}}
    assert "wix-site-id" not in bare.headers
    assert whole.json == {
        "connectedDomain": {
            "domain": "bakery.example",
            "connectionType": "POINTING",
            "siteInfo": {"assignmentType": "REDIRECT"},
        }
    }
    assert whole.headers["wix-site-id"] == SITE
    found = answer.connected_domain
    assert (found.domain, found.connection_type) == ("bakery.example", "NAMESERVERS")
    assert (found.site_id, found.assignment_type) == (SITE, "REDIRECT")
    assert found.primary_domain == "bread.example"
    assert found.created_at == datetime(2026, 11, 20, 9, 14, 2, 530_000, tzinfo=UTC)
    assert found.updated_at == datetime(2026, 11, 20, 9, 16, 40, 2_000, tzinfo=UTC)


def test_lists_of_domains_are_followed_by_cursor(wix, client):
    last = {"pagingMetadata": {"count": 1, "cursors": {"next": None, "prev": None}}}
    wix.answers(
        reply(200, {"registeredDomains": [REGISTERED]} | last),
        reply(200, {"connectedDomains": [CONNECTED]} | last),
    )

    registered = client.list_registered_domains(account_id=CUSTOMER, limit=10, cursor="a b")
    connected = client.list_connected_domains(account_id=CUSTOMER, limit=10, cursor="c&d")

    assert [call.path for call in wix.received] == [
        "/domains/v1/registered-domains?paging.limit=10&paging.cursor=a%20b",
        "/domains/v1/connected-domains?paging.limit=10&paging.cursor=c%26d",
    ]
    assert [item.domain for item in registered.items] == ["bakery.example"]
    assert [item.domain for item in connected.items] == ["bakery.example"]
    assert registered.next_cursor is connected.next_cursor is None


def test_the_setup_says_what_to_enter_at_the_registrar(wix, client):
    wix.answers(reply(200, {"connectedDomainSetupInfo": SETUP}))

    setup = client.get_connected_domain_setup(account_id=CUSTOMER, domain="bakery.example").setup

    assert (setup.domain, setup.registrar_name) == ("bakery.example", "Registrar Example")
    assert setup.registrar_nameservers == ("ns1.registrar.example", "ns2.registrar.example")
    values = ("ns1.dns.example", "ns2.dns.example")
    assert setup.records == (DnsRecord("NS", "bakery.example", 3600, values),)
    assert setup.unparsed == ()


def cname(host, value="pointing.dns.example"):
    return {"hostName": host, "ttl": 3600, "value": value}


ADDRESS = {"hostName": "bakery.example", "ttl": 3600, "values": ["192.0.2.7"]}


@pytest.mark.parametrize(
    ("sent", "records", "unparsed"),
    [
        (
            {"pointingRecords": {"aRecord": ADDRESS, "cnameRecord": cname("www.bakery.example")}},
            [
                DnsRecord("A", "bakery.example", 3600, ("192.0.2.7",)),
                DnsRecord("CNAME", "www.bakery.example", 3600, ("pointing.dns.example",)),
            ],
            (),
        ),
        (
            {"subdomainRecords": {"cnameRecords": [cname("shop.bakery.example"), None, 5]}},
            [DnsRecord("CNAME", "shop.bakery.example", 3600, ("pointing.dns.example",))],
            ("subdomainRecords.cnameRecords.2",),
        ),
        ({"subdomainRecords": {"cnameRecords": "x"}}, [], ("subdomainRecords.cnameRecords",)),
        ({"pointingRecords": {}}, [], ()),
        ({}, [], ()),
    ],
)
def test_the_setup_has_one_of_three_shapes(wix, client, sent, records, unparsed):
    info = {"connectedDomainId": "bakery.example", "registrarName": "Registrar"} | sent
    wix.answers(reply(200, {"connectedDomainSetupInfo": info}))

    setup = client.get_connected_domain_setup(account_id=CUSTOMER, domain="bakery.example").setup

    assert setup.records == tuple(records)
    assert (setup.registrar_name, setup.registrar_nameservers) == ("Registrar", ())
    assert setup.unparsed == unparsed


def test_an_assignment_says_where_a_domain_is_and_where_it_leads(wix, client):
    wix.answers(*[reply(200, {"domainAssignment": ASSIGNED})] * 2)

    client.upsert_domain_assignment(
        account_id=CUSTOMER, domain="Bakery.example", site_id=SITE.upper()
    )
    found = client.set_domain_as_primary(account_id=CUSTOMER, domain="bakery.example")

    put, set_ = wix.received
    assert put.json == {
        "domainAssignment": {
            "domain": "bakery.example",
            "siteInfo": {"id": SITE, "assignmentType": "REDIRECT"},
        }
    }
    assert set_.json == {}
    assignment = found.domain_assignment
    assert (assignment.domain, assignment.site_id) == ("bakery.example", SITE)
    assert (assignment.assignment_type, assignment.primary_domain) == ("REDIRECT", "bread.example")
    assert assignment.created_at < assignment.updated_at


@pytest.mark.parametrize("site_ids", [[], ["bakery"], [SITE, "x"]])
def test_assignments_of_no_site_are_not_asked_for(wix, client, site_ids):
    with pytest.raises(ValueError, match="site_ids"):
        client.list_domain_assignments(account_id=CUSTOMER, site_ids=site_ids)

    assert wix.received == []


NOT_DOMAINS = ["", "bakery", "a.b/../c", "bäckerei.example", "-a.example", "a..b", "a b.example"]


@pytest.mark.parametrize("domain", [*NOT_DOMAINS, "x" * 60 + ".example", "a.example\n", None])
def test_what_is_no_domain_never_enters_a_path(wix, client, domain):
    with pytest.raises(ValueError, match="domain"):
        client.get_connected_domain(account_id=CUSTOMER, domain=domain)

    assert wix.received == []


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"first_name": "X"}, "registrant firstName"),
        ({"phone": "1" * 21}, "registrant phone"),
        ({"postal_code": ""}, "registrant postalCode"),
        ({"email": "nobody"}, "registrant email"),
        ({"country_code": "DEU"}, "registrant countryCode"),
        ({"subdivision_code": "Bavaria"}, "registrant subdivisionCode"),
    ],
)
def test_a_contact_wix_would_refuse_is_named(wix, client, changes, named):
    fields = {name: getattr(PERSON, name) for name in Contact.__slots__}

    with pytest.raises(ValueError, match=named):
        client.create_registered_domain(
            account_id=CUSTOMER,
            domain="bakery.example",
            product_instance_id=INSTANCE,
            registrant=Contact(**(fields | changes)),
        )

    assert wix.received == []


@pytest.mark.parametrize(
    "arguments",
    [
        {"query": "ab"},
        {"query": "x" * 101},
        {"query": "bread", "tlds": [".de"]},
        {"query": "bread", "tlds": ["de"] * 11},
        {"query": "bread", "limit": 21},
        {"query": "bread", "max_length": 64},
    ],
)
def test_a_search_wix_would_refuse_is_not_sent(wix, client, arguments):
    with pytest.raises(ValueError, match=r"query|tlds|limit|max_length"):
        client.suggest_domains(**arguments)

    assert wix.received == []
