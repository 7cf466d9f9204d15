"""What a sandbox's world holds, what the mirror shows of it, and where the two differ.

Both are told in one shape, record by record and field by field under the names of the mirror's
columns: ids as text, moments in milliseconds since 1970, "" for what there is not. It can be kept
as JSON, so that a judgement can be passed again.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

# Django is set up only after this file is read.
if TYPE_CHECKING:
    from resellers.sandbox import Sandbox
    from resellers.sandbox.world.entities import Instance, Package, Site
    from resellers.sandbox.world.world import World

Fields = dict[str, Any]
Records = dict[str, Fields]  # by `package ID`, `service ID`, `site ID`, `account ID`

# The namespaces whose sites the mirror asks for.
LISTED = ("WIX", "HEADLESS")
MOMENTS = ("created_at", "updated_at", "expires_at", "trashed_at")
OF_PACKAGES = ("account", "external_id", "created_at", "updated_at")
OF_SERVICES = (
    *("package", "account", "product", "site", "status", "failure_code", "failure_message"),
    *("billing_type", "cycle_unit", "cycle_count", "country_code", "discount_code"),
    *("reference_instance", "expires_at", "created_at", "updated_at"),
)
OF_SITES = (
    *("account", "name", "display_name", "url", "premium", "published", "blocked"),
    *("domain_connected", "namespace", "editor_type", "trashed_at", "created_at", "updated_at"),
)


def at_wix(sandbox: "Sandbox") -> Records:
    """All that the world holds and a reading can be shown, as it is now."""
    world = sandbox.world
    with world.lock:
        world.run_due_events()
        children = {account.id for account in world.children} | {world.parent.id}
        found: Records = {f"account {id_}": {} for id_ in children}
        for package in world.packages:
            if package.account_id in children:
                found[f"package {package.id}"] = fields_of_package(package)
                for one in package.instances:
                    found[f"service {one.id}"] = fields_of_service(one, package)
        for site in world.sites:
            if site.namespace in LISTED and site.account_id in children:
                found[f"site {site.id}"] = _site(world, site)
    return found


def in_mirror() -> Records:
    """The same of what the mirror holds as present."""
    from resellers.models import Account, Package, ProductInstance, Site

    found: Records = {
        f"account {id_}": {} for id_ in Account.objects.present().values_list("id", flat=True)
    }
    found |= _rows("package", Package.objects.present(), OF_PACKAGES)
    found |= _rows("service", ProductInstance.objects.present(), OF_SERVICES)
    sites = Site.objects.present().filter(namespace__in=LISTED)
    return found | _rows("site", sites, OF_SITES)


def differences(true: Records, mirrored: Records) -> list[str]:
    """Where these differ, a line each. Moments that are shown to the second are the same as far."""
    found = [f"the mirror has no {record}" for record in sorted(true.keys() - mirrored.keys())]
    found += [
        f"the mirror has a {record}, Wix has not" for record in sorted(mirrored.keys() - true)
    ]
    for record in sorted(true.keys() & mirrored.keys()):
        found += [
            f"the mirror shows {name} {mirrored[record][name]!r} for {record}, Wix has {value!r}"
            for name, value in true[record].items()
            if not _is_same(name, value, mirrored[record][name])
        ]
    return found


def false_changes(recorded: Iterable[tuple[str, str, str, str]], held: list[Records]) -> list[str]:
    """What a timeline says that was not so, and what it does not say, a line each.

    `recorded` are the changes of a stretch of time as record, field, old and new, in their order;
    `held` is what was true at its beginning, at times between, and at its end.
    """
    found = []
    last: dict[tuple[str, str], str] = {}
    for record, name, old, new in recorded:
        values = {
            as_recorded(name, records[record].get(name, ""))
            for records in held
            if record in records
        }
        last[record, name] = new
        if name == "seen":
            if record in held[0]:
                found.append(f"it says that {record} is new, and it was there before")
        elif old == new or not {old, new} <= values:
            found.append(f"it says that {name} of {record} went from {old!r} to {new!r}")
    return found + list(unrecorded(held[0], held[-1], last))


def changes_since(change_id: int) -> list[tuple[str, str, str, str]]:
    """The changes that the mirror has told after that one, as `false_changes` takes them."""
    from resellers.models import Change

    found = []
    for change in Change.objects.filter(pk__gt=change_id).order_by("pk"):
        service, site, package = change.instance_id, change.site_id, change.package_id
        record = (
            f"service {service}" if service else f"site {site}" if site else f"package {package}"
        )
        found.append((record, change.field, change.old, change.new))
    return found


def unrecorded(first: Records, now: Records, last: dict[tuple[str, str], str]) -> Iterator[str]:
    """What became other than at first without a change that says so, a line each; `last` is what
    each field of each record became by the last of its changes."""
    for record in sorted(first.keys() & now.keys()):
        for name, value in now[record].items():
            if name in ("created_at", "updated_at", "package") or value == first[record][name]:
                continue
            if last.get((record, name)) != as_recorded(name, value):
                yield f"it does not say that {name} of {record} became {value!r}"


def as_recorded(name: str, value: Any) -> str:
    """A field's value as a change of the mirror spells it."""
    if name in MOMENTS and value:
        moment = datetime.fromtimestamp(value // 1000, tz=UTC)
        return moment.isoformat(timespec="seconds")
    return str(value)


def _is_same(name: str, true: Any, mirrored: Any) -> bool:
    if name in MOMENTS and true and isinstance(mirrored, int) and mirrored % 1000 == 0:
        return bool(true - true % 1000 == mirrored)
    return bool(true == mirrored)


# --- of the world --------------------------------------------------------------------------------


def fields_of_package(package: "Package") -> Fields:
    """A package as the mirror is to show it."""
    return {
        "account": package.account_id,
        "external_id": package.external_id or "",
        "created_at": package.created,
        "updated_at": package.updated,
    }


def fields_of_service(one: "Instance", package: "Package") -> Fields:
    """A service of that package as the mirror is to show it."""
    cycle, failure = one.billing.cycle, one.failure
    return {
        "package": package.id,
        "account": package.account_id,
        "product": one.product_id,
        "site": one.site_id or "",
        "status": one.status,
        "failure_code": failure.code if failure else "",
        "failure_message": failure.message if failure else "",
        "billing_type": one.billing.type,
        "cycle_unit": cycle.unit if cycle else "",
        "cycle_count": cycle.count if cycle else "",
        "country_code": one.country,
        "discount_code": one.discount or "",
        "reference_instance": one.reference_id or "",
        "expires_at": one.expires or "",
        "created_at": one.created,
        "updated_at": one.updated,
    }


def _site(world: "World", site: "Site") -> Fields:
    from resellers.sandbox.api import serializers

    answer = serializers.site(world, site)
    return {
        "account": site.account_id,
        "name": site.name,
        "display_name": site.display_name,
        "url": answer["viewUrl"],
        "premium": answer["premium"],
        "published": site.published,
        "blocked": site.blocked,
        "domain_connected": site.domain is not None,
        "namespace": site.namespace,
        "editor_type": site.editor,
        "trashed_at": site.trashed or "",
        "created_at": site.created,
        "updated_at": site.updated,
    }


# --- of the mirror -------------------------------------------------------------------------------


def _rows(of: str, rows: Any, names: tuple[str, ...]) -> Records:
    columns = {field.name: field.attname for field in rows.model._meta.concrete_fields}
    columns["reference_instance"] = "reference_instance_id"
    wanted = ["id", *(columns[name] for name in names)]
    return {
        f"{of} {row[0]}": dict(zip(names, map(_plain, row[1:]), strict=True))
        for row in rows.values_list(*wanted)
    }


def _plain(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return round(value.timestamp() * 1000)
    return value if isinstance(value, bool | int) else str(value)
