"""The practice page's address: shows the page, and carries out what its forms ask for.

A form cannot send JSON without a script, so what it sends carries a token which only the page
itself can know: another site's page may send a form here, but cannot read this one.
"""

from __future__ import annotations

import hmac
import secrets
from typing import Any
from urllib.parse import parse_qs

from ..gateway.faults import read_rules
from ..gateway.gateway import Gateway
from ..wire.messages import Answer, Request
from ..wire.validation import BadRequest
from ..world.switches import SWITCHES
from . import page
from .actions import advance_clock, set_switches
from .scenarios import SCENARIOS
from .state import state_of

POLICY = (
    "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)


class PracticePage:
    """The page at that address, and its forms."""

    def __init__(self, gateway: Gateway, address: str) -> None:
        self._gateway = gateway
        self._address = address
        self._token = secrets.token_urlsafe(24)

    def show(self, request: Request, rest: str) -> Answer:
        return self._page()

    def style(self, request: Request, rest: str) -> Answer:
        return Answer(200, page.STYLE, "text/css; charset=utf-8")

    def submit(self, request: Request, rest: str) -> Answer:
        """Carry out what a form of the page asks for, and show the page again."""
        sent = parse_qs(request.body.decode("utf-8", "replace"), keep_blank_values=True)
        form = {name: values[-1] for name, values in sent.items()}
        if not hmac.compare_digest(form.get("token", "").encode(), self._token.encode()):
            return self._page("This page was older than the sandbox: nothing was done.", 403)
        try:
            submit(self._gateway, form)
        except BadRequest as error:
            return self._page(str(error), 422)
        return Answer(303, "", headers={"Location": self._address})

    def _page(self, error: str = "", status: int = 200) -> Answer:
        text = page.render(state_of(self._gateway), self._token, error)
        headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
        return Answer(status, text, "text/html; charset=utf-8", headers)


def submit(gateway: Gateway, form: dict[str, str]) -> None:
    """Do what the page's form asks for. Raises BadRequest."""
    action = form.get("action")
    seed = gateway.world.seed
    if action == "clock":
        advance_clock(gateway, _number(form, "advance_seconds") or 0)
    elif action == "deliver":
        gateway.world.deliver_now()
    elif action == "clear":
        gateway.rules = []
    elif action == "scenario":
        scenario = SCENARIOS.get(form.get("scenario", ""))
        if scenario is None:
            raise BadRequest("scenario", "is none of this page's")
        gateway.rules = read_rules(scenario.rules, seed)
    elif action == "fault":
        gateway.rules = [*gateway.rules, *read_rules([_rule(form)], seed + len(gateway.rules))]
    elif action == "switch":
        name, value = form.get("name", ""), form.get("value", "")
        switch = SWITCHES.get(name)
        set_switches(gateway, {name: page.position(switch, value) if switch else value})
    else:
        raise BadRequest("action", "is none of this page's")


def _rule(form: dict[str, str]) -> dict[str, Any]:
    return {
        "match": form.get("match"),
        "effect": ":".join(filter(None, (form.get("effect"), form.get("argument")))),
        "times": _number(form, "times"),
        "after": _number(form, "after"),
    }


def _number(form: dict[str, str], name: str) -> int | None:
    """A form's whole number, None where it was left empty."""
    written = form.get(name, "").strip()
    if not written:
        return None
    if not (written.isascii() and written.isdigit() and len(written) < 12):
        raise BadRequest(name, "must be a whole number from 0 up")
    return int(written)
