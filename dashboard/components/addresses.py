"""Addresses within the rows of lists: made by name like all others, but only once.

`reverse` takes longer than all the rest of a cell, and a page of a list has hundreds of them.
"""

from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django.urls import NoReverseMatch, get_script_prefix, reverse

# Ids that stand in an address only where they were put: one of Wix's kind and one of ours.
_STAND_INS = (UUID(int=2**128 - 1), 2**62)


@dataclass(frozen=True, slots=True)
class RowAddress:
    """An address that differs from row to row by an id alone.

    `name` is the address's own. With `parameter` it is that of a list, narrowed to the rows which
    have the id there; with `#` for one it is that of a page, at the place of that id.
    """

    name: str
    parameter: str = ""
    args: tuple[str, ...] = ()  # of the address, beside the id

    def __call__(self, id_: object) -> str:
        before, after = _around(self.name, self.parameter, self.args, get_script_prefix())
        return f"{before}{id_}{after}"


@lru_cache(maxsize=256)
def _around(
    name: str, parameter: str, args: tuple[str, ...], script_prefix: str
) -> tuple[str, str]:
    """What stands before and behind the id where the site is served under that prefix."""
    if parameter == "#":
        return f"{reverse(name, args=args)}#", ""
    if parameter:
        return reverse(name, args=args, query={parameter: ""}), ""
    for stand_in in _STAND_INS:
        try:
            before, _, after = reverse(name, args=[stand_in]).partition(str(stand_in))
        except NoReverseMatch:
            continue
        return before, after
    raise NoReverseMatch(f"no address of this name takes one id: {name}")


def page_address(name: str) -> str:
    """The address of that name with no id in it: the same wherever a page asks for it."""
    return _page_address(name, get_script_prefix())


@lru_cache(maxsize=512)
def _page_address(name: str, script_prefix: str) -> str:
    return reverse(name)


ACCOUNT = RowAddress("account_detail")
PERSON = RowAddress("person_page")
ACCOUNT_EDIT = RowAddress("account_edit")
PACKAGE = RowAddress("package_detail")
INSTANCE = RowAddress("instance_detail")
SITE = RowAddress("site_detail")
PRODUCT = RowAddress("product_page")
OPERATION = RowAddress("operation_page")
RUN = RowAddress("run_page")
CASE = RowAddress("case_page")
BULK_RUN = RowAddress("bulk_run")
FLOW = RowAddress("flow_page")
EXPLANATION = RowAddress("help_entry")
OUTCOME_EXPLANATION = RowAddress("help_outcome")
HAND_OVER_SITE = RowAddress("flow_new", "site", ("site_handover",))
HELP_ANCHOR = RowAddress("help_page", "#")
INSTANCES_OF_ACCOUNT = RowAddress("instance_list", "account")
INSTANCES_OF_PACKAGE = RowAddress("instance_list", "package")
INSTANCES_OF_PRODUCT = RowAddress("instance_list", "product")
INSTANCES_ON_SITE = RowAddress("instance_list", "site")
