"""SQL in every filter of every list, in sorts, marks and columns, in search and in the API."""

from urllib.parse import quote

from .ground import Ground
from .visitor import Answer

VALUES = (
    "zz-none' OR '1'='1",
    "zz-none' OR 1=1 -- ",
    'zz-none" OR ""="',
    "zz-none') OR ('1'='1",
    "zz-none'; DROP TABLE resellers_account; --",
    "zz-none' UNION SELECT username, password FROM auth_user -- ",
    "1 OR 1=1",
    "1; SELECT randomblob(900000000)",
    "zz-none' AND 1=like('ABC',upper(hex(randomblob(300000000)))) -- ",
    "zz-none'||pg_sleep(9)||'",
    "%",
    "_",
    "zz-none\\' OR 1=1 -- ",
    "zz-none' OR '1'='1",
    "(SELECT password FROM auth_user LIMIT 1)",
)
NOWHERE = "zz-none"  # what no row has
WORDS = ("syntax error", "sqlite", "OperationalError", "ProgrammingError", "pbkdf2_", "psycopg")
SLOW = 6.0  # seconds


def attack(ground: Ground) -> None:
    """Try all of it."""
    visitor = ground.visitor("admin")
    before = _rows()
    for list_ in _lists():
        with ground.report.item(f"SQL: the filters, sorts and marks of {list_.noun}") as item:
            address = f"/{list_.address}/"
            for place, one in enumerate(list_.filters):
                least = _count(visitor.get(f"{address}?{one.name}={NOWHERE}"))
                # Of all values every filter gets five, and every list gets all.
                for value in VALUES[place % 3 :: 3]:
                    answer = visitor.get(f"{address}?{one.name}={quote(value)}")
                    words = f"{address}?{one.name}={value}: {answer.status}"
                    item.hold(_stood(answer), words)
                    if value.startswith(NOWHERE):
                        item.hold(_count(answer) <= least, f"{words}, more rows than with none")
            for name in ("sort", "after", "before", "columns", "page", "per_page", "run", "run'--"):
                for value in (*VALUES[:2], "name; DROP TABLE auth_user", "-(SELECT 1)"):
                    answer = visitor.get(f"{address}?{name}={quote(value)}")
                    item.hold(_stood(answer), f"{address}?{name}={value}: {answer.status}")
            for value in VALUES[:4]:
                answer = visitor.get(f"{address}export.csv?q={quote(value)}")
                item.hold(_stood(answer), f"export.csv?q={value}: {answer.status}")
    with ground.report.item("SQL: search, ids in addresses, and what people write") as item:
        for value in VALUES:
            for address in (
                f"/search/?q={quote(value)}",
                f"/accounts/{quote(value, safe='')}/",
                f"/operations/{quote(value, safe='')}/",
                f"/accounts/facets/{quote(value, safe='')}/",
            ):
                answer = visitor.get(address)
                item.hold(_stood(answer), f"{address}: {answer.status}")
            form = {"username": value, "password": value}
            answer = ground.stranger(f"192.0.2.{len(value)}").post("/login/", form)
            item.hold(answer.status in (422, 429), f"log-in as {value}: {answer.status}")
            form = {"text": value, "note": value}
            answer = visitor.post(f"/accounts/{ground.ids['accounts']}/notes/", form)
            item.hold(_stood(answer), f"a note {value}: {answer.status}")
    with ground.report.item("SQL: parameters of the API") as item:
        from resellers import tokens

        _, text = tokens.make(ground.people["manager"], "sql", 30)
        held = {"Authorization": f"Bearer {text}"}
        for noun in ("customers", "packages", "services", "operations", "cases"):
            for name in ("q", "sort", "after", "state", "account"):
                for value in VALUES[:4]:
                    address = f"/api/v1/{noun}?{name}={quote(value)}"
                    answer = visitor.ask("GET", address, b"", held)
                    item.hold(_stood(answer), f"{address}: {answer.status}")
                    nothing = '"items": []' in answer.text or '"items":[]' in answer.text
                    item.hold(answer.status != 200 or nothing, f"{address} has found something")
    with ground.report.item("SQL: after all of it every table has its rows") as item:
        item.hold(visitor.get("/accounts/").status == 200, "the list of customers is gone")
        for name, number in _rows().items():
            item.hold(number >= before[name], f"{name}: {number} of {before[name]}")


def _stood(answer: Answer) -> bool:
    says_too_much = any(word in answer.text for word in WORDS)
    return 0 < answer.status < 500 and answer.seconds < SLOW and not says_too_much


def _count(answer: Answer) -> int:
    """How many rows the table of this page has."""
    return answer.text.partition("<tbody")[2].partition("</tbody>")[0].count("<tr")


def _rows() -> dict[str, int]:
    from django.apps import apps

    names = ("Account", "Package", "ProductInstance", "Operation", "Site", "CatalogProduct")
    return {name: apps.get_model("resellers", name)._base_manager.count() for name in names}


def _lists() -> list:
    """Every list that an address shows."""
    from tests.dashboard.every_address import patterns

    found = {}
    for pattern in patterns():
        if (pattern.name or "").endswith("_export") and "list_" in pattern.default_args:
            list_ = pattern.default_args["list_"]
            found[list_.noun] = list_
    return [*found.values()]
