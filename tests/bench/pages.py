"""Lists, search and the pages of figures over a large mirror: beside Django's admin of the same
rows, and beside our own page without rows."""

from collections.abc import Iterator

from tests.bench.browsing import BARE, Browser, statements
from tests.bench.figure import Figure, Ratio, in_turns
from tests.bench.world import INSTANCES, IS_FULL_SIZE

ADMIN = "/admin/resellers"
DEEP = 200  # pages
LISTS = 14  # statements that a list may need
SEARCH = 20


def measure() -> Iterator[Figure | Ratio]:
    """Each kind of question that staff ask, by its median."""
    browser = Browser()
    yield from _lists(browser)
    yield from _sorts(browser)
    yield from _figures(browser)
    yield from _search(browser)


def _lists(browser: Browser) -> Iterator[Figure | Ratio]:
    from resellers.models import Account, CatalogProduct, Site

    account = Account.objects.order_by("id")[10].pk
    common, rare = (CatalogProduct.objects.get(name=f"Product {n}").pk for n in (0, 39))
    site = Site.objects.filter(account=account).order_by("id")[0].pk
    services = f"{ADMIN}/productinstance/"
    for what, ours, peer in (
        ("services, newest first", "/instances/", services),
        ("failed services", "/instances/?status=FAILED", f"{services}?status__exact=FAILED"),
        ("floating services", "/instances/?floating=1", f"{services}?site__isnull=1"),
        *(
            (what, f"/instances/?{name}={pk}", f"{services}?{name}__id__exact={pk}")
            for what, name, pk in (
                ("services of one customer", "account", account),
                ("services of a common product", "product", common),
                ("services of a rare product", "product", rare),
                ("services of one site", "site", site),
            )
        ),
        ("services that end in 30 days", "/instances/?expiring=30", ""),
        ("packages, newest first", "/packages/", f"{ADMIN}/package/"),
        ("customers by name", "/accounts/", f"{ADMIN}/account/"),
        ("customers of a group", "/accounts/?group=North", f"{ADMIN}/account/?group__exact=North"),
        ("sites by name", "/sites/", f"{ADMIN}/site/"),
    ):
        asked = [browser.asks(one) for one in (ours, BARE, peer) if one]
        taken, floor, *theirs = in_turns(*asked)
        if theirs:
            yield Ratio(f"{what} | admin", taken, theirs[0], 8, judged=IS_FULL_SIZE)
        yield Ratio(f"{what} | page without rows", taken, floor, at_most=3)
        number = float(statements(browser.asks(ours)))
        yield Figure(f"{what} | statements", number, 0, LISTS, "", digits=0)


def _sorts(browser: Browser) -> Iterator[Ratio]:
    """Every offered order, both ways: its first page and one far down."""
    from dashboard.pages.accounts.list import ACCOUNTS
    from dashboard.pages.instances.list import INSTANCES as SERVICES
    from dashboard.pages.packages.list import PACKAGES
    from dashboard.pages.sites.list import SITES

    for list_ in (SERVICES, PACKAGES, ACCOUNTS, SITES):
        first = browser.asks(list_.path)
        for key in (one for name in list_.sorts for one in (name, f"-{name}")):
            address = f"{list_.path}?sort={key}"
            deep = browser.far_down(list_, key, DEEP * 50 if IS_FULL_SIZE else DEEP)
            standard, taken, far = in_turns(first, browser.asks(address), browser.asks(deep))
            yield Ratio(f"{list_.noun} by {key} | default order", taken, standard, at_most=2)
            yield Ratio(f"{list_.noun} by {key}, far down | the same", far, standard, at_most=2)


def _figures(browser: Browser) -> Iterator[Ratio]:
    for what, address, most in (
        ("figures of the filters of services", "/instances/facets/", 5),
        ("the same of failed ones", "/instances/facets/?status=FAILED", 5),
        ("figures of the filters of packages", "/packages/facets/", 5),
        ("figures of the filters of customers", "/accounts/facets/", 5),
        ("figures of the filters of sites", "/sites/facets/", 5),
        ("overview", "/", 3),
        ("reports", "/reports/", 6),
        ("catalogue", "/catalog/", 3),
        ("failures", "/failures/", 3),
        ("failed services, as a list", "/failures/failed-services/", 3),
    ):
        taken, floor = in_turns(browser.asks(address), browser.asks(BARE))
        yield Ratio(f"{what} | page without rows", taken, floor, at_most=most)


def _search(browser: Browser) -> Iterator[Figure | Ratio]:
    """The same texts in the box and in the list of services."""
    from resellers.models import Account

    id_ = str(Account.objects.order_by("id")[20].pk)
    part = {"HX-Request": "true", "HX-Target": "found"}
    for what, text in (
        ("a name word", "bakery"),
        ("two words", "bakery product"),
        ("an external id", f"order-{INSTANCES // 5:07}"),
        ("its end", f"{INSTANCES // 5:07}"),
        ("an id's start", id_[:8]),
        ("a domain", f"garage-{INSTANCES // 90 * 9 + 1}.example"),
        ("müller", "müller"),
        ("nothing found", "zzzzzz"),
    ):
        peer = browser.asks(f"{ADMIN}/productinstance/?q={text}")
        box = browser.asks(f"/search/?q={text}", **part)
        words = browser.asks(f"/instances/?q={text}")
        taken, listed, floor, theirs = in_turns(box, words, browser.asks(BARE), peer)
        yield Ratio(f"search: {what} | admin's", taken, theirs, 40, judged=IS_FULL_SIZE)
        yield Ratio(f"search: {what} | page without rows", taken, floor, at_most=5)
        yield Ratio(f"words in a list: {what} | admin's", listed, theirs, 20, judged=IS_FULL_SIZE)
        number = float(statements(box))
        yield Figure(f"search: {what} | statements", number, 0, SEARCH, "", digits=0)
