"""What stands around every page: safe headers, ways out of trouble, the menu, banners."""

import gzip
import re

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder

from resellers import breaker, cases
from tests import worlds
from tests.dashboard.every_address import every_address
from tests.dashboard.outages import database_away

pytestmark = [pytest.mark.django_db, pytest.mark.once]
# The door: what is behind it asks for more than its address.
DOOR = {"/logout/"} | {f"/login/{page}" for page in ("", "code/", "passkey/", "closed/")}
DOOR |= {"/login/forgotten/"}
DOOR |= {"/login/link/", "/login/link/failures/", "/login/provider/", "/login/provider/callback/"}
OPEN_TO_ALL = DOOR | {"/healthz", "/readyz", "/metrics"}


def heads(answer, *names):
    return {name: answer.headers.get(name) for name in names}


@pytest.mark.parametrize(
    "address", ["/", "/login/", "/instances/", "/accounts/export.csv", "/nowhere/", "/healthz"]
)
def test_every_answer_has_safe_headers(viewer, address):
    answer = viewer.get(address)

    assert answer["Cache-Control"] == "private, no-store"
    assert "camera=()" in answer["Permissions-Policy"]
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert re.fullmatch(r"[0-9a-f]{32}", answer["X-Request-ID"])
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]


def test_a_page_and_a_file_come_packed_to_who_can_unpack_them(viewer):
    worlds.instance()
    for address in ("/instances/", "/instances/export.csv"):
        plain, packed = (
            viewer.get(address, headers={"accept-encoding": to}) for to in ("", "gzip")
        )
        whole, unpacked = plain.getvalue(), gzip.decompress(packed.getvalue())

        assert (plain.get("Content-Encoding"), packed["Content-Encoding"]) == (None, "gzip")
        assert "Accept-Encoding" in packed["Vary"]
        # Tokens and ages apart they are the same.
        assert whole[:60] == unpacked[:60]
        assert abs(len(whole) - len(unpacked)) < 200


def test_each_request_has_an_id_of_its_own(viewer):
    assert viewer.get("/")["X-Request-ID"] != viewer.get("/")["X-Request-ID"]


def addresses() -> list[str]:
    """Every page's address, with an id of nothing where one belongs; the API asks for a token."""
    found = (address for _, address in every_address())
    return sorted(address for address in found if not address.startswith("/api/"))


@pytest.mark.parametrize("method", ["get", "post"])
def test_every_address_asks_for_log_in_but_the_open_ones(client, method):
    asked = {
        address
        for address in addresses()
        if getattr(client, method)(address).headers.get("Location", "").startswith("/login/?next=")
    }

    assert set(addresses()) - asked == OPEN_TO_ALL


def test_who_has_no_role_sees_nothing(client):
    client.force_login(User.objects.create_user("newcomer"))

    for address in addresses():
        if address in OPEN_TO_ALL:
            continue
        answer = client.get(address)
        assert answer.status_code == 403, address
        assert "Ask an admin" in answer.content.decode()
    assert client.post("/logout/").status_code == 302


@pytest.mark.parametrize("role", ["viewer", "operator", "manager", "admin"])
def test_every_role_may_read_and_take_away_everything(log_in, role):
    service = worlds.instance()
    client = log_in(role)
    records = [record.get_absolute_url() for record in (service, service.package, service.account)]
    nouns = ("accounts", "packages", "instances", "sites")
    files = [f"/{noun}/export.csv" for noun in nouns] + ["/reports/failures/export.csv"]

    for address in [
        "/",
        "/reports/",
        "/search/?q=x",
        *(f"/{noun}/" for noun in nouns),
        *records,
        *files,
    ]:
        assert client.get(address).status_code == 200, address
        assert client.post(address).status_code == 405, address


@pytest.mark.parametrize("address", ["/", "/instances/", "/accounts/export.csv", "/search/?q=a"])
def test_without_the_database_a_plain_page_says_so(viewer, address):
    viewer.raise_request_exception = False

    with database_away():
        answer = viewer.get(address)

    assert answer.status_code == 503
    assert "The database does not answer" in answer.content.decode()
    assert "secret-host" not in answer.content.decode()
    assert answer["Cache-Control"] == "private, no-store"


def test_a_database_that_goes_away_in_mid_page_says_so_too(viewer):
    viewer.get("/")

    def refuse_rows(execute, sql, params, many, context):
        if "resellers_productinstance" in sql:
            raise OperationalError("gone")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse_rows):
        answer = viewer.get("/instances/")

    assert answer.status_code == 503


def test_health_answers_without_the_database_and_readiness_does_not(client):
    assert client.get("/healthz").status_code == client.get("/readyz").status_code == 200

    with database_away():
        assert client.get("/healthz").content == b"ok\n"
        answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.content == b"not ready: the database does not answer\n"


@pytest.mark.parametrize("host", ["10.0.0.7:8000", "[2001:db8::1]:8000", "web-7", "a_b", "[", ""])
def test_health_and_readiness_are_told_whatever_the_name_they_are_asked_by(client, settings, host):
    settings.ALLOWED_HOSTS = ["dashboard.example"]
    settings.SECURE_SSL_REDIRECT = True

    for address in ("/healthz", "/readyz"):
        answer = client.get(address, headers={"Host": host})
        assert answer.status_code == 200
        assert re.fullmatch(r"[0-9a-f]{32}", answer["X-Request-ID"])
        assert client.post(address, headers={"Host": host}).status_code == 405
    settings.SECURE_SSL_REDIRECT = False
    assert client.get("/login/", headers={"Host": host}).status_code == 400


def test_a_fault_of_ours_is_a_plain_page_with_the_requests_id(viewer):
    viewer.raise_request_exception = False

    def break_(execute, sql, params, many, context):
        if "resellers_site" in sql:
            raise ZeroDivisionError("secret inside")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(break_):
        answer = viewer.get("/sites/")

    assert answer.status_code == 500
    assert answer["X-Request-ID"] in answer.content.decode()
    assert "secret inside" not in answer.content.decode()


@pytest.mark.parametrize(
    "address",
    ["/instances/{}/", "/packages/{}/", "/accounts/{}/"],
)
def test_an_unknown_id_is_said_to_be_in_no_mirror(operator, address):
    nothing = "00000000-0000-4000-8000-00000000000f"

    answer = operator.get(address.format(nothing.upper()))
    html = answer.content.decode()

    assert answer.status_code == 404
    assert nothing in html
    assert "Sync now" in html
    assert 'aria-label="Main"' in html


@pytest.mark.parametrize(
    "address", ["/instances/x/", "/instances/1/../2/", "/nowhere/", "/instances/" + "0" * 500]
)
def test_an_address_of_nothing_is_a_page_of_its_own(viewer, client, address):
    assert viewer.get(address).status_code == 404
    assert "no page at this address" in viewer.get(address).content.decode()
    assert 'aria-label="Main"' not in client.get(address).content.decode()


def test_the_menu_marks_where_one_is_and_shows_the_counts(viewer):
    worlds.instance(status="FAILED")
    cases.keep()

    html = viewer.get("/instances/").content.decode()
    menu = re.search(r"<nav.*?</nav>", html, re.DOTALL)[0]

    assert re.findall(r'href="([^"]+)" aria-current="page"', menu) == ["/instances/"]
    assert re.search(
        r'href="/failures/"[^>]*>.*?Failures</span> <span class="count bad">1<',
        menu,
    )
    assert re.search(r'href="/packages/"[^>]*>.*?Packages</span> <span class="count">1<', menu)


def test_a_figure_of_the_menu_is_not_of_a_list_that_shows_more(viewer):
    worlds.operation(by=worlds.user("operator"), state="succeeded")

    menu = re.search(r"<nav.*?</nav>", viewer.get("/sites/").content.decode(), re.DOTALL)[0]

    assert re.search(r'<a href="/operations/"[^>]*>[^\n]*Operations</span></a>', menu)


def test_every_link_of_the_menu_leads_to_a_page(viewer):
    menu = re.search(r"<nav.*?</nav>", viewer.get("/").content.decode(), re.DOTALL)[0]

    for link in set(re.findall(r'<a href="([^"]+)"', menu)):
        assert viewer.get(link).status_code == 200, link


def test_a_web_process_is_not_ready_while_tables_of_its_code_are_missing(client):
    assert client.get("/readyz").status_code == 200
    last = MigrationRecorder.Migration.objects.filter(app="resellers").order_by("name").last()

    last.delete()

    assert client.get("/readyz").content == b"not ready: migrations are not applied\n"


def test_practice_is_said_on_every_page_and_only_then(viewer, settings):
    assert "Practice<" in viewer.get("/reports/").content.decode()

    settings.WIX_BASE_URL = "https://www.wixapis.com"

    assert "Practice<" not in viewer.get("/reports/").content.decode()


def test_paused_writes_are_said_on_every_page(viewer):
    breaker.pause_writes("Wix does not accept the key.")

    html = viewer.get("/reports/").content.decode()

    assert "Writing to Wix is paused" in html
    assert "Wix does not accept the key." in html


def test_nothing_on_a_page_is_inline_or_from_elsewhere(operator):
    instance = worlds.instance()
    pages = ["/", "/instances/", "/reports/", "/search/?q=north", f"/instances/{instance.pk}/"]

    for address in pages:
        html = operator.get(address).content.decode()
        assert not re.search(r"<[^>]+\s(?:style|on[a-z]+)\s*=", html), address
        assert re.findall(r"<script(?![^>]*\bsrc=)", html) == []
        assert re.findall(r'(?:src|href)="(?:https?:)?//(?![^"]*\.example)', html) == []
        assert '"allowEval":false' in html


def test_no_page_but_the_doctors_speaks_of_how_the_machine_is_built(log_in):
    admin, service = log_in("admin"), worlds.instance()
    pages = [
        "/",
        "/instances/",
        "/reports/",
        "/failures/failed-services/",
        "/operations/",
        "/me/",
        "/nothing/",
    ]

    for address in [*pages, service.get_absolute_url()]:
        html = admin.get(address).content.decode()
        words = re.sub(r"<script.*?</script>|<[^>]*>", " ", html, flags=re.DOTALL)
        assert re.findall(r"(?i)\b(?:mirror|beat|sweep|worker|redis)\b", words) == [], address
