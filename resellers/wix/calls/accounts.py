"""Accounts: the main account and its child accounts."""

from __future__ import annotations

from .. import arguments
from ..exchange import Answer, Request
from ..fields import Unreadable
from ..parsing import read_account, read_account_id, read_page
from ..transport import Transport
from ..types import AccountAnswer, Page

MOST_CHILD_ACCOUNTS = 50
LONGEST_EMAIL = 254


class AccountCalls:
    _transport: Transport
    account_id: str

    def list_child_accounts(self, *, limit: int = 50, offset: int = 0) -> Page[str]:
        """Ids of the main account's child accounts; Wix keeps no names here.

        Paged by offset: go on with `offset + limit` until a page comes back short or empty.
        Reference: Accounts, List Child Accounts.
        """
        if offset < 0:
            raise ValueError("offset must be 0 or more")
        limit = arguments.limit(limit, largest=MOST_CHILD_ACCOUNTS)
        answer = self._transport.send(
            Request(
                "GET",
                "/accounts/v1/account/child-accounts",
                repeatable=True,
                account_id=self.account_id,
                query=(("paging.limit", str(limit)), ("paging.offset", str(offset))),
            )
        )
        names = ("childAccounts", "accounts", "accountIds")
        return answer.read(
            lambda: read_page(answer.body, answer.call, *names, read=read_account_id)
        )

    def get_account(self, *, account_id: str) -> AccountAnswer:
        """What Wix tells of an account. Reference: Accounts, Get Account (Developer Preview)."""
        account_id = arguments.guid("account_id", account_id)
        answer = self._transport.send(
            Request(
                "GET",
                "/accounts/v1/accounts/{account_id}",
                repeatable=True,
                account_id=account_id,
                path_values={"account_id": account_id},
            )
        )
        return _account_answer(answer, account_id)

    def create_account(
        self,
        *,
        email: str,
        sso_id: str | None = None,
        sso_user_id: str | None = None,
        parent_account_id: str | None = None,
    ) -> AccountAnswer:
        """Make a child account, by default of the main account, owned by a new Wix user.

        Wix takes no idempotency key and makes a second account for the same address: look the
        customer up first, and after WixOutcomeUnknown compare the child accounts.
        Reference: Accounts, Create Account.
        """
        if "@" not in arguments.text("email", email, longest=LONGEST_EMAIL):
            raise ValueError("email must be an e-mail address")
        user: dict[str, object] = {"email": {"emailAddress": email, "isVerified": False}}
        if sso_id is not None and sso_user_id is not None:
            user["ssoIdentities"] = [{"ssoId": sso_id, "userId": sso_user_id}]
        elif sso_id is not None or sso_user_id is not None:
            raise ValueError("sso_id and sso_user_id must be given together")
        answer = self._transport.send(
            Request(
                "POST",
                "/accounts/v1/accounts/create",
                repeatable=False,
                account_id=arguments.guid(
                    "parent_account_id", parent_account_id or self.account_id
                ),
                body={"user": user, "roles": []},
            )
        )
        return _account_answer(answer)


def _account_answer(answer: Answer, account_id: str | None = None) -> AccountAnswer:
    def read() -> AccountAnswer:
        account = read_account(answer.body.get("account"), "account")
        if account_id not in (None, account.id):
            raise Unreadable("account.accountId", "is of another account")
        return AccountAnswer(answer.call, answer.body, account)

    return answer.read(read)
