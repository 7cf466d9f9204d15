"""What can be read: each a list of the site, whose rows, filters and orders these are."""

from dataclasses import dataclass
from functools import cached_property

from ninja import Schema
from pydantic import Field, create_model

from dashboard.lists.csv_file import Field as Column
from dashboard.lists.declaration import List
from dashboard.pages.accounts.list import ACCOUNTS
from dashboard.pages.failures.list import CASES
from dashboard.pages.instances.list import INSTANCES
from dashboard.pages.operations.list import OPERATIONS
from dashboard.pages.packages.list import PACKAGES

from . import records


@dataclass(frozen=True)
class Resource:
    """One kind of records: its name in addresses, its list, and what one of them is as JSON."""

    name: str
    listing: List  # whose rows these are
    record: type[Schema]
    is_ours: bool = False  # then its id is a number

    @cached_property
    def names(self) -> list[str]:
        """What the values of a record are called, in the order of the list's columns."""
        return [name_of(column) for column in self.listing.fields]

    @cached_property
    def page(self) -> type[Schema]:
        """An answer with several of them."""
        made: type[Schema] = create_model(
            f"{self.record.__name__}Page",
            __base__=Schema,
            items=(list[self.record], Field(description="In the order asked for.")),  # type: ignore[name-defined]
            next=(str | None, Field(description="Where the next ones are; null at the end.")),
        )
        return made


def name_of(column: Column) -> str:
    """A column of a file as JSON calls it: its times always are in UTC."""
    return column.header.removesuffix("_utc")


RESOURCES = (
    Resource("customers", ACCOUNTS, records.Customer),
    Resource("packages", PACKAGES, records.Package),
    Resource("services", INSTANCES, records.Service),
    Resource("operations", OPERATIONS, records.Operation, is_ours=True),
    Resource("cases", CASES, records.Case, is_ours=True),
)
