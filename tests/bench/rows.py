"""The invented rows of a large mirror, brought in by COPY: all indexes are made after them."""

import json
import random
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

# As a healthy reseller has them, in percent.
STATUSES = ("ENABLED",) * 93 + ("CANCELED",) * 3 + ("FAILED",) * 2 + ("PENDING", "AWAITING_ACTION")
WORDS = ("Bakery", "Garage", "Dental", "Florist", "School", "Hotel", "Studio", "Cycles", "Books")
FAMILIES = ("Müller", "Harbour", "Nguyễn", "Okafor", "Petit", "Rossi", "Schmidt", "Silva", "Wong")
GROUPS = ("", "North", "South", "East", "West")
FLOATING = 0.1
CONDITIONS = (
    "SELECT conname, conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s)"
)
INDEXES = (
    "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
    " WHERE indrelid = ANY(%s::regclass[]) AND NOT indisunique"
)


class Invented:
    """So many services and what belongs to them; the same ones every time, but for the day."""

    def __init__(self, services: int) -> None:
        self.services = services
        self.packages = services * 2 // 5
        self.accounts = services // 10
        self.sites = self.accounts * 2
        self.products = max(40, services // 5000)
        self.chance = random.Random(1)
        self.now = datetime.now(UTC).replace(microsecond=0)

    def write(self) -> None:
        """Bring all of it into the tables of this process's Django, which are empty."""
        from resellers.models import Account, CatalogProduct, Package, ProductInstance, Site

        chance, models = self.chance, (CatalogProduct, Account, Site, Package, ProductInstance)
        ids = {model: [self._id(model, n) for n in range(self._number(model))] for model in models}
        owners = [chance.randrange(self.accounts) for _ in range(self.packages)]
        ordered = [self._ago(1000) for _ in range(self.packages)]
        sites: list[list[int]] = [[] for _ in range(self.accounts)]
        for number in range(self.sites):
            sites[number % self.accounts].append(number)

        with _without_indexes([model._meta.db_table for model in models]):
            _copy(CatalogProduct, ("id", "name", "service_type"), self._products(ids))
            _copy(Account, ("id", "name", "email", "group", "reference"), self._accounts(ids))
            _copy(Site, ("id", "account_id", "display_name", "url", "published"), self._sites(ids))
            columns = ("id", "account_id", "external_id", "created_at", "updated_at", "raw")
            _copy(Package, columns, self._packages(ids, owners, ordered))
            _copy(ProductInstance, SERVICE_COLUMNS, self._services(ids, owners, ordered, sites))

    def _number(self, model: Any) -> int:
        names = {"CatalogProduct": "products", "ProductInstance": "services"}
        name = names.get(model.__name__, f"{model.__name__.lower()}s")
        return int(getattr(self, name))

    def _id(self, model: Any, number: int) -> UUID:
        kind = sum(map(ord, model.__name__)) % 200
        return UUID(int=(self.chance.getrandbits(64) << 64) | (kind << 56) | number)

    def _ago(self, days: float) -> datetime:
        return self.now - timedelta(seconds=int(self.chance.random() * days * 86_400))

    def _products(self, ids: Any) -> Iterator[tuple[Any, ...]]:
        for n, id_ in enumerate(_of(ids, "CatalogProduct")):
            yield id_, f"Product {n}", f"TYPE_{n % 8}"

    def _accounts(self, ids: Any) -> Iterator[tuple[Any, ...]]:
        for n, id_ in enumerate(_of(ids, "Account")):
            name = f"{WORDS[n % 9]} {FAMILIES[n // 9 % 9]} {n}"
            yield id_, name, f"a{n}@shop.example", GROUPS[n % 5], f"R-{n:06}"

    def _sites(self, ids: Any) -> Iterator[tuple[Any, ...]]:
        accounts = _of(ids, "Account")
        for n, id_ in enumerate(_of(ids, "Site")):
            url = f"https://www.{WORDS[n % 9].lower()}-{n}.example"
            yield id_, accounts[n % self.accounts], f"{WORDS[n % 9]} site {n}", url, True

    def _packages(
        self, ids: Any, owners: Sequence[int], ordered: Sequence[datetime]
    ) -> Iterator[tuple[Any, ...]]:
        accounts = _of(ids, "Account")
        for n, id_ in enumerate(_of(ids, "Package")):
            raw = {
                "id": str(id_),
                "accountId": str(accounts[owners[n]]),
                "externalId": f"order-{n:07}",
            }
            changed = ordered[n] + (self.now - ordered[n]) * self.chance.random()
            yield id_, accounts[owners[n]], f"order-{n:07}", ordered[n], changed, json.dumps(raw)

    def _services(
        self,
        ids: Any,
        owners: Sequence[int],
        ordered: Sequence[datetime],
        sites: Sequence[Sequence[int]],
    ) -> Iterator[tuple[Any, ...]]:
        chance, accounts, packages = self.chance, _of(ids, "Account"), _of(ids, "Package")
        products, all_sites, now = _of(ids, "CatalogProduct"), _of(ids, "Site"), self.now
        for n, id_ in enumerate(_of(ids, "ProductInstance")):
            at = n * 2 // 5
            status, product = chance.choice(STATUSES), _lopsided(products, chance)
            site = (
                None if chance.random() < FLOATING else all_sites[chance.choice(sites[owners[at]])]
            )
            ends = now + timedelta(days=chance.randrange(-300, 700)) if n % 2 else None
            raw = {"id": str(id_), "status": status, "catalogProductId": str(product)}
            failed = status == "FAILED"
            yield (
                *(id_, packages[at], accounts[owners[at]], product, site, status, ordered[at]),
                None if site else ordered[at],
                *("PROVIDER_ERROR" if failed else "", "Not delivered" if failed else ""),
                *("RECURRING", "YEAR", 1, "DE", ends, ordered[at], ordered[at], json.dumps(raw)),
            )


SERVICE_COLUMNS = (
    *("id", "package_id", "account_id", "product_id", "site_id", "status", "status_since"),
    *("floating_since", "failure_code", "failure_message"),
    *("billing_type", "cycle_unit", "cycle_count", "country_code"),
    *("expires_at", "created_at", "updated_at", "raw"),
)


def _of(ids: dict[Any, list[UUID]], name: str) -> list[UUID]:
    return next(found for model, found in ids.items() if model.__name__ == name)


def _lopsided(products: Sequence[UUID], chance: random.Random) -> UUID:
    """One of the products: the first ones often, the last ones hardly ever."""
    return products[int(chance.random() ** 3 * len(products))]


def _copy(model: Any, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Bring in rows of these columns; the others are as a new row has them, derived ones too."""
    from django.db import connection

    from resellers.models.derived import derived_fields

    now = datetime.now(UTC)
    derived, bare = derived_fields(model), model()
    made_of = [[names.index(name) if name in names else -1 for name in f.of] for f in derived]
    given = {*names, *(field.attname for field in derived)}
    constants = {
        field.attname: now if field.attname in NOW else getattr(bare, field.attname)
        for field in model._meta.local_concrete_fields
        if field.attname not in given and (field.attname in NOW or not field.has_db_default())
    }
    rest = "".join(f"\t{_text(value)}" for value in constants.values())
    columns = ", ".join(f'"{name}"' for name in (*names, *(f.attname for f in derived), *constants))
    if connection.vendor == "sqlite":
        every = (*names, *(field.attname for field in derived), *constants)
        fields = {field.attname: field for field in model._meta.local_concrete_fields}
        whole = ((*row, *_made(derived, made_of, row), *constants.values()) for row in rows)
        _insert(model, [fields[name] for name in every], whole)
        return
    statement = f"COPY {model._meta.db_table} ({columns}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        lines = []
        for row in rows:
            made = _made(derived, made_of, row)
            lines.append("\t".join(map(_text, (*row, *made))) + rest)
            if len(lines) == 2000:
                copy.write("\n".join(lines) + "\n")
                lines.clear()
        if lines:
            copy.write("\n".join(lines) + "\n")


def _made(derived: Any, made_of: Sequence[Sequence[int]], row: Sequence[Any]) -> list[Any]:
    """What the row's derived columns are made of its others."""
    return [
        field.made_of([row[at] if at >= 0 else "" for at in places])
        for field, places in zip(derived, made_of, strict=True)
    ]


def _insert(model: Any, fields: Sequence[Any], rows: Iterable[Sequence[Any]]) -> None:
    from django.db import connection, transaction

    columns = ", ".join(f'"{field.column}"' for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {model._meta.db_table} ({columns}) VALUES ({marks})"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(
            statement,
            (
                [
                    field.get_db_prep_save(_value(field, value), connection)
                    for field, value in zip(fields, row, strict=True)
                ]
                for row in rows
            ),
        )


def _value(field: Any, value: Any) -> Any:
    """What is written out for COPY, as the field has it."""
    is_json = field.get_internal_type() == "JSONField"
    return json.loads(value) if is_json and isinstance(value, str) else value


NOW = {"last_confirmed_at", "first_seen_at", "sites_checked_at"}


def _text(value: Any) -> str:
    """The value as COPY reads it."""
    if value is None:
        return r"\N"
    if isinstance(value, dict | list):
        value = json.dumps(value)
    if isinstance(value, str) and ("\\" in value or "\n" in value or "\t" in value):
        return value.replace("\\", r"\\").replace("\n", r"\n").replace("\t", r"\t")
    return str(value)


@contextmanager
def _without_indexes(tables: Sequence[str]) -> Iterator[None]:
    """Keep these tables without indexes, foreign keys and triggers meanwhile: each index is made
    once, in the end, instead of with every row. On SQLite, whose tables are small, they stay."""
    from django.db import connection

    if connection.vendor == "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(CONDITIONS, [list(tables)])
        keys = cursor.fetchall()
        cursor.execute(INDEXES, [list(tables)])
        indexes = cursor.fetchall()
        for name, table, _ in keys:
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}")
        cursor.execute("SET session_replication_role = replica")
        yield
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("SET maintenance_work_mem = '512MB'")
        for _, definition in indexes:
            cursor.execute(definition)
        for name, table, definition in keys:
            cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
