"""What somebody may not reach: strangers, roles, and who is limited to groups of customers."""

import json
import re

from tests.dashboard.every_address import every_address
from tests.dashboard.rights import PUBLIC, rights_of

from .ground import FOREIGN, Ground
from .visitor import Answer, Visitor

REFUSED = (403, 404, 405)
# Of these the numbers in an address are of something else than its first word says.
OF_ITS_OWN = re.compile(r"import/|/views/|/people/holds/|/people/tokens/")


def attack(ground: Ground) -> None:
    """Try all of it."""
    addresses = [(p.name, a) for p, a in every_address(ground.ids)]
    with ground.report.item("access: every address, not logged in") as item:
        stranger = ground.stranger()
        for name, address in addresses:
            if rights_of(name) in (None, (PUBLIC, PUBLIC)):
                continue
            for method in ("GET", "POST"):
                answer = _ask(stranger, method, address)
                stood = answer.leads_to_log_in or answer.status in REFUSED
                item.hold(
                    stood and FOREIGN not in answer.text, f"{method} {address}: {answer.status}"
                )
    _roles(ground, addresses)
    _ids(ground)
    _lists(ground)
    _api(ground)


def _ask(visitor: Visitor, method: str, address: str) -> Answer:
    return visitor.get(address) if method == "GET" else visitor.post(address, {"note": "x"})


def _roles(ground: Ground, addresses: list[tuple[str, str]]) -> None:
    roles = ("viewer", "operator", "manager", "admin")
    for role in roles[:-1]:
        with ground.report.item(
            f"access: what is not for a {role}, as page and as htmx part"
        ) as item:
            visitor = ground.visitor(role)
            for name, address in addresses:
                least = rights_of(name) or (PUBLIC, PUBLIC)
                for method, wanted in zip(("GET", "POST"), least, strict=True):
                    if wanted == PUBLIC or roles.index(wanted) <= roles.index(role):
                        continue
                    answer = _ask(visitor, method, address)
                    item.hold(answer.status in REFUSED, f"{method} {address}: {answer.status}")
                    if method == "GET":
                        part = visitor.get(address, HX_Request="true", HX_Target="list")
                        item.hold(part.status in REFUSED, f"part {address}: {part.status}")


def _ids(ground: Ground) -> None:
    with ground.report.item("IDOR: every address of a customer out of scope") as item:
        visitor = ground.visitor("limited")
        for pattern, address in every_address(ground.foreign):
            noun = address.partition("/")[2].partition("/")[0]
            has_id = re.search(r"<(int|wix_id):", str(pattern.pattern))
            if not has_id or OF_ITS_OWN.search(address) or noun not in ground.foreign:
                continue
            for method in ("GET", "POST"):
                answer = _ask(visitor, method, address)
                stood = answer.status in REFUSED and FOREIGN not in answer.text
                item.hold(stood, f"{method} {address}: {answer.status}")
            part = visitor.get(address, HX_Request="true")
            stood = part.status in REFUSED and FOREIGN not in part.text
            item.hold(stood, f"part {address}: {part.status}")


def _lists(ground: Ground) -> None:
    """Every page, part, facet, figure and file, and foreign ids in what a list is asked for."""
    traces = (FOREIGN, str(ground.foreign["accounts"]), str(ground.foreign["instances"]))
    with ground.report.item("IDOR: lists, parts, facets and files of who has a scope") as item:
        visitor = ground.visitor("limited")
        own = {name: ground.ids[name] for name in ("accounts", "packages", "instances", "sites")}
        for pattern, address in every_address(own):
            if (rights_of(pattern.name) or (PUBLIC,))[0] == PUBLIC:
                continue
            for headers in ({}, {"HX_Request": "true", "HX_Target": "list"}):
                answer = visitor.get(address, **headers)
                for trace in traces:
                    item.hold(trace not in answer.text, f"{address} has {trace}")
    with ground.report.item(
        "IDOR: foreign ids among what lists, search and forms are asked"
    ) as item:
        # An address repeats what it was asked for, so words alone are looked for here.
        account, service = ground.foreign["accounts"], ground.foreign["instances"]
        site, package = ground.foreign["sites"], ground.foreign["packages"]
        asked = (
            f"/search/?q={account}",
            "/search/?q=kanarien",
            f"/instances/?account={account}",
            f"/packages/?account={account}",
            f"/sites/?account={account}",
            f"/operations/?account={account}",
            f"/instances/?package={package}",
            f"/instances/?site={site}",
            f"/instances/selection.csv?id={service}",
            f"/accounts/selection.csv?id={account}",
            "/accounts/?group=Kanarienvogels",
            f"/accounts/export.csv?q={account}",
            f"/audit/?account={account}",
            f"/reports/?account={account}",
            "/accounts/facets/group/?facet=kanarien",
        )
        for address in asked:
            text = visitor.get(address).text.replace("Kanarienvogels", "")
            item.hold(f"{FOREIGN} Ltd" not in text, f"{address} names the customer")
            item.hold(f"{FOREIGN}-" not in text, f"{address} has a record of the customer")
        ours = ground.ids["instances"]
        for address, form in (
            (f"/instances/{ours}/assign/", {"target_site": str(site)}),
            (f"/instances/{ours}/reassign/", {"target_site": str(site)}),
            ("/failures/do/take/", {"id": str(ground.foreign["failures"])}),
            ("/bulk/new/", {"verb": "order_again", "id": str(service)}),
        ):
            answer = visitor.post(address, form)
            stood = answer.status < 500 and f"{FOREIGN}-" not in answer.text
            item.hold(stood, f"POST {address}: {answer.status}")


def _api(ground: Ground) -> None:
    from resellers import tokens

    with ground.report.item(
        "IDOR: records and lists of the API with a limited person's token"
    ) as i:
        _, text = tokens.make(ground.people["limited"], "theirs", 30)
        caller = ground.stranger("198.51.100.90")
        held = {"Authorization": f"Bearer {text}"}
        nouns = {
            "customers": ("accounts", "account_id"),
            "packages": ("packages", "package_id"),
            "services": ("instances", "instance_id"),
            "operations": ("operations", "operation_id"),
            "cases": ("failures", "case_id"),
        }
        for noun, (of, key) in nouns.items():
            every = caller.ask("GET", f"/api/v1/{noun}", b"", held)
            i.hold(every.status == 200 and FOREIGN not in every.text, f"{noun}: {every.status}")
            ids = {str(one[key]) for one in json.loads(every.text)["items"]}
            i.hold(str(ground.foreign[of]) not in ids, f"{noun} has the foreign one")
            one = caller.ask("GET", f"/api/v1/{noun}/{ground.foreign[of]}", b"", held)
            i.hold(one.status == 404, f"{noun} by id: {one.status}")
            for asked in (f"account={ground.foreign['accounts']}", f"q={FOREIGN}"):
                found = caller.ask("GET", f"/api/v1/{noun}?{asked}", b"", held)
                i.hold(f"{FOREIGN} Ltd" not in found.text, f"{noun}?{asked}")
