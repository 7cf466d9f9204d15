"""An owner chooses a domain: Wix suggests, staff send the text and note the answer."""

import re
from html import unescape
from urllib.parse import unquote

import pytest

from resellers.flows import domain_proposals as flow
from resellers.models import AuditEntry, DomainProposal
from tests import practice, worlds
from tests.dashboard.components.test_wix_b2b import mails
from tests.dashboard.submitting import text

pytestmark = [pytest.mark.django_db, pytest.mark.once]

NAMES = ["north-bakery.example", "xn--bcker-gra.example"]


@pytest.fixture
def site():
    return worlds.site(worlds.account(email="anna@bakery.example"), "bakery")


def address(site) -> str:
    return f"/sites/{site.pk}/domains/"


def test_what_wix_suggests_is_put_before_the_owner_and_the_choice_is_noted(sandbox, operator, site):
    suggested = operator.post(address(site), {"words": "north bakery"})
    names = re.findall(r'name="suggested" value="([^"]+)"', suggested.content.decode())
    made = operator.post(
        f"{address(site)}propose/", {"suggested": names, "domains": names[:2], "words": "x"}
    )
    proposal = DomainProposal.objects.get()
    noted = operator.post(f"{address(site)}{proposal.pk}/choose/", {"domain": names[1]})

    assert len(names) > 2
    assert made["Location"] == noted["Location"] == address(site)
    assert proposal.domains == names[:2]
    page = text(operator.get(address(site)))
    assert f"{names[1]} was chosen" in page
    events = list(AuditEntry.objects.order_by("seq").values_list("event", flat=True))
    assert events[-2:] == ["domains.proposed", "domains.chosen"]


def test_the_text_can_be_copied_or_mailed_to_the_customer(operator, site, settings):
    settings.MAIL_IS_ON = False
    flow.propose(site, NAMES, by=operator.user)

    page = operator.get(address(site)).content.decode()

    mail = unquote(unescape(re.search(r'href="(mailto:[^"]+)"', page)[1]))
    assert mail.startswith("mailto:anna@bakery.example?")
    for told in (mail, unescape(re.search(r'data-copy="([^"]+)"', page)[1])):
        assert "- north-bakery.example" in told
        assert "- bäcker.example (xn--bcker-gra.example)" in told
        assert str(site.pk) not in told


def test_what_was_chosen_leads_to_an_order_of_what_is_for_its_ending(operator, site):
    worlds.product("Domain .com", tld="com", needs_premium=True)
    product = worlds.product("Domain .example", tld="example", needs_premium=True)
    proposal = flow.propose(site, NAMES, by=operator.user)
    assert "Order Domain" not in text(operator.get(address(site)))
    flow.choose(proposal, NAMES[0], by=operator.user)

    page = operator.get(address(site)).content.decode()
    [path] = re.findall(r'href="([^"]+)"[^>]*>Order Domain .example<', page)
    form = operator.get(unescape(path)).content.decode()

    for chosen in (product.pk, site.pk):
        assert f'<option value="{chosen}" selected>' in form


def test_of_an_ending_that_no_product_is_for_wix_b2b_is_asked(operator, site):
    proposal = flow.propose(site, NAMES, by=operator.user)
    flow.choose(proposal, NAMES[0], by=operator.user)

    page = operator.get(address(site))

    assert "No product of the catalogue is for .example: ask Wix B2B which one is." in text(page)
    assert str(site.pk) in mails(page.content.decode())[0][2]


@pytest.mark.parametrize(
    ("effect", "said"),
    [
        ("refuse:INVALID_QUERY:400:No", "Wix cannot search for these characters."),
        ("drop_before", "Wix did not answer in time."),
    ],
)
def test_while_wix_is_away_or_refuses_the_form_says_so_and_keeps_the_words(
    sandbox, operator, site, effect, said
):
    practice.faults(sandbox, {"match": "domains", "effect": effect})

    answer = operator.post(address(site), {"words": "north bakery"})

    assert answer.status_code == 422
    assert said in text(answer)
    assert 'value="north bakery"' in answer.content.decode()


@pytest.mark.parametrize("words", ["", "ab", "x" * 101, "\0\0\0"])
def test_words_that_wix_would_refuse_are_told_beside_their_field(operator, site, words):
    answer = operator.post(address(site), {"words": words})

    assert answer.status_code == 422
    assert "words_error" in answer.content.decode()


@pytest.mark.parametrize("domains", [[], ["not-suggested.example"], ["<b>"], ["no dot"]])
def test_only_suggested_domains_are_put_before_an_owner(operator, site, domains):
    sent = {"suggested": [*NAMES, "<b>", "no dot"], "domains": domains}

    answer = operator.post(f"{address(site)}propose/", sent)

    assert answer.status_code == 422
    assert "domains-error" in answer.content.decode()
    assert "<b></b>" not in answer.content.decode()
    assert not DomainProposal.objects.exists()


def test_only_a_domain_that_was_proposed_is_noted_and_noting_it_twice_is_noting_it_once(
    operator, site
):
    proposal = flow.propose(site, NAMES, by=operator.user)
    path = f"{address(site)}{proposal.pk}/choose/"

    operator.post(path, {"domain": "another.example"})
    proposal.refresh_from_db()
    assert proposal.chosen == ""
    for _ in range(2):
        operator.post(path, {"domain": NAMES[0]})

    assert AuditEntry.objects.filter(event="domains.chosen").count() == 1
    other = address(worlds.site())
    assert operator.post(f"{other}{proposal.pk}/choose/", {"domain": NAMES[1]}).status_code == 404


def test_who_may_only_look_meets_no_link_and_403(viewer, operator, site):
    page = f"{site.account.get_absolute_url()}?tab=sites"

    assert address(site) in operator.get(page).content.decode()
    assert address(site) not in viewer.get(page).content.decode()
    assert viewer.get(address(site)).status_code == 403
    assert viewer.post(f"{address(site)}propose/").status_code == 403
    assert viewer.post(f"{address(site)}1/choose/").status_code == 403
