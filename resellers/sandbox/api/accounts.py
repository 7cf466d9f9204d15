"""The calls about accounts: List Child Accounts, Get Account, Create Account.

Reference: User Management, Accounts.
"""

from __future__ import annotations

from typing import Any

from ..wire.errors import permission_denied, refuse
from ..world.entities import Account
from . import serializers
from .call import Call
from .paging import offset_page

PAGE = 50


def list_children(call: Call) -> dict[str, Any]:
    """List Child Accounts: ids only, a page of at most 50."""
    switches = call.world.switches
    account = call.account
    limit = call.arguments.integer("paging.limit", 0, PAGE, PAGE)
    offset = call.arguments.integer("paging.offset", 0, 10**9, 0)
    call.arguments.check()
    children = [
        one.id for one in call.world.children if one.parent_id == account.id and not one.unlisted
    ]
    page = offset_page(call, children, offset, limit).rows
    as_text = switches.child_accounts_shape == "text"
    return {
        switches.child_accounts_name: page if as_text else [{"accountId": one} for one in page],
        "pagingMetadata": {
            "count": len(page),
            "offset": offset,
            "total": len(children),
            "tooManyToCount": False,
        },
    }


def get(call: Call) -> dict[str, Any]:
    """Get Account: the header's own account, or a child of it."""
    account = call.world.account(call.params["account"])
    if account is None:
        raise refuse("ACCOUNT_NOT_FOUND", accountId=call.params["account"])
    if call.account.id not in (account.id, account.parent_id):
        raise permission_denied()
    switches = call.world.switches
    return {
        "account": {
            "accountId": account.id,
            "accountName": account.email.replace("@", "-at-"),
            "slug": account.id[:8],
            "status": "ACTIVE",
            "accountProperties": {
                "isTeam": account.parent_id is None,
                "parentAccountId": account.parent_id,
            },
            "dateCreated": serializers.moment(account.created, switches),
            "dateUpdated": serializers.moment(account.created, switches),
        }
    }


def create(call: Call) -> dict[str, Any]:
    """Create Account: a new child of the header's account, even for a known mail address."""
    body = call.body
    user = body.object("user", required=True)
    email = user.object("email", required=True) if user else None
    address = email.text("emailAddress", required=True, longest=254) if email else None
    if email and address is not None and not _is_address(address):
        email.add_violation("emailAddress", "must be an e-mail address")
    if body.given("roles") and not isinstance(body.values["roles"], list):
        body.add_violation("roles", "must be a list")
    body.check()
    parent = call.account
    if parent.parent_id is not None:
        raise permission_denied()
    world = call.world
    account = Account(
        id=world.ids.new(),
        parent_id=parent.id,
        created=world.clock.now(),
        email=address or "",
    )
    world.put_account(account)
    return {"account": {"accountId": account.id}}


def _is_address(text: str) -> bool:
    name, at, host = text.rpartition("@")
    return bool(name and at and "." in host.strip(".")) and " " not in text
