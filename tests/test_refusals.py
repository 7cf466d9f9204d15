"""Every refusal that Wix documents: from the thing that causes it to the words staff read."""

from collections.abc import Iterator

import pytest
import requests

from resellers.refusals import CATALOGUE, FAILURES, allowed_cycles, explain, explain_failure
from resellers.sandbox import Sandbox
from resellers.wix import NewProduct, WixAnswer, WixClient, WixNotFound, WixRefused, arguments
from tests.causes.customer import CAUSES, NOWHERE, Customer
from tests.documented_refusals import (
    BARE,
    DOCUMENTED,
    INITIALS,
    NEVER_REGISTERED,
    PASSES_BY_ITSELF,
    REMEDIES,
    REMEDIES_OF_DOMAINS,
    REMEDIES_OF_TRANSFERS,
    TEXTS,
    WALK,
)
from tests.wix.domain_examples import PERSON


@pytest.fixture
def wix(sandbox: Sandbox) -> Iterator[WixClient]:
    with WixClient(
        base_url=sandbox.url,
        api_key=sandbox.api_key,
        account_id=sandbox.account_id,
        backoff=0.001,
    ) as client:
        yield client


@pytest.fixture
def customer(sandbox: Sandbox, wix: WixClient) -> Customer:
    """A customer of a small world that registers domains."""
    of = Customer(sandbox, wix)
    of.control("switches", registered_domains="on")
    return of


def reads_well(text: str) -> bool:
    """Whether it is a sentence or two for people, without codes and placeholders."""
    return text[0].isupper() and text.endswith(".") and "_" not in text and "<" not in text


def test_each_documented_refusal_has_a_cause_and_no_cause_stands_alone():
    assert set(CAUSES) == {(call, code) for call, code, *_ in WALK}


@pytest.mark.parametrize(("call", "code", "status", "who", "field"), WALK)
def test_a_refusal_goes_from_its_cause_to_the_words_staff_read(
    call, code, status, who, field, customer
):
    expected = WixNotFound if status == 404 else WixRefused

    with pytest.raises(expected) as refused:
        CAUSES[call, code](customer)

    assert (refused.value.status, refused.value.code) == (status, code)
    assert refused.value.request_id
    known = explain(refused.value.code, refused.value.status)
    assert code in CATALOGUE
    assert known.code == code
    assert reads_well(str(known.words))
    assert reads_well(str(known.next_step))
    assert known.who == who
    assert known.field == field
    assert known.retry == (code in PASSES_BY_ITSELF)


def test_of_each_refusal_in_the_table_it_is_known_what_helps():
    documented = {code for call in ("create", "adjust", "unassign") for code in DOCUMENTED[call]}
    assert set(REMEDIES) == documented
    assert set(REMEDIES_OF_TRANSFERS) == set(DOCUMENTED["transfer"])
    asked = [(code, None, remedies) for code, remedies in REMEDIES.items()]
    asked += [(code, None, remedies) for code, remedies in REMEDIES_OF_DOMAINS.items()]
    for code, remedies in REMEDIES_OF_TRANSFERS.items():
        asked.append((code, DOCUMENTED["transfer"][code][0], remedies))

    for code, status, remedies in asked:
        known = explain(code, status)
        assert "".join(INITIALS[remedy] for remedy in known.remedies) == remedies, code
        assert (known.who == "wix") == (remedies == "W"), code


def test_what_helps_is_said_in_our_own_words_and_that_nobody_knows_too():
    assert explain("MISSING_SITE_ID").remedy_words == "Read it again from Wix"
    assert explain("PRODUCT_TYPE_ALREADY_ASSIGNED").remedy_words == "Change something first"
    assert explain("PRODUCT_LIMIT_EXCEEDED").remedy_words == "Only Wix can help"
    assert explain("PRODUCT_NOT_FOUND").remedy_words == "Fix the form or only Wix can help"
    assert explain("INVENTED_SINCE", 428).remedy_words == "Not known"
    assert explain("", 503).remedy_words == ""


@pytest.mark.parametrize(("code", "message", "words", "field", "helps"), TEXTS)
def test_a_code_with_several_texts_has_words_and_a_field_for_each(
    code, message, words, field, helps, customer
):
    customer.control(
        "faults", rules=[{"match": "adjust", "effect": f"refuse:{code}:428:{message}"}]
    )

    with pytest.raises(WixRefused) as refused:
        customer.adjust(NOWHERE, "Core")

    assert (refused.value.code, refused.value.message) == (code, message)
    known = explain(code, refused.value.status, refused.value.message)
    assert (known.code, known.field) == (code, field)
    assert words in known.words
    assert reads_well(str(known.words))
    assert reads_well(str(known.next_step))
    assert "".join(INITIALS[remedy] for remedy in known.remedies) == helps


def test_the_cycles_that_wix_allows_are_read_from_its_words(customer):
    for brings_about in ("INCOMPATIBLE_BILLING_CYCLE", "INVALID_BILLING_CYCLE"):
        with pytest.raises(WixRefused) as refused:
            CAUSES["create", brings_about](customer)
        named = allowed_cycles(brings_about, refused.value.message)
        assert named == "1 YEAR, 1 MONTH, 2 YEAR"
    assert allowed_cycles("MISSING_BILLING_CYCLE", "It is not one of 1 YEAR.") == ""
    assert allowed_cycles("INCOMPATIBLE_BILLING_CYCLE", "No such cycle.") == ""


def code_of_plain_call(of: Customer, path: str, body: dict, **headers: str) -> tuple[int, str]:
    """The status and code Wix refuses a call with that our client does not make."""
    answer = requests.post(
        of.sandbox.url + path,
        json=body,
        headers={"Authorization": of.sandbox.api_key, "wix-account-id": of.account, **headers},
        timeout=10,
    )
    return answer.status_code, answer.json()["details"]["applicationError"]["code"]


@pytest.mark.parametrize(("code", "domain"), NEVER_REGISTERED.items())
def test_a_domain_of_no_possible_length_is_never_sent_and_has_its_words_too(code, domain, customer):
    registered = {"domain": domain, "productInstanceId": NOWHERE, "contacts": {}}
    registered["contacts"] = {"registrant": arguments.contact("registrant", PERSON)}

    with pytest.raises(ValueError, match="domain"):
        customer.register(domain, NOWHERE)
    answer = code_of_plain_call(
        customer, "/domains/v1/registered-domains", {"registeredDomain": registered}
    )

    assert answer == (400, code)
    assert code in CATALOGUE
    assert reads_well(str(explain(code, 400).words))


def test_a_site_id_that_is_no_guid_is_never_sent_and_has_its_words_too(customer):
    connected = {"domain": "bakery.example", "connectionType": "NAMESERVERS"}

    with pytest.raises(ValueError, match="site_id"):
        customer.connect("bakery.example", site_id="no-guid")
    answer = code_of_plain_call(
        customer,
        "/domains/v1/connected-domains",
        {"connectedDomain": connected},
        **{"wix-site-id": "no-guid"},
    )

    assert answer == (400, "DOMAINS_GUID_NOT_VALID")
    assert "DOMAINS_GUID_NOT_VALID" in CATALOGUE
    assert reads_well(str(explain(*answer[::-1]).words))


def test_a_site_with_paid_services_is_not_trashed_and_the_words_say_why(customer):
    """Reference: Site Actions, Bulk Delete Site: the call ends well, its items do not."""
    customer.plan()

    answer = customer.wix.bulk_delete_sites(
        account_id=customer.account, site_ids=[customer.site, customer.other_site]
    )

    (refused,) = [one for one in answer.results if not one.success]
    assert (refused.site_id, refused.code) == (customer.site, "PREMIUM_NOT_PERMITTED")
    known = explain(refused.code or "", answer.call.status)
    assert known.field == "site"
    assert reads_well(str(known.words))


@pytest.mark.parametrize("with_key", [True, False])
def test_a_domain_search_that_is_denied_its_key_is_made_without(with_key, customer):
    """Reference: Domain Search: 403 `access_denied` for a key, or none without one."""
    customer.control("switches", domain_search_auth="refuse_key")
    with WixClient(
        base_url=customer.sandbox.url,
        api_key=customer.sandbox.api_key,
        account_id=customer.sandbox.account_id,
        search_with_key=with_key,
    ) as client:
        answer = client.check_domain_availability(domain="bakery.example")

    assert answer.availability.available
    assert answer.call.attempts == (2 if with_key else 1)
    assert reads_well(str(explain("access_denied", 403).words))
    assert "access_denied" in CATALOGUE


@pytest.mark.parametrize("code", ["DELIVERY_TIMEOUT", "EXTERNAL_FAILURE"])
def test_a_delivery_that_fails_carries_a_code_that_staff_read_as_words(code, customer):
    """Reference: Resellers, Packages object: `failure`."""
    customer.control("switches", delivery_outcome=code)

    instance = customer.order("Core", site_id=customer.site)

    asked = {"productInstances.instanceId": {"$hasSome": [instance]}}
    (package,) = customer.wix.query_packages(filter=asked).items
    (failed,) = package.instances
    assert (failed.status, failed.failure_code) == ("FAILED", code)
    assert code in FAILURES
    assert reads_well(explain_failure(code).words)
    assert reads_well(explain_failure(code).next_step)


@pytest.mark.parametrize("status", BARE)
def test_an_answer_without_a_code_is_told_by_its_status(status, customer):
    undocumented = explain("", 418)
    assert explain("", 520).words == explain("", 500).words, "a fault is no refusal"
    rule = {"match": "query", "effect": f"bare:{status}"}
    customer.control("faults", rules=[rule])

    with pytest.raises(WixAnswer) as refused:
        customer.wix.query_packages(limit=1)

    assert (refused.value.status, refused.value.code) == (status, None)
    known = explain(refused.value.code or "", refused.value.status)
    assert known.words != undocumented.words
    assert reads_well(str(known.words))
    assert reads_well(str(known.next_step))
    assert known.retry == (status in (429, 500, 502, 503, 504))


@pytest.mark.parametrize("body", ["json", "empty", "html"])
@pytest.mark.parametrize(("status", "lacks"), [(401, []), (403, ["packages.manage"])])
def test_a_key_that_wix_refuses_is_told_whatever_the_answer_looks_like(
    body, status, lacks, customer
):
    customer.control("switches", denied_body=body, key_lacks=lacks)
    key = customer.sandbox.api_key if lacks else "another-key"
    client = WixClient(
        base_url=customer.sandbox.url, api_key=key, account_id=customer.sandbox.account_id
    )

    with client, pytest.raises(WixAnswer) as refused:
        client.create_package(account_id=customer.account, products=[NewProduct(NOWHERE, "DE")])

    assert refused.value.status == status
    assert "key" in explain(refused.value.code or "", status).words


def test_a_code_that_wix_invents_keeps_its_name_and_is_told_by_its_status():
    known = explain("INVENTED_SINCE", 428)

    assert known.code == "INVENTED_SINCE"
    assert known.words == explain("", 428).words
    assert not known.retry
