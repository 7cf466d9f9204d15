"""How an operation's wish, and what was before it, stood at Wix at some moment: by kind."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .evidence import Row
from .world_history import ENDED, WorldHistory

Holds = Callable[[WorldHistory, Row, int], bool]


@dataclass(frozen=True, slots=True)
class Look:
    """What the judge knows of a kind of operation."""

    is_true: Holds
    # What a way back has to bring, and all that the plan was confirmed on.
    is_as_before: Holds
    is_as_planned: Holds
    # What it changes: only an operation that changes the same explains that it is so no more.
    changes: str
    # What of a reading as it was kept has to be so at Wix.
    reads: Callable[[WorldHistory, Row, int, Row], bool]
    ways_back: tuple[str, ...] = ()


def records_of(operation: Row) -> Sequence[str]:
    """The records whose history it is judged by."""
    named = {"service": operation["instance_id"], "package": operation["package_id"]}
    if domain := operation["wish"].get("domain"):
        named |= {"connected": domain, "assigned": domain}
    return [f"{of} {id_}" for of, id_ in named.items() if id_]


# --- services ------------------------------------------------------------------------------------


def _service(past: WorldHistory, operation: Row, moment: int) -> Row:
    return past.at(f"service {operation['instance_id']}", moment) or {}


def _cycle(service: Row) -> str:
    return f"{service['cycle_count']} {service['cycle_unit']}" if service["cycle_unit"] else ""


def _is_on_site(past: WorldHistory, operation: Row, moment: int) -> bool:
    return bool(
        _service(past, operation, moment)["site"] == (operation["wish"].get("site_id") or "")
    )


def _is_on_old_site(past: WorldHistory, operation: Row, moment: int) -> bool:
    old = operation["before"]["site_id"] or ""
    return bool(_service(past, operation, moment)["site"] == old)


def _terms(past: WorldHistory, operation: Row, moment: int) -> tuple[str, str]:
    service = _service(past, operation, moment)
    return service["product"], _cycle(service)


def _has_terms(past: WorldHistory, operation: Row, moment: int) -> bool:
    wish = operation["wish"]
    return _terms(past, operation, moment) == (wish["product_id"], wish["cycle"])


def _has_old_terms(past: WorldHistory, operation: Row, moment: int) -> bool:
    before = operation["before"]
    return _terms(past, operation, moment) == (before["product_id"], before["cycle"])


def _is_canceled(past: WorldHistory, operation: Row, moment: int) -> bool:
    return bool(_service(past, operation, moment)["status"] == "CANCELED")


def _lives(past: WorldHistory, operation: Row, moment: int) -> bool:
    return _service(past, operation, moment)["status"] not in ENDED


def _is_as_planned(past: WorldHistory, operation: Row, moment: int) -> bool:
    before, service = operation["before"], _service(past, operation, moment)
    planned = (before["site_id"] or "", before["product_id"], before["cycle"])
    same = planned == (service["site"], service["product"], _cycle(service))
    return same and (before["status"] in ENDED) == (service["status"] in ENDED)


def _is_read_so(past: WorldHistory, operation: Row, moment: int, seen: Row) -> bool:
    service = _service(past, operation, moment)
    now = (service["site"], service["product"], _cycle(service), service["status"])
    return now == (seen["site_id"] or "", seen["product_id"], seen["cycle"], seen["status"])


# --- packages and orders -------------------------------------------------------------------------


def _package(past: WorldHistory, operation: Row, moment: int) -> Row:
    return past.at(f"package {operation['package_id']}", moment) or {}


def _has_name(past: WorldHistory, operation: Row, moment: int) -> bool:
    name = operation["wish"]["external_id"]
    return bool(_package(past, operation, moment)["external_id"] == name)


def _has_old_name(past: WorldHistory, operation: Row, moment: int) -> bool:
    name = operation["before"]["external_id"]
    return bool(_package(past, operation, moment)["external_id"] == name)


def _all_have_ended(past: WorldHistory, operation: Row, moment: int) -> bool:
    package = _package(past, operation, moment)
    ending = set(operation["before"]["live"])
    return not package["live"] and ending <= set(package["canceled"])


def _same_live(past: WorldHistory, operation: Row, moment: int) -> bool:
    return bool(_package(past, operation, moment)["live"] == operation["before"]["live"])


def _is_package_read_so(past: WorldHistory, operation: Row, moment: int, seen: Row) -> bool:
    package = _package(past, operation, moment)
    return (package["external_id"], package["live"]) == (seen["external_id"], seen["live"])


def _is_ordered(past: WorldHistory, operation: Row, moment: int) -> bool:
    """There is one package of it; under another name too, once it is known as the order's."""
    named = past.packages(operation["wish"]["external_id"], moment)
    if operation["package_id"] and _package(past, operation, moment):
        return set(named) <= {operation["package_id"]}
    return len(named) == 1


def _is_not_ordered(past: WorldHistory, operation: Row, moment: int) -> bool:
    return not past.packages(operation["wish"]["external_id"], moment)


def _is_order_read_so(past: WorldHistory, operation: Row, moment: int, seen: Row) -> bool:
    named = past.packages(operation["wish"]["external_id"], moment)
    return set(seen["packages"]) == set(named)


# --- domains -------------------------------------------------------------------------------------


def _connected_to(past: WorldHistory, operation: Row, moment: int) -> str | None:
    """The site that the domain leads to, empty where it leads to none; None where it is not
    connected."""
    domain = operation["wish"]["domain"]
    if past.at(f"connected {domain}", moment) is None:
        return None
    return str((past.at(f"assigned {domain}", moment) or {}).get("site", ""))


def _is_connected(past: WorldHistory, operation: Row, moment: int) -> bool:
    return _connected_to(past, operation, moment) == operation["site_id"]


def _is_not_connected(past: WorldHistory, operation: Row, moment: int) -> bool:
    return _connected_to(past, operation, moment) is None


def _is_connection_read_so(past: WorldHistory, operation: Row, moment: int, seen: Row) -> bool:
    now = _connected_to(past, operation, moment)
    return (now is not None, now or "") == (seen["found"], seen["site_id"])


_MOVE = Look(_is_on_site, _is_on_old_site, _is_as_planned, "site", _is_read_so, ("assign_back",))
LOOKS = {
    "assign": _MOVE,
    "unassign": _MOVE,
    "reassign": _MOVE,
    "adjust": Look(_has_terms, _has_old_terms, _is_as_planned, "terms", _is_read_so),
    "cancel_instance": Look(_is_canceled, _lives, _is_as_planned, "life", _is_read_so),
    "cancel_package": Look(_all_have_ended, _same_live, _same_live, "life", _is_package_read_so),
    "external_id": Look(_has_name, _has_old_name, _has_old_name, "name", _is_package_read_so),
    "create_package": Look(
        _is_ordered, _is_not_ordered, _is_not_ordered, "name", _is_order_read_so
    ),
    "connect_domain": Look(
        _is_connected, _is_not_connected, _is_not_connected, "domain", _is_connection_read_so
    ),
}
