"""Whatever customers call things, a narrow page holds it: nothing hangs over its edge."""

import pytest
from playwright.sync_api import Page

from resellers import notes
from resellers.models import Change, OperationState
from resellers.operations.kinds import KINDS
from resellers.refusals import FAILURES
from tests import worlds
from tests.randomness import FULL

pytestmark = pytest.mark.at_length

NARROW = {"width": 360, "height": 740}
NAMES = {
    "endless": "x" * 500,
    "right to left": "متجر الورود الصغير في المدينة القديمة " * 8,
    "overridden": "\u202egnp.exe " * 20,
    "emoji": "🎉👩‍👩‍👧‍👦🏳️‍🌈" * 40,
    "combining": "e" + "\u0301" * 300,
    "none": "",
}
# Alike in what they do to a line: each page meets one of them, and with FULL=1 all.
IN_TURNS = ("overridden", "emoji", "combining", "none")
# The tabs that several records have look alike on each.
TABS = {
    "account": ("", "packages", "sites", "operations"),
    "package": ("",),
    "instance": ("", "operations", "timeline", "notes", "wix"),
}
# What a person could press or read and that ends beyond the page's right edge. Where a page is
# narrow the heads of a list are for who hears it alone.
BEYOND = """() => [...document.querySelectorAll('main a, main button, main h1, main p, main td')]
  .filter((part) => part.checkVisibility())
  .filter((part) => !part.closest('.scroll, .tabs, .unseen, .listing thead, [popover]'))
  .filter((part) => part.getBoundingClientRect().right > innerWidth + 1)
  .map((part) => part.outerHTML.slice(0, 200))"""

# The reports' figures and the words of their charts that are not wholly inside their box.
OUTSIDE = """() => [...document.querySelectorAll('.figures td > *, .chart .label, .chart text')]
  .filter((part) => {
    const box = part.closest('.scroll, .card').getBoundingClientRect();
    const own = part.getBoundingClientRect();
    return own.width === 0 || own.left < box.left - 1 || own.right > box.right + 1;
  })
  .map((part) => part.closest('section').id + ': ' + part.textContent)"""


def overhanging(page: Page) -> list[str]:
    width = page.evaluate("document.documentElement.scrollWidth")
    found: list[str] = page.evaluate(BEYOND)
    return [*found, *([f"the page is {width} wide"] if width > NARROW["width"] else [])]


def test_no_name_makes_a_narrow_page_scroll_sideways(whole_system, browse_as):
    page = browse_as("operator", viewport=NARROW)
    addresses = ["/reports/", "/mirror/"]
    for kind, name in NAMES.items():
        pages = [*pages_that_show(name), f"/search/?q={name[:100]}"]
        if kind in IN_TURNS and not FULL:
            pages = pages[IN_TURNS.index(kind) :: len(IN_TURNS)]
        addresses += pages

    found = {}
    for address in addresses:
        page.goto(address)
        if over := overhanging(page):
            found[address] = over

    assert found == {}


def pages_that_show(name: str) -> list[str]:
    """The pages of a customer, an order and a service that are called so wherever they can be."""
    account = worlds.account(name, email=name[:300], group=name[:100], reference=name[:100])
    package = worlds.answered(worlds.package(account, external_id=name[:300]), name[:200])
    service = worlds.instance(
        package,
        on=worlds.site(account, display_name=name, url=f"https://{name}"),
        product=worlds.product(name[:300], service_type=name[:200]),
        status="FAILED",
        failure_code=name[:200],
        failure_message=name,
        discount_code=name[:100],
        raw={"said": name},
    )
    worlds.instance(package, floating=True, status=name[:60])
    failed = {"state": "failed", "outcome_code": name[:200]}
    operation = worlds.operation(service, reason=name, **failed)
    about = {"account": account, "package": package, "instance": service}
    Change.objects.create(field="external_id", old=name, new=f"{name}.", **about)
    if name:
        note = notes.add_note(service, name, by=operation.requested_by)
        notes.pin(note, by=operation.requested_by)
    records = {"account": account, "package": package, "instance": service}
    return [
        record.get_absolute_url() + (f"?tab={tab}" if tab else "")
        for noun, record in records.items()
        for tab in TABS[noun]
    ]


def test_no_name_pushes_a_figure_of_the_reports_out_of_its_box(whole_system, browse_as):
    page = browse_as("operator")
    account = worlds.account("Blumenladen" * 11)
    for name in ("W" * 120, "Seitenbaukasten für Unternehmen mit Laden, Blog und Buchung " * 4):
        worlds.instance(worlds.package(account), product=worlds.product(name))
    for code in (*FAILURES, "CODE_" * 20, ""):
        worlds.instance(status="FAILED", failure_code=code)
    person = worlds.user("operator", "operator.of.the.long.name." * 5)
    for place, state in enumerate(OperationState.values):
        worlds.operation(by=person, state=state, kind=list(KINDS)[place])
    page.goto("/reports/")

    found = {}
    for width in (360, 1100, 1160, 1280, 1920):
        page.set_viewport_size({"width": width, "height": 900})
        found[width] = page.evaluate(OUTSIDE)

    assert page.locator(".figures td").count() > 50
    assert {width: parts for width, parts in found.items() if parts} == {}
