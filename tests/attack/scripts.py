"""Scripts in every text that Wix, imports and people have told, and what a browser would do."""

import re
from html import unescape

from tests.dashboard.every_address import every_address

from .ground import CANARY, Ground
from .visitor import Answer

# By the model: its texts that are somebody else's words.
TEXTS = {
    "Account": ("name", "email", "group", "reference", "search_text"),
    "Site": ("name", "display_name", "url", "namespace", "editor_type"),
    "Package": ("external_id", "search_text"),
    "Confirmation": ("wix_request_id",),
    "ProductInstance": ("failure_message", "discount_code", "country_code"),
    "Operation": ("reason", "outcome", "outcome_code", "wix_request_id", "waiting_for"),
    "OperationAttempt": ("message", "code", "path", "wix_request_id"),
    "BulkRun": ("reason", "ended_with"),
    "PlannedChange": ("why",),
    "CaseEvent": ("words",),
    "CatalogProduct": ("name", "service_type", "tld", "voucher"),
    "ProductRefusal": ("message", "wix_request_id"),
    "Upload": ("name",),
    "Change": ("old", "new"),
    "RegistrantContact": ("first_name", "last_name", "address", "city", "postal_code"),
    "Note": ("text",),
    "FlowStep": ("outcome",),
    "FlowEvent": ("words",),
    "Delivery": ("last_answer", "body"),
    "DeliveryAttempt": ("answer",),
    "SyncRun": ("error", "wix_request_id"),
    "Policy": ("read_only_reason", "paused_reason"),
    "CauseNote": ("text",),
}
TABS = ("timeline", "notes", "packages", "services", "sites", "operations", "details", "wix")
TAG = "<xss-canary"
HANDLER = re.compile(r"<[a-z][^<>]*\son[a-z]+\s*=", re.IGNORECASE)
INLINE = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)|<[a-z][^<>]*\sstyle=", re.I)
LINK = re.compile(r'(?:href|src|action|formaction|hx-[a-z]+)="\s*([^"]*)"', re.IGNORECASE)
# An escaped canary: how the quotes before the tag must look wherever it stands.
ESCAPED = re.compile(r"(.{0,14})&lt;xss-canary", re.DOTALL)
CSP = ("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'")
HEADERS = {"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY"}


def attack(ground: Ground) -> None:
    """Try all of it."""
    _poison(ground)
    answers: dict[str, Answer] = {}
    with ground.report.item("XSS: the canary in every text, on every page and part") as item:
        visitor, met = ground.visitor("admin"), 0
        for address in _addresses(ground):
            for headers in ({}, {"HX_Request": "true", "HX_Target": "list"}):
                answer = visitor.get(address, **headers)
                answers[f"{address} {len(headers)}"] = answer
                # No broker is there: that the process is not ready is as it should be.
                is_well = answer.status < 500 or address == "/readyz"
                item.hold(is_well, f"{address}: {answer.status}")
                if "html" not in answer.headers.get("Content-Type", ""):
                    continue
                met += "xss-canary" in answer.text
                for words in unescaped(answer.text):
                    item.hold(False, f"{address}: {words}")
        item.hold(met > 40, f"the canary was met on {met} pages only")
    with ground.report.item("XSS: what was asked for, said back") as item:
        for address in ("/search/", "/accounts/", "/instances/", "/audit/", "/login/", "/nothing/"):
            for name in ("q", "sort", "next", "tab", "columns", "run", "account", "after", CANARY):
                answer = visitor.get(f"{address}?{name}={CANARY.replace('<', '%3C')}")
                stood = not unescaped(answer.text) and answer.status < 500
                item.hold(stood, f"{address}?{name}: {answer.status}")
        form = {"username": CANARY, "password": CANARY, "next": CANARY}
        item.hold(not unescaped(ground.stranger().post("/login/", form).text), "the log-in")
        item.hold(not unescaped(visitor.get(f"/{CANARY}/").text), "what is not found")
    with ground.report.item(
        "XSS: addresses that are scripts, handlers and scripts within pages"
    ) as i:
        for address, answer in answers.items():
            if "html" not in answer.headers.get("Content-Type", ""):
                continue
            for link in LINK.findall(answer.text):
                place = re.sub(r"[\s\0-\x1f]", "", unescape(link)).lower()
                i.hold(not place.startswith(("javascript:", "vbscript:", "data:text")), address)
            i.hold(not HANDLER.search(answer.text), f"{address} has a handler")
            i.hold(not INLINE.search(answer.text), f"{address} has what its policy forbids")
        i.hold(visitor.get("/healthz").status == 200, "the process is gone")
    with ground.report.item("headers that keep scripts out, on every answer") as item:
        for role in ("", "viewer"):
            other = ground.visitor(role) if role else ground.stranger()
            for address in [*_addresses(ground)[:60], "/nothing/", "/login/", "/api/v1/customers"]:
                answers[f"{address} {role}"] = other.get(address)
        answers["a refused form"] = ground.stranger().ask("POST", "/login/", b"a=b")
        answers["a foreign host"] = ground.stranger().get("/", Host="evil.example")
        for address, answer in answers.items():
            policy = answer.headers.get("Content-Security-Policy", "")
            item.hold(all(part in policy for part in CSP), f"{address}: policy {policy!r}")
            item.hold("unsafe" not in policy, f"{address}: policy {policy!r}")
            for name, value in HEADERS.items():
                item.hold(answer.headers.get(name) == value, f"{address}: {name}")
            item.hold("no-store" in answer.headers.get("Cache-Control", ""), f"{address}: stored")
            item.hold("Strict-Transport-Security" in answer.headers, f"{address}: no HSTS")


def unescaped(text: str) -> list[str]:
    """Where the canary stands in this page as it was told, or with its quotes as they were."""
    found = [text[max(0, m.start() - 60) : m.end()] for m in re.finditer(TAG, text)]
    return found + [
        before for before in ESCAPED.findall(text) if '"' in before[-8:] and "&quot;" not in before
    ]


def _addresses(ground: Ground) -> list[str]:
    """Every address, of records that are ours and of those that are not, and the tabs of pages."""
    own = [address for _, address in every_address(ground.ids)]
    others = [address for _, address in every_address(ground.foreign)]
    pages = [f"/{noun}/{ground.foreign[noun]}/" for noun in ("accounts", "packages", "instances")]
    tabs = [f"{page}?tab={tab}" for page in pages for tab in TABS]
    every = dict.fromkeys([*own, *others, *tabs, "/search/?q=xss", "/accounts/?q=xss"])
    return [one for one in every if one not in ("/logout/", "/me/sessions/end/")]


def _poison(ground: Ground) -> None:
    """Write the canary into every such text, as far as its column takes it."""
    from django.apps import apps

    for name, fields in TEXTS.items():
        model = apps.get_model("resellers", name)
        for row in model._base_manager.all():
            changes = {}
            for field in fields:
                column = model._meta.get_field(field)
                longest = getattr(column, "max_length", None) or 200
                # The mark of the row keeps apart what must be unique.
                text = f"{CANARY}{str(row.pk)[-6:]}" if longest > 24 else CANARY[:longest]
                if field == "url":
                    text = f"javascript:alert(1)//{text}"
                changes[field] = text[:longest]
            model._base_manager.filter(pk=row.pk).update(**changes)
    for person in ground.people.values():
        type(person).objects.filter(pk=person.pk).update(first_name=CANARY, last_name=CANARY)
    ground.new_person(f"{CANARY}name", "operator")
