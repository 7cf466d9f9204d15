"""What has a page of its own, and by which word its addresses call it."""

from resellers.models import Account, Package, ProductInstance, Site

Record = Account | Package | ProductInstance | Site
# Of these people write notes.
Noted = Account | Package | ProductInstance
NOUNS: dict[type, str] = {
    Account: "account",
    Package: "package",
    ProductInstance: "instance",
    Site: "site",
}


def noun_of(record: Record) -> str:
    """Such as `account`: what the names of its addresses begin with."""
    return NOUNS[type(record)]
