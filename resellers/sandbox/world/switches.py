"""The ways in which Wix may behave, since its documents leave them open.

Each switch names one thing the documents do not say, its default being the likeliest answer.
A client that is right works under every setting of every switch.

What is open and not worth a switch is settled like this:

- A cursor holds filter and sort. One that is wrong, or has either beside it, is 400 INVALID_CURSOR.
- Offset paging is served up to 100 a page, with its total and without cursors.
- Statuses and ids are compared without regard to case. A path with a trailing slash is unknown.
- PATCH and DELETE take a body or none. Both account and site header may be sent together.
- `products` and `countryCode` are required: without them Create is 400.
- `countryCode` is one that ISO 3166-1 has officially assigned, in small letters or capitals.
- A request takes a product once for one site, whatever its type; floating, as often as it likes.
- `externalId` is neither unique nor checked, but for its 100 characters.
- A kept answer is repeated for 24 hours by account, operation and key; another request under the
  same key is 409. Refusals are not kept.
- FAILED and CANCELED are final. A canceled instance keeps its site until the site moves.
- A domain's instance ends with its cycle, counted from its delivery or from the registration paid
  with it; redeeming the domain brings no ended instance back.
- A failed instance has no site, and counts for no limit and no place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..wire.validation import BadRequest

PERMISSIONS = (
    "packages.read",
    "packages.manage",
    "packages.external_id",
    "sites.read",
    "sites.transfer",
    "sites.create",
    "accounts.create",
    "accounts.read",
    "domains.manage",
)


@dataclass(frozen=True, slots=True)
class Switch:
    """One open question: its default, the values it may take, and what it decides.

    `choices` of None stands for a whole number from zero up, `many` for a list of choices.
    """

    name: str
    default: Any
    choices: tuple[Any, ...] | None
    meaning: str
    many: bool = False

    def accepts(self, value: Any) -> bool:
        if self.choices is None:
            return isinstance(value, int) and not isinstance(value, bool) and value >= 0
        if self.many:
            return isinstance(value, list) and all(one in self.choices for one in value)
        return any(type(value) is type(choice) and value == choice for choice in self.choices)

    @property
    def expected(self) -> str:
        if self.choices is None:
            return "a whole number from 0 up"
        words = ", ".join(str(choice).lower() for choice in self.choices)
        return f"a list of {words}" if self.many else f"one of {words}"


ON_OFF = (True, False)

SWITCHES: dict[str, Switch] = {
    switch.name: switch
    for switch in (
        Switch(
            "updated_package_name",
            "updatedPackage",
            ("updatedPackage", "updated_package"),
            "the name of the package in Update Package External ID's answer",
        ),
        Switch(
            "paging_name",
            "metadata",
            ("metadata", "pagingMetadata"),
            "the paging object's name in Query Packages",
        ),
        Switch(
            "last_page",
            "empty_cursors",
            ("empty_cursors", "no_cursors", "null_cursors", "empty_text"),
            "how the last page of packages or sites says that it is the last",
        ),
        Switch("has_next", False, ON_OFF, "whether Query Packages answers hasNext"),
        Switch(
            "query_scope",
            "tree",
            ("tree", "account"),
            "whether Query Packages covers the parent's whole tree or the header's account",
        ),
        Switch(
            "unlisted_package",
            True,
            ON_OFF,
            "whether one package is seen only when filtering by its account",
        ),
        Switch("cursor_seconds", 0, None, "how long a cursor is good for; 0: always"),
        Switch("query_lag_ms", 0, None, "how long a new package is not yet seen in queries"),
        Switch("delivery_seconds", 3, None, "from PENDING to delivered or canceled"),
        Switch(
            "delivery_outcome",
            "ENABLED",
            ("ENABLED", "AWAITING_ACTION", "DELIVERY_TIMEOUT", "EXTERNAL_FAILURE"),
            "what a PENDING instance becomes",
        ),
        Switch(
            "status_after_write",
            "kept",
            ("kept", "PENDING"),
            "whether assign and adjust drop an ENABLED instance to PENDING for a while",
        ),
        Switch(
            "status_after_cancel",
            "PENDING",
            ("PENDING", "kept", "CANCELED"),
            "the status shown until a cancellation is done",
        ),
        Switch(
            "pending_cancel_holds_type",
            False,
            ON_OFF,
            "whether what is being canceled still counts as being on its site until it is CANCELED",
        ),
        Switch(
            "updated_date",
            "both",
            ("both", "instance", "none"),
            "whether a change of an instance moves its updatedDate and the package's",
        ),
        Switch(
            "dependents",
            "disconnect",
            ("disconnect", "float"),
            "what falls with a Premium plan: the connected domain, or also what needs the plan",
        ),
        Switch(
            "idempotency",
            "honour",
            ("honour", "ignore", "refuse"),
            "whether idempotency keys are kept, ignored, or refused with 400",
        ),
        Switch("idempotency_echo", True, ON_OFF, "whether answers repeat the idempotency key"),
        Switch(
            "delete_body",
            "accept",
            ("accept", "refuse_400", "refuse_415"),
            "whether DELETE may carry a body",
        ),
        Switch(
            "account_mismatch",
            "403",
            ("403", "404"),
            "the answer when the header's account is not the package's",
        ),
        Switch(
            "cancel_again",
            "accept",
            ("accept", "refuse"),
            "canceling what is canceled: 200 without a change, or 428",
        ),
        Switch(
            "create_bad_line",
            "refuse_all",
            ("refuse_all", "fail_line"),
            "whether one bad product refuses a package or becomes a FAILED instance in it",
        ),
        Switch("throttle_status", "429", ("429", "403", "503"), "the answer above the limit"),
        Switch("retry_after", 0, None, "seconds in Retry-After above the limit; 0: no header"),
        Switch(
            "denied_body",
            "json",
            ("json", "empty", "html"),
            "the body of a 401 or 403 that is about the key or the account",
        ),
        Switch(
            "key_lacks",
            [],
            PERMISSIONS,
            "permissions taken away from the key",
            many=True,
        ),
        Switch(
            "billing_name",
            "billingInfo",
            ("billingInfo", "paymentInfo", "contractDetails"),
            "where an instance carries its billing",
        ),
        Switch(
            "dates",
            "text",
            ("text", "text_without_fraction", "instance_objects"),
            "how dates are written; objects are {seconds, nanos} on instances",
        ),
        Switch("external_id", "text", ("text", "wrapped"), "externalId as text or {value: text}"),
        Switch(
            "empty_values",
            "present",
            ("present", "absent", "null"),
            "empty lists, texts and false as they are, left out, or null",
        ),
        Switch("numbers", "number", ("number", "text"), "numbers as numbers or as text"),
        Switch("ids", "small", ("small", "capitals"), "GUIDs in small letters or in capitals"),
        Switch(
            "sites_scope",
            "account",
            ("account", "tree"),
            "whether the parent's header shows the child accounts' sites too",
        ),
        Switch(
            "child_accounts_name",
            "childAccounts",
            ("childAccounts", "accounts", "accountIds"),
            "the name of the list of child accounts",
        ),
        Switch("child_accounts_shape", "objects", ("objects", "text"), "child accounts' entries"),
        Switch("transfer_seconds", 0, None, "from the answer of a transfer until it is done"),
        Switch(
            "registered_domains",
            "off",
            ("on", "off", "forbidden"),
            "registered domains: served, unknown (404), or refused (403)",
        ),
        Switch("registration_seconds", 10, None, "until a domain is registered or refused"),
        Switch(
            "domain_search_auth",
            "any",
            ("any", "refuse_key", "need_key"),
            "whether domain search wants no key, wants one, or does not mind",
        ),
    )
}


class Switches:
    """The positions of all switches; read as attributes, `switches.paging_name`."""

    def __init__(self, positions: dict[str, Any] | None = None) -> None:
        self._positions = {switch.name: switch.default for switch in SWITCHES.values()}
        self.set(positions or {})

    def __getattr__(self, name: str) -> Any:
        try:
            return self._positions[name]
        except KeyError:
            raise AttributeError(name) from None

    def set(self, wanted: dict[str, Any]) -> None:
        """Turn the named switches, all or none; raises BadRequest."""
        for name, value in wanted.items():
            switch = SWITCHES.get(name)
            if switch is None:
                raise BadRequest(name, "is no switch")
            if not switch.accepts(value):
                raise BadRequest(name, f"must be {switch.expected}")
        self._positions.update(wanted)

    def as_dict(self) -> dict[str, Any]:
        return dict(self._positions)
