"""A person, and a way to ask for something."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

# Django is set up only after this file is read.
if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from resellers.models import Operation, ProductInstance


@pytest.fixture
def person(db: None) -> "User":
    from tests import worlds

    return worlds.user("operator")


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> "Callable[[str, Callable[[], Any]], None]":
    """A function that has something done, once, as a step is about to be sent."""
    from resellers.operations.engine import failpoints

    def meanwhile(step: str, act: "Callable[[], Any]") -> None:
        usual, acts = failpoints.at, [act]

        def at(name: str, of_step: str = "") -> None:
            if (name, of_step) == ("sending", step) and acts:
                acts.pop()()
            usual(name, of_step)

        monkeypatch.setattr(failpoints, "at", at)

    return meanwhile


@pytest.fixture
def ask(person: "User") -> "Callable[..., Operation]":
    """A function that plans a wish and confirms it, as a person does with two clicks."""
    from resellers.operations.plan import make_plan
    from resellers.operations.requests import request_operation
    from tests import worlds

    def ask(kind: str, thing: Any, by: "User | None" = None, **wish: Any) -> "Operation":
        stored = {n: v if isinstance(v, list | dict) else str(v) for n, v in wish.items()}
        wished = worlds.wish(kind, **stored)
        plan = make_plan(thing, wished)
        return request_operation(
            thing,
            wished,
            by=by or worlds.manager_of(person, kind),
            request_id=uuid4(),
            fingerprint=plan.fingerprint,
        )

    return ask


@pytest.fixture
def domain_service(mirror: Any, settings: Any) -> "ProductInstance":
    """A floating service for a domain, bought and delivered just now."""
    from tests import practice
    from tests.paid_domains import buy

    settings.WIX_REGISTERED_DOMAINS = True
    practice.switches(mirror.sandbox, registered_domains="on", registration_seconds=0)
    return buy(mirror)
