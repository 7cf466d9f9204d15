"""Every address is made by its name: none is spelled out, so none is left behind by a change."""

import ast
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.templatetags.static import static
from django.test import Client
from django.test.utils import override_script_prefix

from resellers import notes
from resellers.models import OperationState, SyncRun
from tests import worlds
from tests.dashboard.every_address import NOTHING, every_address, patterns

ROOT = Path(__file__).parent.parent.parent
# Where an address may be spelled out, and why.
SPELLED_OUT = {
    "dashboard/wsgi.py": "asks before Django is asked, so that a sign of life wakes nothing else",
    "resellers/mirror/sync/why.py": "says what was asked for by the paths of Wix's own calls",
}
# What speaks of Wix's addresses or of another server's.
NOT_OURS = ("resellers/wix/", "resellers/sandbox/", "migrations/")
LED = ("href", "action", "formaction", "src", "hx-get", "hx-post")


def first_parts() -> set[str]:
    """What our addresses begin with."""
    return {str(pattern.pattern).split("/")[0] for pattern in patterns()} - {""}


def texts(path: Path) -> list[str]:
    """Every text that the file's code holds, its documentation left out."""
    tree = ast.parse(path.read_text())
    documented = {
        node.body[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in documented
    ]


def test_no_code_spells_an_address_out():
    ours = re.compile(rf"(?:^|[\s\"'=])/(?:{'|'.join(map(re.escape, first_parts()))})(?:[/?]|$)")
    files = [
        path.relative_to(ROOT)
        for folder in ("dashboard", "resellers")
        for path in (ROOT / folder).rglob("*.py")
    ]

    found = {
        str(path)
        for path in files
        if not any(part in str(path) for part in NOT_OURS)
        if any(ours.search(text) for text in texts(ROOT / path))
    }

    assert len(files) > 200
    assert found == set(SPELLED_OUT)


def test_no_template_and_no_script_spells_an_address_out_or_joins_one():
    spelled = re.compile(r"""["']/[a-z]*[/?"'{]""")
    joined = re.compile(r"""\b(?:href|action|hx-get|hx-post)="[^"]*(?:\}\}|%\})[a-z./-]+["/]""")
    files = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "static").glob("*.js")]

    found = [
        f"{path.name}: {match[0]}"
        for path in files
        for pattern in (spelled, joined)
        for match in pattern.finditer(path.read_text())
    ]

    assert len(files) > 80
    assert [one for one in found if not one.startswith('keys.js: "/"')] == []


class Links(HTMLParser):
    """Every address that a page leads to or asks."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found += [value for name, value in attrs if name in LED and value]


@pytest.mark.at_length
@pytest.mark.django_db
@pytest.mark.once
def test_below_another_prefix_every_link_of_every_page_stays_below_it():
    person = worlds.user("admin")
    service = worlds.instance(status="FAILED", failure_code="DELIVERY_TIMEOUT")
    worlds.instance(service.package, floating=True)
    notes.pin(notes.add_note(service, "Asked Wix B2B.", by=person), by=person)
    operation = worlds.operation(service, person, state=OperationState.NEEDS_ATTENTION)
    run = SyncRun.objects.create(kind="full", subject="full", state="failed", error="Wix is away.")
    ids = {
        "accounts": service.account_id,
        "packages": service.package_id,
        "instances": service.pk,
        "sites": service.site_id,
        "catalog": service.product_id,
        "operations": operation.pk,
        "mirror": run.pk,
    }
    static("")  # asked for first, as in a process that serves one prefix: Django keeps the answer
    client = Client(SCRIPT_NAME="/desk")
    client.force_login(person)
    seen, links = [], {}
    with override_script_prefix("/desk/"):
        for pattern, address in every_address(ids):
            if address.endswith(".csv") or NOTHING in address:
                continue
            for tab in ("", "?tab=operations", "?tab=timeline", "?tab=notes", "?tab=wix"):
                if tab and pattern.name not in (
                    "account_detail",
                    "package_detail",
                    "instance_detail",
                    "site_detail",
                ):
                    continue
                page = client.get(f"{address}{tab}")
                if page.status_code == 200 and "text/html" in page["Content-Type"]:
                    seen.append(pattern.name)
                    links[address + tab] = Links(page.content.decode()).found

    assert len(seen) > 40, seen
    astray = {
        (page, link)
        for page, found in links.items()
        for link in found
        if link.startswith("/") and not link.startswith(("/desk/", static("")))
    }
    assert astray == set()
