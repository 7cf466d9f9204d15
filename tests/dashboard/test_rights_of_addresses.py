"""A table of every address by every role, for reading and for sending: who may, and who may not.

`make test` asks each address as nobody and as the role just below the one that may; with FULL=1 as
every role. That nobody reaches a record out of their scope is held in `test_scope`.
"""

from http.cookies import SimpleCookie

import pytest
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, resolve

from resellers.models import Role
from tests import worlds
from tests.dashboard.every_address import every_address, patterns
from tests.dashboard.rights import PUBLIC, TABLE, rights_of
from tests.randomness import FULL

pytestmark = [pytest.mark.django_db, pytest.mark.once]
REFUSED = (403, 404, 405)


@pytest.fixture
def clients():
    """A client of each role, in order."""
    found = {}
    for role in Role:
        found[role] = client = Client()
        client.force_login(worlds.user(role))
    return found


@pytest.fixture
def addresses():
    """Each pattern with its address of a record that there is, where one was made for it."""
    service = worlds.instance()
    ids = {
        "accounts": service.account_id,
        "packages": service.package_id,
        "instances": service.pk,
        "sites": service.site_id,
        "catalog": service.product_id,
        "operations": worlds.operation(service, state="needs_attention").pk,
        "people": worlds.user("viewer", "somebody").pk,
    }
    plain = dict(every_address())
    return [
        (pattern, address if leads_somewhere(address) else plain[pattern])
        for pattern, address in every_address(ids)
    ]


def leads_somewhere(address: str) -> bool:
    try:
        return bool(resolve(address))
    except Resolver404:
        return False


def status(client: Client, method: str, address: str) -> int:
    """What comes back; whatever it did is undone, and the client as it was."""
    cookies = client.cookies.output(header="", sep=";")
    with transaction.atomic():
        answer = client.get(address) if method == "GET" else client.post(address)
        transaction.set_rollback(True)
    client.cookies = SimpleCookie(cookies)
    return answer.status_code


def test_every_address_is_in_the_table_and_the_table_has_no_other():
    names = {pattern.name for pattern in patterns()}

    assert sorted(name for name in names if rights_of(name) is None) == []
    assert {name for held in TABLE.values() for name in held} <= names


def test_each_address_is_for_the_roles_that_the_table_names(clients, addresses):
    wrong, asked, roles, stranger = [], 0, list(Role), Client()
    for pattern, address in addresses:
        for method, least in zip(("GET", "POST"), rights_of(pattern.name), strict=True):
            if least == PUBLIC:
                continue
            place = roles.index(least)
            chosen = roles if FULL else roles[max(place - 1, 0) : place]
            code = status(stranger, method, address)
            fits = {None: code == 302 or (code in REFUSED and method == "POST") or code == 405}
            for role in chosen:
                code = status(clients[role], method, address)
                may = roles.index(role) >= place
                fits[role] = code != 403 if may else code in REFUSED
            asked += len(fits)
            wrong += [(pattern.name, method, role) for role, fit in fits.items() if not fit]
    assert wrong == []
    assert asked > (2000 if FULL else 500), asked
