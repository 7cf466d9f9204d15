"""Each status, state and code is explained one press away, and says since when it is."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from resellers.models import OperationState, SyncRun
from resellers.refusals import CATALOGUE, FAILURES, READING_STATES, SITE_STATES
from tests import worlds
from tests.dashboard.listing import rows

pytestmark = [pytest.mark.django_db, pytest.mark.once]

FIVE_DAYS = timedelta(days=5)


# In rows a status is a shape and a word, elsewhere it has a ground; both explain themselves.
BADGE = r'<a class="(?:badge|status)\b'
PART = {"HX-Request": "true", "HX-Target": "meaning"}


def badges(html: str, client) -> dict[str, tuple[str, str]]:
    """Each badge in this part of a page by its word: what explains it, and since when it is."""
    assert not re.search(r'<span class="(?:badge|status)[ "]', html)
    found = {}
    for attributes, word in re.findall(BADGE + r"([^>]*)>([^<]+)<", html):
        answer = client.get(re.search(r'hx-get="([^"]+)"', attributes)[1], headers=PART)
        assert answer.status_code == 200
        since = re.search(r'data-since="([^"]+)"', attributes)
        found[word] = (answer.content.decode(), since[1] if since else "")
    return found


def of_rows(client, address):
    """The badges of a list's rows."""
    return badges("".join(rows(client.get(address))), client)


def test_every_state_of_a_site_is_explained(viewer):
    ago = timezone.now() - FIVE_DAYS
    account = worlds.account()
    worlds.site(account)
    worlds.site(account, published=False)
    worlds.site(account, blocked=True)
    worlds.site(account, trashed_at=ago)
    worlds.site(account, last_confirmed_at=None)
    worlds.site(account, gone_at=ago)

    on_list = of_rows(viewer, "/sites/") | of_rows(viewer, "/sites/?gone=1")
    page = viewer.get(account.get_absolute_url(), {"tab": "sites"}).content.decode()
    on_tab = badges(page.partition("<tbody>")[2].partition("</tbody>")[0], viewer)

    assert set(on_list) == {words.word for words in SITE_STATES.values()}
    assert set(on_tab) == set(on_list) - {"Gone"}
    for words in SITE_STATES.values():
        assert str(words.next_step) in on_list[words.word][0]
    for gone in ("Gone", "In the trash"):
        assert on_list[gone][1].endswith(", 5 days")


def test_every_state_of_a_reading_is_explained_with_since_when(viewer):
    for place, state in enumerate(SyncRun.State.values):
        ended = state not in SyncRun.OPEN_STATES
        SyncRun.objects.create(
            kind="package",
            subject=f"package:{place}",
            state=state,
            requested_at=timezone.now() - FIVE_DAYS,
            finished_at=timezone.now() - timedelta(days=4) if ended else None,
        )

    found = of_rows(viewer, "/mirror/")

    assert set(found) == {words.word for words in READING_STATES.values()}
    assert found["Waiting"][1].endswith(", 5 days")
    assert found["Failed"][1].endswith(", 4 days")


@pytest.mark.parametrize("code", [*FAILURES, "INVENTED_SINCE", ""])
def test_a_failures_status_and_code_are_explained_with_since_when(viewer, code):
    worlds.instance(
        status="FAILED", failure_code=code, status_since=timezone.now() - timedelta(days=9)
    )

    found = of_rows(viewer, "/failures/failed-services/")

    assert set(found) == {"Failed", code or "No code"}
    assert all(since.endswith(", 9 days") for _, since in found.values())


@pytest.mark.parametrize("status", ["ENABLED", "PENDING", "FAILED", "CANCELED", "ON_HOLD"])
def test_the_status_of_a_service_in_a_list_says_since_when(viewer, status):
    worlds.instance(status=status, status_since=timezone.now() - timedelta(days=9))

    [(_, since)] = of_rows(viewer, "/instances/").values()

    assert since.endswith(", 9 days")


@pytest.fixture(params=["list", "account", "package", "instance", "operation"])
def explained_on(request, viewer):
    """Where an operation's state and code are told: the badges of that place."""

    def explained(operation):
        if request.param == "list":
            return of_rows(viewer, "/operations/")
        if request.param == "operation":
            page = viewer.get(operation.get_absolute_url()).content.decode()
            main = page.partition("<main")[2].partition("</main>")[0]
            return badges(main, viewer)
        record = getattr(operation, request.param)
        page = viewer.get(record.get_absolute_url(), {"tab": "operations"}).content.decode()
        return badges(page.partition("<tbody>")[2].partition("</tbody>")[0], viewer)

    return explained


def refused(code="PRODUCT_LIMIT_EXCEEDED", state=OperationState.FAILED, message="", **fields):
    from tests.dashboard.stories import call

    ago = timezone.now() - FIVE_DAYS
    defaults = {"finished_at": ago, "outcome": "Wix would not."}
    operation = worlds.operation(state=state, outcome_code=code, **(defaults | fields))
    call(operation, "assign", "refused", status=428, code=code, message=message)
    return operation


def test_a_refusal_is_explained_where_its_code_is_told(explained_on):
    found = explained_on(refused())

    meaning, since = found["PRODUCT_LIMIT_EXCEEDED"]
    assert "<p>Wix would not.</p>" in meaning
    assert str(CATALOGUE["PRODUCT_LIMIT_EXCEEDED"].next_step) in meaning
    assert since.endswith(", 5 days")
    assert found["Failed"][1].endswith(", 5 days")


def test_the_texts_of_one_code_are_told_apart_when_its_badge_is_pressed(viewer):
    meant = {}
    for field in ("cycleDuration", "catalogProductId", "billingInfo"):
        message = f"You haven't provided `{field}`."
        address = f"/help/operations/{refused('MISSING_PRODUCT_DETAILS', message=message).pk}/"
        page = viewer.get(address, headers=PART).content.decode()
        meant[re.search(r"What next</dt><dd>(.+?)</dd>", page)[1]] = field

    assert len(meant) == 3


def test_two_refusals_are_explained_each_by_itself(viewer):
    refused(outcome="The first.")
    refused("SITE_NOT_FOUND", outcome="The second.")

    found = of_rows(viewer, "/operations/")

    assert "The first." in found["PRODUCT_LIMIT_EXCEEDED"][0]
    assert "The second." in found["SITE_NOT_FOUND"][0]


@pytest.mark.parametrize(
    ("code", "badge", "words"),
    [
        ("403", "HTTP 403, no code", "Check the account and the key"),
        ("INVENTED_SINCE", "INVENTED_SINCE", "report them with the request"),
    ],
)
def test_a_code_that_wix_does_not_document_is_explained_too(viewer, code, badge, words):
    refused(code)

    assert words in of_rows(viewer, "/operations/")[badge][0]


def test_a_code_of_our_own_is_not_said_to_be_of_wix(viewer):
    refused("plan_moved", OperationState.CANCELED, outcome="It had changed at Wix.")

    meaning, _ = of_rows(viewer, "/operations/")["plan_moved"]
    assert "It had changed at Wix." in meaning
    assert "Wix B2B" not in meaning
    assert "report" not in meaning


def test_hostile_words_of_an_outcome_stand_as_text(viewer):
    refused("<b>", outcome="<script>alert(1)</script>")

    html = viewer.get("/operations/").content.decode()

    assert "<script>alert" not in html
    assert "&lt;b&gt;" in html


def test_every_badge_without_a_script_leads_to_its_place_among_all_explanations(viewer):
    page = viewer.get("/help/").content.decode().partition("<main")[2]
    places = set(re.findall(r'<div id="([^"]+)">', page))
    worlds.instance(status="FAILED", failure_code="UNKNOWN")
    html = "".join(rows(viewer.get("/failures/failed-services/")))
    links = re.findall(BADGE + r'[^>]* href="([^"#]+)#([^"]+)"', html)

    assert len(places) > 30
    assert {path for path, _ in links} == {"/help/"}
    assert {key for _, key in links} == {"status-FAILED", "failure-UNKNOWN"} <= places
    for key in places:
        answer = viewer.get(f"/help/{key}/")
        assert (answer.status_code, answer["Location"]) == (302, f"/help/#{key}")


def test_no_page_carries_explanations_that_nobody_asked_for(viewer):
    operation = refused()

    page = viewer.get(operation.get_absolute_url()).content

    assert page.count(b"Who acts") <= 2
    assert len(page.partition(b"<main")[2].partition(b"</main>")[0]) < 6_000


@pytest.mark.parametrize("path", ["/help/nothing/", "/help/operations/99/", "/help/%00/"])
def test_what_nothing_explains_is_not_found(viewer, path):
    assert viewer.get(path, headers=PART).status_code == 404


@pytest.mark.parametrize("address", ["/accounts/", "/me/notifications/"])
def test_every_small_question_mark_leads_to_a_place_in_help(operator, address):
    marks = re.findall(
        r'class="help-mark" href="/help/#([\w-]+)"', operator.get(address).content.decode()
    )
    places = operator.get("/help/").content.decode()

    assert marks
    assert [mark for mark in marks if f'id="{mark}"' not in places] == []
