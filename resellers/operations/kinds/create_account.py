"""Make a child account for a new customer. Source: Accounts, Create Account.

Wix takes no idempotency key, makes a second account for the same address, and lists child accounts
by their ids alone. So they are listed before the call is sent: after a lost answer the one that is
new since is ours, and it is sent again only where a whole ladder of readings shows none.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellers import leases, wix
from resellers.models import Account, NewCustomer, Operation, SyncRun, scope
from resellers.wix.calls.accounts import LONGEST_EMAIL, MOST_CHILD_ACCOUNTS

from .. import new_accounts
from ..account_kind import AccountKind
from ..facts import Facts
from ..foreseen import Foreseen, account_refusals, own
from ..planned import About, Freshness, PlanRow
from ..sentences import Sentences
from ..steps import Back, Decision, Done, Reading, Refused, Send, Sent, Stuck, Wait
from ..wish import JsonObject, Thing, Wish

NEW_ACCOUNT = "new-account:"  # of the subject: there is no id before there is an account


@dataclass(frozen=True, slots=True)
class AccountsSeen:
    """The ids of the child accounts that are new since it was sent, and of those that were new
    before. `named`: an answer of Wix has named one that is not listed yet. `others`: a new one may
    be that of another operation, whose answer was lost too. `more`: new ones beside the one that
    Wix has named, where the call had been sent before and may have landed late."""

    accounts: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    named: bool = False
    others: bool = False
    more: tuple[str, ...] = ()

    @property
    def found(self) -> bool:
        return bool(self.accounts)

    def as_json(self) -> JsonObject:
        return {
            "accounts": [*self.accounts],
            "elsewhere": [*self.elsewhere],
            "named": self.named,
            "others": self.others,
            "more": [*self.more],
        }


@dataclass(frozen=True)
class CreateAccountWish(Wish[Account]):
    """An account for that new customer, of the one that it is asked of."""

    customer_id: UUID
    name: str


class CreateAccount(AccountKind[CreateAccountWish, AccountsSeen]):
    name = "create_account"
    label = gettext_lazy("New account")
    doing = "making an account for"
    done = {"create": "Made"}
    wish_class = CreateAccountWish
    noun = "account"
    touches = "New"
    seen_as = {"accounts": "New child accounts"}
    writes = "Makes accounts"
    wix_permission = "Create Accounts"
    ladder = "CREATE_LADDER"
    reads = "the child accounts"
    may_be_true_already = False
    cannot_be_undone = "Wix offers no call that takes an account back."

    def title(self, operation: Operation) -> str:
        return f"{self.label} {operation.wish['name']}"

    def sentences(self, operation: Operation) -> Sentences:
        name = operation.wish["name"]
        return Sentences(
            waits=_("An account for %(name)s waits to be made") % {"name": name},
            under_way=_("An account for %(name)s is being made") % {"name": name},
            done=_("%(name)s has an account") % {"name": name},
            was_done=_("An account for %(name)s was made") % {"name": name},
            no_more=_("%(name)s has no account any more") % {"name": name},
            not_done=_("No account was made for %(name)s") % {"name": name},
            as_before=_("%(name)s has no account") % {"name": name},
            in_doubt=_("We cannot say whether %(name)s has an account") % {"name": name},
            neither=_("The account of %(name)s is not as asked for") % {"name": name},
        )

    def about(self, thing: Account, wish: CreateAccountWish) -> About:
        customer = _customer(wish)
        # Two people who ask for the same address ask for the same.
        of = customer.email.casefold() if customer else str(wish.customer_id)
        return About(f"{NEW_ACCOUNT}{hashlib.sha256(of.encode()).hexdigest()[:32]}", thing)

    def freshness(self, thing: Account) -> Freshness:
        # It rests on the list of the child accounts, which is read before anything is sent.
        return Freshness(thing.listed_at or thing.last_confirmed_at, SyncRun.Kind.ACCOUNT, thing)

    def in_mirror(self, thing: Account, wish: CreateAccountWish) -> AccountsSeen:
        customer = _customer(wish)
        held = account_of(customer) if customer else None
        return AccountsSeen((str(held.pk),) if held else ())

    def rows(self, thing: Account, wish: CreateAccountWish) -> Sequence[PlanRow]:
        customer = _customer(wish)
        owner = customer.email if customer else ""
        return [
            PlanRow("name", "Customer", "", wish.name),
            PlanRow("owner", "Owner at Wix", "", _masked(owner)),
        ]

    def steps(self, thing: Account, wish: CreateAccountWish) -> dict[str, str]:
        return {"create": f"Make a child account for {wish.name}"}

    def obstacles(self, thing: Account, facts: Facts) -> Sequence[Foreseen]:
        return account_refusals(thing)

    def foresee(self, thing: Account, wish: CreateAccountWish) -> Sequence[Foreseen]:
        customer = _customer(wish)
        if customer is None:
            words = _("Nobody wrote this customer down.")
            return [own("name", "CUSTOMER_GONE", words, _("Write the customer down anew."))]
        if held := account_of(customer):
            known = str(held) if scope.may_see(held) else _("Another customer")
            words = _("%(customer)s has this address already.") % {"customer": known}
            return [own("email", "CUSTOMER_EXISTS", words, _("Choose that customer."))]
        try:
            validate_email(customer.email)
        except ValidationError:
            words = _("Wix wants the owner's e-mail address.")
            return [own("email", "INVALID_EMAIL", words, _("Write it as name@company.example."))]
        if len(customer.email) > LONGEST_EMAIL:
            words = _("Wix takes an address of at most %(most)s letters.") % {"most": LONGEST_EMAIL}
            return [own("email", "INVALID_EMAIL", words, _("Use another address."))]
        return []

    def warnings(self, thing: Account, wish: CreateAccountWish) -> Sequence[str]:
        return ["Wix makes its owner a Wix user of its own, even where the address has one."]

    def read(self, operation: Operation, client: wix.WixClient) -> Reading[AccountsSeen]:
        """All child accounts, or as many as it takes to see the only one that can be ours."""
        named, fresh, offset, is_listed = new_accounts.named(operation), set[str](), 0, False
        sent_once = new_accounts.sends(operation) == 1
        while True:
            page = client.list_child_accounts(limit=MOST_CHILD_ACCOUNTS, offset=offset)
            is_listed |= named in page.items
            if is_listed and sent_once:
                return Reading(AccountsSeen((named,)), page.call)
            fresh |= new_accounts.not_known_before(operation, page.items)
            got = len(page.items) + len(page.rejected)
            offset += got
            if got < MOST_CHILD_ACCOUNTS or (page.total is not None and offset >= page.total):
                break
            if operation.is_open:
                leases.renew(operation)
        if named and not is_listed:
            return Reading(AccountsSeen(named=True), page.call)
        fresh -= new_accounts.of_others(operation, fresh)
        elsewhere = fresh & new_accounts.made_elsewhere(operation, fresh)
        if named:
            more = set() if new_accounts.others_in_doubt(operation) else fresh - elsewhere - {named}
            return Reading(AccountsSeen((named,), more=tuple(sorted(more))), page.call)
        seen = AccountsSeen(
            tuple(sorted(fresh - elsewhere)),
            tuple(sorted(elsewhere)),
            others=new_accounts.others_in_doubt(operation),
        )
        return Reading(seen, page.call)

    def has_moved(self, operation: Operation, seen: AccountsSeen) -> bool:
        # What others make meanwhile is nothing to this one.
        return False

    def decide(self, operation: Operation, seen: AccountsSeen, refused: Refused | None) -> Decision:
        if len(seen.accounts) > 1:
            words = (
                f"Wix lists {len(seen.accounts)} new accounts, {' and '.join(seen.accounts)}."
                " Look at them at Wix, and write this customer's name and address on the page of"
                " the right one."
            )
            return Stuck(words, "made_twice")
        if seen.found and seen.others:
            return Wait("Another account is being made: it is yet to show which one is whose.")
        if seen.found:
            return Done()
        if seen.named:
            return Wait("Wix has named the new account, and does not list it yet.")
        return Back() if refused else Send("create")

    def success_words(self, seen: AccountsSeen) -> str:
        if not seen.more:
            return ""
        return (
            "Wix shows it, and the call that was sent before may have landed late: there is also"
            f" {' and '.join(seen.more)}. Wix takes none back: see at Wix that it stays empty."
        )

    def send(
        self, operation: Operation, step: str, client: wix.WixClient, idempotency_key: str
    ) -> Sent:
        customer = NewCustomer.objects.get(pk=self.wish_of(operation).customer_id)
        answer = client.create_account(email=customer.email)
        return Sent(answer.call, answer.account.id)

    def carried_out(self, operation: Operation) -> None:
        """The account gets what was written down of the customer, where nobody wrote otherwise."""
        customer, id_ = _customer(self.wish_of(operation)), new_accounts.made(operation)
        if customer is None or not id_:
            return
        account, _is_new = Account.objects.get_or_create(pk=UUID(id_))
        for field in ("name", "email", "group", "reference"):
            if not getattr(account, field):
                setattr(account, field, getattr(customer, field))
        account.save()
        NewCustomer.objects.filter(pk=customer.pk).update(account=account, email="")

    def touched(self, operation: Operation) -> Sequence[Thing]:
        customer = _customer(self.wish_of(operation))
        return [customer.account] if customer and customer.account else [operation.account]

    def describe_reading(self, operation: Operation, seen: dict[str, object]) -> str:
        number = len(seen.get("accounts") or ())  # type: ignore[arg-type]
        if not number:
            return "no new child account"
        return f"{number} new child {'account' if number == 1 else 'accounts'}"


@scope.everything()
def account_of(customer: NewCustomer) -> Account | None:
    """The account that was made for the customer, or the one that has the customer's address."""
    if customer.account:
        return customer.account
    if not customer.email:
        return None
    return Account.objects.present().filter(email__iexact=customer.email).order_by("pk").first()


@scope.everything()
def _customer(wish: CreateAccountWish) -> NewCustomer | None:
    return NewCustomer.objects.select_related("account").filter(pk=wish.customer_id).first()


def _masked(email: str) -> str:
    """An address as plans tell it, which are kept: enough to know it by, and no more."""
    name, at, host = email.partition("@")
    return f"{name[:1]}…{at}{host}" if at else ""
