"""Whatever a request holds, the answer is never a fault of ours: every address, with parameters,
headers, cookies and bodies that no browser would send.

`make test` sends the same few to every address, `FULL=1 make test` sends many more.
"""

import io
import logging
import re
import sys
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.signals import got_request_exception, request_finished, request_started
from django.db import close_old_connections, transaction
from django.test import Client

from dashboard.wsgi import application
from resellers import notes
from resellers.models import OperationState, SyncRun, Upload
from tests import worlds
from tests.dashboard.every_address import every_address
from tests.dashboard.hostile import Bent, Drawing
from tests.randomness import FULL, chances

pytestmark = pytest.mark.django_db
# How many of each are sent to each address: to who is signed in, and to who is not.
ROUNDS = {"GET": 40, "POST": 40} if FULL else {"GET": 1, "POST": 1}
ROUNDS_OF_STRANGERS = 40 if FULL else 1
# What stands in rows, from Wix and from imports, and comes back as the value of a filter.
ODD = ("two\nlines\tand a tab", "none", "'\"<b>&%_\\", "\u202eabc", "#3", "x" * 100)
TOKEN = "a" * 32  # of a form, as cookie and header have it
AS_A_SERVER = {
    "SERVER_NAME": "testserver",
    "SERVER_PORT": "80",
    "SERVER_PROTOCOL": "HTTP/1.1",
    "REMOTE_ADDR": "203.0.113.7",
    "HTTP_HOST": "testserver",
    "SCRIPT_NAME": "",
    "wsgi.url_scheme": "http",
    "wsgi.version": (1, 0),
    "wsgi.multithread": True,
    "wsgi.multiprocess": True,
    "wsgi.run_once": False,
}


@dataclass
class Answer:
    """What was answered, and what was raised on the way."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes = b""
    fault: BaseException | None = None


@pytest.fixture(autouse=True)
def one_connection(caplog):
    """The test's own connection is kept, and what is asked to fail does so without a word."""
    caplog.set_level(logging.CRITICAL, "django")
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def world(db) -> Mapping[str, object]:
    """Ids of one record behind every address that has one."""
    person = worlds.user("admin")
    service = worlds.instance(status="FAILED", failure_code="DELIVERY_TIMEOUT")
    worlds.instance(service.package, floating=True)
    for odd in ODD:
        of = worlds.account(odd, group=odd, email=odd, reference=odd)
        on = worlds.site(of, display_name=odd, url=odd)
        worlds.instance(worlds.package(of, external_id=odd), on, status=odd[:40])
    notes.pin(notes.add_note(service, "Asked Wix B2B.", by=person), by=person)
    operation = worlds.operation(service, person, state=OperationState.NEEDS_ATTENTION)
    run = SyncRun.objects.create(kind="full", subject="full", state="failed", error="Wix is away.")
    return {
        "accounts": service.account_id,
        "packages": service.package_id,
        "instances": service.pk,
        "catalog": service.product_id,
        "operations": operation.pk,
        "mirror": run.pk,
    }


def addresses(world: Mapping[str, object]) -> list[str]:
    upload = Upload.objects.create(
        kind="catalog", name="a.csv", content=b"product_id,name\r\n", by=User.objects.get()
    )
    known = [address for _, address in every_address(world)]
    known += [
        re.sub(r"^/catalog/import/[^/]+/", f"/catalog/import/{upload.pk}/", one)
        for one in known
        if one.startswith("/catalog/import/")
    ]
    # What no pattern takes, and ids that no column holds.
    known += [f"{path}{'9' * 30}/" for path in ("/operations/", "/mirror/", "/instances/")]
    # Where anybody may knock there is more knocking.
    known += ["/login/"] * 9
    return [*known, "/static/app.css", "/static/%00", "/\0", "/\xff", "//[", "/a" * 2000]


class Parameters(HTMLParser):
    """The parameters that a page sends or leads to, each with the values it has for them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.known: defaultdict[str, set[str]] = defaultdict(set)
        self.select = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        attributes = {name: value or "" for name, value in attrs}
        name = attributes.get("name", "")
        if tag == "select":
            self.select = name
        elif tag == "option":
            name = self.select
        if name and tag in ("input", "select", "option", "textarea", "button"):
            self.known[name].add(attributes.get("value", ""))
        for link in ("href", "hx-get", "hx-post", "action"):
            query = urlsplit(attributes.get(link, "")).query
            for key, value in parse_qsl(query, keep_blank_values=True):
                self.known[key].add(value)


def answer_to(request: Bent) -> Answer:
    """What the whole application answers, as a web server asks it; nothing done for it stays."""
    body = io.BytesIO(request.body)
    environ = AS_A_SERVER | request.environ
    environ |= {"REQUEST_METHOD": request.method, "PATH_INFO": request.path}
    environ |= {"QUERY_STRING": request.query, "wsgi.input": body, "wsgi.errors": sys.stderr}
    answer = Answer()

    def start(status, headers, *_):
        answer.status, answer.headers = int(status[:3]), dict(headers)

    def note(**_):
        answer.fault = sys.exc_info()[1]

    got_request_exception.connect(note)
    try:
        with transaction.atomic():
            parts = application(environ, start)
            answer.content = b"".join(parts)
            parts.close()
            transaction.set_rollback(True)
    except Exception as error:  # noqa: BLE001  (whatever it is, a web server would answer 500)
        answer.status, answer.fault = 500, error
    finally:
        got_request_exception.disconnect(note)
    return answer


def known_of(person: str, addresses: list[str]) -> dict[str, dict[str, list[str]]]:
    """The parameters of each address's page and their values, beside those that every list has."""
    everywhere = ("q", "sort", "page", "after", "before", "columns", "run", "tab", "next", "query")
    more = (*everywhere, "id", "plan", "request_id", "csrfmiddlewaretoken")
    found = {}
    for address in addresses:
        answer = answer_to(Bent("GET", address, environ={"HTTP_COOKIE": person}))
        is_page = answer.status == 200 and "html" in answer.headers["Content-Type"]
        known = Parameters(answer.content.decode() if is_page else "").known
        for name in more:
            known[name] |= {""}
        found[address] = {name: sorted(known[name]) for name in sorted(known)}
    return found


def fault(request: Bent) -> str:
    """What is wrong with the answer: empty for any answer that is no fault of ours."""
    answer = answer_to(request)
    return f"{answer.fault!r:.300}\n    {request}" if answer.status == 500 else ""


def cookies_of(person: User) -> str:
    """What the browser of somebody sends who is signed in."""
    client = Client()
    client.force_login(person)
    client.cookies[settings.CSRF_COOKIE_NAME] = TOKEN
    return client.cookies.output(attrs=[], header="", sep=";").strip()


@pytest.mark.at_length
def test_no_request_to_any_address_is_answered_with_a_fault(world):
    person = cookies_of(User.objects.get())
    places = addresses(world)
    known = known_of(person, places)
    faults = []
    for place, address in enumerate(places):
        chance = chances(f"{place} {address}")
        drawing = Drawing(chance, address, known[address])
        for method in ("GET", "POST"):
            for _ in range(ROUNDS[method]):
                request = drawing.request(method)
                request.environ["HTTP_COOKIE"] = person
                request.environ.setdefault("HTTP_X_CSRFTOKEN", TOKEN)
                faults.append(fault(request))
        for _ in range(ROUNDS_OF_STRANGERS):
            request = drawing.request(chance.choice(("GET", "POST")))
            request.environ["HTTP_COOKIE"] = drawing.cookies()
            faults.append(fault(request))

    if any(faults):
        pytest.fail("\n".join(filter(None, faults)))
    assert len(places) > 90
    assert len(set().union(*known.values())) > 50


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain; charset=hex",
        'text/plain; CHARSET ="rot13"',
        "text/plain; charset*=utf-8''base64",
        "text/plain; x=1;charset=no-such",
        "text/plain; x*=no-such''%41",
        ";;;=",
    ],
)
def test_every_request_is_read_as_utf_8_whatever_charset_it_names(content_type):
    request = Bent("GET", "/login/", "next=/%C5%A1/", environ={"CONTENT_TYPE": content_type})
    answer = answer_to(request)

    assert answer.status == 200
    assert 'name="next" value="/š/"' in answer.content.decode()
