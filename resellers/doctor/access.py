"""What Wix answers to our key, as far as harmless reads can show."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from resellers.connection import api_key, is_practice, key_fingerprint, wix_client
from resellers.refusals import explain
from resellers.wix import Page, WixAnswer, WixClient, WixError, WixNotFound

from .finding import Finding, note, ok, untried, wrong

REFUSED = (401, 403)


@dataclass(frozen=True, slots=True)
class Read:
    """A harmless read: what it shows that the key may do, by the name Wix gives the permission."""

    part: str
    permission: str
    send: Callable[[WixClient], Any]
    says: Callable[[Any], str]
    needed: bool = True


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a read: an answer or an error."""

    read: Read
    answer: Any = None
    error: WixError | None = None

    @property
    def refused(self) -> bool:
        return isinstance(self.error, WixAnswer) and self.error.status in REFUSED


def _how_many(page: Page[Any], one: str, many: str) -> str:
    count = page.total if page.total is not None else len(page.items)
    more = page.total is None and page.next_cursor is not None
    if count == 1 and not more:
        return f"Yes: {one}."
    return f"Yes: {count:,}{' or more' if more else ''} {many}."


READS = (
    Read(
        "Reads packages",
        "Manage Reseller Packages",
        lambda wix: wix.query_packages(limit=1),
        lambda page: "Yes." if page.items else "Yes, and there are none.",
    ),
    Read(
        "Reads sites",
        "Read Site Data",
        lambda wix: wix.query_sites(account_id=wix.account_id, limit=1),
        lambda page: "Yes." if page.items else "Yes, and the main account has none.",
    ),
    Read(
        "Child accounts",
        "Get Sub Accounts",
        lambda wix: wix.list_child_accounts(),
        lambda page: _how_many(page, "one account", "accounts"),
    ),
    Read(
        "Reads domains",
        "Manage Domains",
        lambda wix: wix.list_connected_domains(account_id=wix.account_id, limit=1),
        lambda page: "Yes.",
        needed=False,
    ),
)
READ_PARTS = tuple(read.part for read in READS)
PARTS = ("Wix", "Key", "Account", *READ_PARTS)


def look_at_wix() -> Iterator[Finding]:
    """Where Wix is, whether it answers, whom the key speaks for and what it may read."""
    place = settings.WIX_BASE_URL
    where = f"Practice at {place}" if is_practice() else f"Wix at {place}"
    if not api_key() or not settings.WIX_ACCOUNT_ID:
        yield note("Wix", f"{where}. It was not asked: key or account id is not set.")
        yield from (untried(part, "Wix was not asked.") for part in PARTS[1:])
        return
    try:
        client = wix_client("people")
    except ValueError as error:
        words = f"It cannot be asked: {_with_settings_names(str(error))}."
        yield wrong("Wix", words, "Correct that setting.")
        yield from (untried(part, "Wix was not asked.") for part in PARTS[1:])
        return
    with client:
        first = _result(READS[0], client)
        if _is_away(first):
            yield _away(where, first.error)
            yield from (untried(part, "Wix was not asked.") for part in PARTS[1:])
            return
        results = [first, *(_result(read, client) for read in READS[1:])]
        yield _answers(where, first)
        yield _key(results)
        yield _account(client, results)
        if all(result.refused for result in results):
            yield from (untried(part, "Refused like everything: see Key.") for part in READ_PARTS)
        else:
            yield from (_may_read(result) for result in results)


def _with_settings_names(words: str) -> str:
    """What the client says of its arguments, said of our settings."""
    for name in ("base_url", "api_key", "account_id"):
        words = words.replace(name, f"WIX_{name.upper()}")
    return words


def _result(read: Read, client: WixClient) -> Result:
    try:
        return Result(read, answer=read.send(client))
    except WixError as error:
        return Result(read, error=error)


def _is_away(result: Result) -> bool:
    """Whether it was not Wix, or not a Wix in health, that answered."""
    if result.error is None:
        return False
    status = result.error.status if isinstance(result.error, WixAnswer) else None
    return status is None or status == 404 or status == 429 or status >= 500


def _away(where: str, error: WixError | None) -> Finding:
    assert error is not None
    if isinstance(error, WixNotFound):
        words = f"{where} answers, and knows no packages (404)."
        return wrong("Wix", words, "Correct WIX_BASE_URL: that address is not Wix's API.")
    if isinstance(error, WixAnswer):
        known = explain(error.code or "", error.status, error.said)
        words = f"{where} answers {error.status}. {known.words}"
        return wrong("Wix", words, "Wait, then ask again; reading and writing go on by themselves.")
    if error.status is not None:
        words = f"{where} answers, but in a form nobody knows: {error.message}."
        return wrong("Wix", words, "Correct WIX_BASE_URL, or look for a proxy in between.")
    return wrong(
        "Wix",
        f"{where} does not answer: {error.message}.",
        "Look at this machine's way to the internet, and at WIX_BASE_URL.",
    )


def _answers(where: str, result: Result) -> Finding:
    call = result.answer.call if result.answer else result.error and result.error.call
    words = f"{where} answers in {call.duration_ms if call else 0} ms."
    return note("Wix", f"{words} Nothing here reaches Wix.") if is_practice() else ok("Wix", words)


def _key(results: list[Result]) -> Finding:
    name = f"The key of fingerprint {key_fingerprint()}"
    if any(result.error is None for result in results):
        return ok("Key", f"{name} is accepted.")
    if any(result.error and result.error.status == 401 for result in results):
        return wrong(
            "Key",
            f"{name} is not accepted (401).",
            "Set WIX_API_KEY to a key that the API Keys Manager of the main account shows.",
        )
    return wrong(
        "Key",
        f"{name} is refused everything for this account (403).",
        "Check that WIX_ACCOUNT_ID is the main account of that key, then the key's permissions.",
    )


def _account(client: WixClient, results: list[Result]) -> Finding:
    """Whom the key speaks for. Wix offers that call as a preview: its refusal proves nothing."""
    part, name = "Account", client.account_id
    try:
        account = client.get_account(account_id=client.account_id).account
    except WixError as error:
        if all(result.refused for result in results):
            return untried(part, f"{name}: Wix tells nothing of it.")
        status = f" ({error.status})" if error.status else ""
        return ok(part, f"{name}. Wix does not tell its name{status}.")
    known_as = f"{name}, “{account.name}”" if account.name else name
    if account.parent_account_id not in (None, account.id):
        return wrong(
            part,
            f"{known_as} is a child account of {account.parent_account_id}.",
            "Set WIX_ACCOUNT_ID to the main account, and use a key of that one.",
        )
    return ok(part, f"{known_as}.")


def _may_read(result: Result) -> Finding:
    read, error = result.read, result.error
    if error is None:
        return ok(read.part, read.says(result.answer))
    known = explain(error.code or "", error.status, error.said)
    if result.refused:
        words, next_step = (
            f"No ({error.status}).",
            f"Give the key the permission {read.permission}.",
        )
    else:
        words = f"Not known: {known.words if error.status else error.message + '.'}"
        next_step = str(known.next_step) if error.status else "Ask again."
    return (wrong if read.needed else note)(read.part, words, next_step)
