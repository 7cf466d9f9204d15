"""The truth about single records, and their change behind everybody's back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ..api import serializers
from ..wire.messages import Answer, Request
from ..wire.validation import BadRequest, Fields, parse
from ..world import clock
from ..world.entities import Account, Instance, Package
from ..world.world import World
from . import changes

Handler = Callable[[World, Request, str], Answer]


def show_instance(world: World, request: Request, instance_id: str) -> Answer:
    instance = world.packages.instance(instance_id)
    return _missing("instance", instance_id) if instance is None else _instance(world, instance)


def change_instance(world: World, request: Request, instance_id: str) -> Answer:
    instance = world.packages.instance(instance_id)
    if instance is None:
        return _missing("instance", instance_id)
    wanted = changes.of_instance(Fields(parse(request.body)))
    if wanted.get("site_id") and world.sites.get(wanted["site_id"]) is None:
        raise BadRequest("siteId", "is no site of this world")
    return _instance(world, world.change_instance(instance.id, **wanted))


def show_packages(world: World, request: Request, _: str) -> Answer:
    return Answer(200, {"packages": serializers.packages(world, world.packages)})


def show_package(world: World, request: Request, package_id: str) -> Answer:
    package = world.packages.get(package_id)
    return _missing("package", package_id) if package is None else _package(world, package)


def change_package(world: World, request: Request, package_id: str) -> Answer:
    package = world.packages.get(package_id)
    if package is None:
        return _missing("package", package_id)
    wanted = changes.of_package(Fields(parse(request.body)))
    return _package(world, world.change_package(package, **wanted))


def show_account(world: World, request: Request, account_id: str) -> Answer:
    account = world.accounts.get(account_id)
    return _missing("account", account_id) if account is None else _account(account)


def change_account(world: World, request: Request, account_id: str) -> Answer:
    account = world.accounts.get(account_id)
    if account is None:
        return _missing("account", account_id)
    wanted = changes.of_account(Fields(parse(request.body)))
    if wanted and account.parent_id is None:
        raise BadRequest(next(iter(wanted)), "is no field of the parent account")
    return _account(world.put_account(replace(account, **wanted)))


def show_site(world: World, request: Request, site_id: str) -> Answer:
    site = world.sites.get(site_id)
    if site is None:
        return _missing("site", site_id)
    return Answer(200, serializers.site(world, site))


def change_site(world: World, request: Request, site_id: str) -> Answer:
    site = world.sites.get(site_id)
    if site is None:
        return _missing("site", site_id)
    wanted = changes.of_site(Fields(parse(request.body)))
    return Answer(200, serializers.site(world, world.put_site(replace(site, **wanted))))


def _missing(kind: str, record_id: str) -> Answer:
    return Answer(404, {"error": f"there is no {kind} {record_id}"})


def _instance(world: World, instance: Instance) -> Answer:
    package = world.packages.rows[instance.package_id]
    expires = instance.expires
    truth: dict[str, Any] = {
        "instanceId": instance.id,
        "packageId": package.id,
        "accountId": package.account_id,
        "externalId": package.external_id,
        "siteId": instance.site_id,
        "catalogProductId": instance.product_id,
        "status": instance.status,
        "failure": serializers.failure(instance),
        "billingInfo": serializers.billing(instance.billing),
        "countryCode": instance.country,
        "createdDate": clock.text(instance.created),
        "updatedDate": clock.text(instance.updated),
        "expirationDate": clock.text(expires) if expires is not None else None,
        "discountCode": instance.discount,
        "referenceProductInstanceId": instance.reference_id,
        "ending": instance.ending,
    }
    return Answer(200, truth)


def _package(world: World, package: Package) -> Answer:
    truth = {
        **serializers.package(world, package, with_parent=True),
        "unlisted": package.unlisted,
        "hidden": package.hidden,
        "access": package.access,
    }
    return Answer(200, truth)


def _account(account: Account) -> Answer:
    truth = {
        "accountId": account.id,
        "parentAccountId": account.parent_id,
        "createdDate": clock.text(account.created),
        "left": account.left,
        "unlisted": account.unlisted,
    }
    return Answer(200, truth)
