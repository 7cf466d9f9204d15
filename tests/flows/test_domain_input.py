"""A domain, a site or a contact that cannot be had is refused beside its field, and what was typed
stays."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone

from resellers import contacts
from resellers.flows import deciding
from resellers.models import Flow, FlowStep, Site
from tests import worlds
from tests.dashboard.submitting import text
from tests.flows.buyers import Guided

pytestmark = [pytest.mark.django_db, pytest.mark.once]

BUY, CONNECT = "domain_purchase", "domain_connection"
LONGEST = "a" * 55 + ".example"  # 63 characters
SPELT = "xn--bckerei-nord-gcb.example"


@pytest.fixture
def site(db):
    worlds.product("Domain .example", service_type="DOMAIN", tld="example")
    worlds.product("Domain .de", service_type="DOMAIN", tld="de")
    return worlds.site(name="north-bakery")


@pytest.fixture
def begun(operator, site):
    """Begins a flow of that kind for the site, with what is typed; its answer."""

    def begun(kind, **typed):
        answers = {"words": "bakery"} if kind == BUY else {"domain": "a.example", "way": "POINTING"}
        return Guided(kind, operator, lambda: None).begin(
            **{"site": str(site.pk)} | answers | typed
        )

    return begun


def beside(answer, field: str) -> str:
    """What stands beside that field as its error."""
    found = re.search(rf'id="{field}_error"[^>]*>(.*?)</p>', answer.content.decode(), re.S)
    return unescape(found[1]) if found else ""


REFUSED = {
    "two letters": ("ab", "Write 3 to 100 characters.", "The name is too short."),
    "two letters with a dot": (".a", "The name is too short.", "The name is too short."),
    "64 letters": (f"{'a' * 64}.example", "The name is too long.", "The name is too long."),
    "one more than Wix takes": (f"a{LONGEST}", "63 characters", "63 characters"),
    "an ending nobody sells": (
        "bakery.museum",
        "is for .museum: choose another ending, such as .de, .example",
        None,
    ),
    "a subdomain": ("shop.bakery.example", "Leave out the part before the name.", None),
    "emoji": ("🥐.example", "No registry takes 🥐.example (xn--", "No registry takes 🥐"),
    "emoji spelt": ("xn--ls8h.example", "takes 💩.example (xn--ls8h.example)", "takes 💩.example"),
    "spelt for nothing": ("xn--zzzzzz--.example", "No registry takes", "No registry takes"),
    "an underscore": (
        "north_bakery.example",
        "This is not a domain name Wix can register.",
        "This is not a domain name Wix can register.",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_name_that_cannot_be_had_is_refused_beside_its_field_and_stays_there(case, begun):
    typed, to_buy, to_connect = REFUSED[case]
    for kind, field, words in ((BUY, "words", to_buy), (CONNECT, "domain", to_connect)):
        if words is None:
            continue
        answer = begun(kind, **{field: typed})

        assert answer.status_code == 422, kind
        assert words in beside(answer, field), (kind, beside(answer, field))
        assert f'value="{typed}"' in answer.content.decode()
    assert not Flow.objects.exists()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("ab.example", "ab.example"),
        (LONGEST, LONGEST),
        ("North-Bakery.Example.", "north-bakery.example"),
        ("Bäckerei-Nord.example", SPELT),
        (SPELT, SPELT),
        ("two  words", "two words"),
        ("a" * 64, "a" * 64),
    ],
)
def test_what_wix_takes_is_taken_and_a_name_shown_in_both_spellings(typed, kept, begun, operator):
    assert begun(BUY, words=typed).status_code == 302

    flow = Flow.objects.get()
    assert flow.data["words_1"] == kept
    if kept == SPELT:
        page = text(operator.get(flow.get_absolute_url()))
        assert f"bäckerei-nord.example ({SPELT})" in page


def test_a_subdomain_is_connected_by_an_alias_and_a_root_domain_in_a_way_of_its_own(begun):
    for typed, words in (
        ({"domain": "shop.bakery.example"}, "A subdomain leads there by an alias"),
        ({"domain": "bakery.example", "way": ""}, "Choose how the domain is connected."),
    ):
        answer = begun(CONNECT, **typed)
        assert (answer.status_code, words in beside(answer, "way")) == (422, True)


@pytest.mark.parametrize(
    ("of_site", "of_customer", "words"),
    [
        ({"trashed_at": timedelta()}, {}, "The site is in the trash. Choose another one."),
        ({"blocked": True}, {}, "Wix has blocked the site. Choose another one."),
        ({"gone_at": timedelta()}, {}, "Wix no longer has this site. Choose another one."),
        ({}, {"gone_at": timedelta()}, "Wix no longer has this customer: choose another one."),
        (None, {}, "This is not on offer: choose one of the list."),
    ],
    ids=["in the trash", "blocked", "gone", "the customer left", "of nobody"],
)
@pytest.mark.parametrize("kind", [BUY, CONNECT])
def test_a_site_that_cannot_have_it_is_refused_beside_its_field(
    kind, of_site, of_customer, words, begun
):
    def dated(fields):
        return {n: timezone.now() if v == timedelta() else v for n, v in fields.items()}

    site_id = worlds.new_id()
    if of_site is not None:
        site_id = worlds.site(worlds.account("Old Mill", **dated(of_customer)), **dated(of_site)).pk
    answer = begun(kind, site=str(site_id))

    assert answer.status_code == 422
    assert beside(answer, "site") == words
    if kind == BUY:
        assert 'value="bakery"' in answer.content.decode()
    assert not Flow.objects.exists()


def at(step: str, site, by, **data) -> Flow:
    """A purchase for that site that stands at that step."""
    flow = Flow.objects.create(
        kind=BUY,
        owner=by,
        begun_by=by,
        site=site,
        account=site.account,
        state=Flow.State.OPEN,
        data={"words_1": "bakery.example", "rounds": 1, "by_api": True} | data,
    )
    FlowStep.objects.create(flow=flow, name=step)
    return flow


def test_a_contact_that_wix_would_not_take_is_refused_beside_its_field(operator, site):
    flow = at("contact", site, operator.user, domain="bakery.example")
    erased = worlds.contact(site.account)
    contacts.erase(erased, by=operator.user)
    for contact, words in (
        (worlds.contact(site.account, subdivision_code=""), "In Germany Wix registers nothing"),
        (worlds.contact(worlds.account("Old Mill")), "This customer has no such contact"),
        (erased, "This customer has no such contact"),
    ):
        answer = operator.post(
            f"{flow.get_absolute_url()}answer/", {"step": "contact", "contact": str(contact.pk)}
        )

        assert answer.status_code == 422
        assert words in beside(answer, "contact")
    assert flow.steps.get(state="current").name == "contact"


def test_a_contact_that_is_written_down_on_the_way_is_chosen_already(operator, site):
    flow = at("contact", site, operator.user, domain="bakery.example")
    page = operator.get(flow.get_absolute_url()).content.decode()
    [path] = re.findall(r'href="(/accounts/[^"]+/contacts/new/\?flow=\d+)"', page)
    form = operator.get(unescape(path)).content.decode()
    assert f'name="flow" value="{flow.pk}"' in form
    person = {
        "first_name": "Ada",
        "last_name": "Example",
        "email": "ada@bakery.example",
        "phone": "+4989123456",
        "address": "Main Street 1",
        "city": "Berlin",
        "postal_code": "10115",
        "country_code": "DE",
        "subdivision_code": "BE",
    }

    saved = operator.post(path.partition("?")[0], person | {"flow": flow.pk})

    contact = site.account.contacts.get()
    assert saved["Location"] == f"{flow.get_absolute_url()}?contact={contact.pk}"
    assert f'value="{contact.pk}" selected' in operator.get(saved["Location"]).content.decode()
    # For a flow of another customer it leads nowhere else.
    other = at("contact", worlds.site(worlds.account("Old Mill")), operator.user)
    saved = operator.post(path.partition("?")[0], person | {"flow": other.pk})
    assert saved["Location"].endswith("/contacts/")


@pytest.fixture
def to_register(manager, site, settings):
    """A purchase that only waits for somebody to confirm the registration."""
    settings.WIX_REGISTERED_DOMAINS = True
    product = site.account.instances.model._meta.get_field("product").related_model
    service = worlds.instance(
        worlds.package(site.account),
        floating=True,
        product=product.objects.get(name="Domain .example"),
    )
    contact = worlds.contact(site.account)
    data = {"service": str(service.pk), "contact": str(contact.pk), "on_site": True}
    return at("register", site, manager.user, domain="bakery.example", **data)


@pytest.mark.parametrize("change", ["trashed", "moved", "incomplete"])
def test_what_became_of_site_and_contact_since_stands_in_the_plan(change, to_register, manager):
    site, words = to_register.site, "The site is in the trash."
    if change == "trashed":
        Site.objects.filter(pk=site.pk).update(trashed_at=timezone.now())
    elif change == "moved":
        Site.objects.filter(pk=site.pk).update(account=worlds.account("Old Mill"))
        words = "The site belongs to Old Mill."
    else:
        site.account.contacts.update(subdivision_code="")
        words = "In Germany Wix registers nothing without the state"

    page = text(manager.get(to_register.get_absolute_url()))

    assert words in page
    assert "Wix would refuse this" in manager.get(to_register.get_absolute_url()).content.decode()


def test_a_contact_erased_on_the_way_stops_the_flow_and_leads_back_to_the_choice(
    to_register, manager
):
    contact = to_register.site.account.contacts.get()
    contacts.erase(contact, by=manager.user)
    path = to_register.get_absolute_url()
    assert "was erased: choose another one" in text(manager.get(path))

    manager.post(f"{path}confirm/", {"step": "register"})
    stopped = text(manager.get(path))
    assert "was erased: choose another one" in stopped
    assert "Retry leads back to “Choose the registrant”." in stopped
    manager.post(f"{path}retry/")

    assert to_register.steps.get(state="current").name == "contact"
    to_register.refresh_from_db()
    other = worlds.contact(to_register.account)
    Flow.objects.filter(pk=to_register.pk).update(state=Flow.State.OPEN)
    deciding.answer(to_register, "contact", {"contact": str(other.pk)}, by=manager.user)
    again = to_register.steps.get(state="current")
    assert (again.name, again.tries) == ("register", 2)
    assert contact.last_name not in str(list(to_register.events.values_list("words", flat=True)))
