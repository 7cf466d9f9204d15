"""The API keeps to its OpenAPI document, whatever is asked: schemathesis draws the calls."""

import logging
from collections.abc import Iterator
from datetime import date
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
import schemathesis
from django.conf import settings
from hypothesis import strategies
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

from dashboard.api.document import document
from dashboard.wsgi import application
from tests import worlds
from tests.dashboard.api.callers import Caller
from tests.one_of_everything import one_of_everything
from tests.randomness import FULL, seed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]
# What no pattern of the document can say: who works here, and which days there are.
schemathesis.openapi.format("username", strategies.sampled_from(["me", "nobody", "admin"]))
schemathesis.openapi.format("date", strategies.dates(date(1970, 1, 1), date(9000, 1, 1)).map(str))


@pytest.fixture
def caller(monkeypatch, caplog) -> Caller:
    caplog.set_level(logging.CRITICAL, "django")
    for name in settings.API:
        monkeypatch.setitem(settings.API, name, 1_000_000)
    admin = worlds.user("admin")
    one_of_everything(admin)
    return Caller(admin)


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nothing: what was wrong is in the answers."""


@pytest.fixture
def address() -> Iterator[str]:
    """Where the site answers, one call after the other."""
    with make_server("127.0.0.1", 0, application, handler_class=Quiet) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def calls() -> dict[str, Any]:
    """The document without `after`: which marks fit is a matter of the other parameters."""
    found = document()
    paths = {
        path: {
            "get": call["get"]
            | {"parameters": [one for one in call["get"]["parameters"] if one["name"] != "after"]}
        }
        for path, call in found["paths"].items()
    }
    return found | {"paths": paths}


def failures(address: str, token: str, **config: Any) -> Iterator[str]:
    """What schemathesis finds there, a line each; its last line says how much was asked."""
    generation = {"deterministic": not FULL, "database": "none"} | config.pop("generation")
    config |= {"base-url": address, "headers": {"Authorization": f"Bearer {token}"}}
    configured = SchemathesisConfig.from_dict(config | {"generation": generation, "seed": seed()})
    schema = schemathesis.openapi.from_dict(calls(), config=configured)
    asked = 0
    for event in from_schema(schema).execute():
        if isinstance(event, events.NonFatalError | events.FatalError):
            yield str(event)
        if not isinstance(event, events.ScenarioFinished):
            continue
        asked += len(event.recorder.interactions)
        for case, checks in event.recorder.checks.items():
            for check in checks:
                if check.failure_info is not None:
                    failure = check.failure_info.failure
                    uri = event.recorder.interactions[case].request.uri
                    yield f"{failure.title}: {failure.message} {uri}"
    yield f"{asked} calls"


def test_a_few_calls_of_each_kind_are_answered_as_the_document_says(address, caller):
    phases = {"coverage": {"enabled": False}, "stateful": {"enabled": False}}
    generation = {"max-examples": 2}

    found = list(failures(address, caller.text, phases=phases, generation=generation))

    assert found[:-1] == []
    assert int(found[-1].split()[0]) >= 20


@pytest.mark.at_length
def test_every_parameter_at_its_limits_and_very_many_calls(address, caller):
    generation = {"max-examples": 200 if FULL else 25}

    found = list(failures(address, caller.text, generation=generation))

    assert found[:-1] == []
    assert int(found[-1].split()[0]) >= 500
