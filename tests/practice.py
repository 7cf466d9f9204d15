"""What tests tell the sandbox and ask of it, over its control addresses."""

from typing import Any
from uuid import UUID

import requests

from resellers.sandbox import Sandbox

SECONDS = 10
# Of a write's path: the part that tells what it is.
NAMES = {
    "/v2/packages": "create",
    "/packages/update/": "external_id",
    "/transfer-site": "transfer",
    "/registered-domains": "register",
    "/accounts/create": "account",
    "/connected-domains": "connect",
    "/projects/": "make",
    "/sites/duplicate": "make",
}


def faults(sandbox: Sandbox, *rules: dict[str, Any]) -> None:
    """Have these faults in force and no others, such as `{"match": "assign", "effect": "429"}`."""
    _post(sandbox, "faults", {"rules": list(rules)})


def truth(sandbox: Sandbox, instance_id: UUID | str) -> dict[str, Any]:
    """An instance as it really is."""
    answer = requests.get(f"{sandbox.url}/_sandbox/instances/{instance_id}", timeout=SECONDS)
    answer.raise_for_status()
    return dict(answer.json())


def state(sandbox: Sandbox) -> dict[str, Any]:
    """Counts, clock, faults in force, and what the world is."""
    answer = requests.get(f"{sandbox.url}/_sandbox/state", timeout=SECONDS)
    answer.raise_for_status()
    return dict(answer.json())


def change(sandbox: Sandbox, instance_id: UUID | str, **fields: Any) -> None:
    """Change an instance behind our back."""
    _post(sandbox, f"instances/{instance_id}", fields)


def change_package(sandbox: Sandbox, package_id: UUID | str, **fields: Any) -> None:
    """Change a package behind our back: `updatedDate createdDate externalId`, or how it is seen:
    `hidden=True` in no list, `access=403` (or 404, 428) to every call about it."""
    _post(sandbox, f"packages/{package_id}", fields)


def change_account(sandbox: Sandbox, account_id: UUID | str, **fields: Any) -> None:
    """`left=True`: the account is no child of the parent's any more, `left=False`: it is again;
    `unlisted=True`: no list of children names it, though calls about it are answered."""
    _post(sandbox, f"accounts/{account_id}", fields)


def clock(sandbox: Sandbox, **what: Any) -> None:
    """`advance_seconds=N` or `deliver_now=True`."""
    _post(sandbox, "clock", what)


def switches(sandbox: Sandbox, **wanted: Any) -> None:
    """Have Wix be like this where its documents leave it open, such as `delivery_seconds=0`."""
    _post(sandbox, "switches", wanted)


def journal(sandbox: Sandbox, *, after: int = 0) -> list[dict[str, Any]]:
    """Every call the sandbox received since number `after`."""
    answer = requests.get(
        f"{sandbox.url}/_sandbox/journal", params={"after": after}, timeout=SECONDS
    )
    answer.raise_for_status()
    return list(answer.json())


def applied(sandbox: Sandbox) -> list[str]:
    """The writes that changed something, each by its name."""
    return [name_of(call) for call in journal(sandbox) if call["effect"] == "applied"]


def name_of(call: dict[str, Any]) -> str:
    """What a write of the journal is: `unassign`, `assign`, `adjust`, `create`, `cancel`,
    `external_id`, `transfer`, `register`, `connect`, `make`, `account`, or its method."""
    if call["method"] == "DELETE":
        return "cancel"
    for part, name in NAMES.items():
        if part in call["path"]:
            return name
    tail = call["path"].partition("/product-instances/")[2]
    if call["method"] != "PATCH" or not tail:
        return str(call["method"])
    _, _, last = tail.partition("/")
    return "adjust" if not last else "unassign" if last == "unassign" else "assign"


def _post(sandbox: Sandbox, path: str, body: dict[str, Any]) -> None:
    answer = requests.post(f"{sandbox.url}/_sandbox/{path}", json=body, timeout=SECONDS)
    assert answer.ok, answer.text
