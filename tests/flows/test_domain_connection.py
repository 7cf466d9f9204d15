"""A domain bought elsewhere is told to Wix, its records are set, and it is found."""

import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest

from resellers.models import Flow, Site
from tests import practice
from tests.flows.buyers import Guided

pytestmark = pytest.mark.django_db(transaction=True)

SPELT = "xn--bckerei-nord-gcb.example"


@pytest.fixture
def resolver(settings):
    """A resolver whose answers a test writes: values by name and type."""
    held: dict[tuple[str, str], list[str]] = {}
    types = {"A": 1, "NS": 2, "CNAME": 5}

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self):
            asked = parse_qs(urlsplit(self.path).query)
            name, type_ = asked["name"][0], asked["type"][0]
            answer = [{"type": types[type_], "data": one} for one in held.get((name, type_), [])]
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({"Status": 0, "Answer": answer}).encode())

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Answers)
    Thread(target=server.serve_forever, daemon=True).start()
    settings.DNS_RESOLVER = f"http://127.0.0.1:{server.server_port}/resolve"
    yield held
    server.shutdown()
    server.server_close()


def premium_site() -> Site:
    sites = Site.objects.usable().premium().filter(account__is_main=False, account__gone_at=None)
    return sites.order_by("id").first()


@pytest.mark.parametrize("effect", ["", "drop_after"])
def test_its_records_are_told_and_looked_up_and_it_is_connected_once(
    mirror, operator, run_due, resolver, effect
):
    site, somebody = premium_site(), Guided("domain_connection", operator, run_due)
    somebody.begin(site=str(site.pk), domain="Bäckerei-Nord.example", way="POINTING")
    if effect:
        practice.faults(
            mirror.sandbox, {"match": "domains", "effect": effect, "times": 1, "after": 1}
        )
    somebody.confirm()

    assert somebody.step == "records", somebody.page
    for told in (SPELT, "192.0.2.7", f"www.{SPELT}", "pointing.dns.example", "Registrar Beispiel"):
        assert told in somebody.page, told
    somebody.answer()
    assert f"A of {SPELT} is not set; CNAME of www.{SPELT} is not set" in somebody.page
    resolver[SPELT, "A"] = ["203.0.113.9"]
    resolver[f"www.{SPELT}", "CNAME"] = ["Pointing.dns.example."]
    somebody.look()
    assert f"A of {SPELT} is 203.0.113.9 " in f"{somebody.page} "
    resolver[SPELT, "A"] = ["192.0.2.7"]
    somebody.look()
    assert "All records are set; Wix does not find the domain yet." in somebody.page
    practice.clock(mirror.sandbox, advance_seconds=2 * 86400 + 60)
    somebody.look()

    assert somebody.flow.state == Flow.State.DONE, somebody.page
    assert list(mirror.sandbox.world.connected_domains.get(SPELT) and [SPELT]) == [SPELT]


def test_without_a_resolver_it_is_said_that_wix_names_no_record(mirror, operator, run_due):
    site, somebody = premium_site(), Guided("domain_connection", operator, run_due)
    somebody.begin(site=str(site.pk), domain="shop.north-bakery.example", way="")
    somebody.confirm()
    assert "CNAME" in somebody.page
    somebody.answer()

    assert "and not which record is wrong" in somebody.page
