"""What the form of a new package holds at first, by what led to it."""

from uuid import UUID

from dashboard.frame.staff import StaffRequest
from resellers.models import Account, Operation, PackageTemplate, ProductInstance, Site
from resellers.operations.order_again import lines_again_of
from resellers.operations.order_wish import CreatePackageWish
from resellers.operations.package_templates import lines_of_template

from .create_package import NewPackageForm
from .order_second import second_of, wish_of_second

Initial = dict[str, str]


def named_template(request: StaffRequest) -> PackageTemplate | None:
    """The template that the address names, if there is one."""
    named = request.GET.get("template", "")
    if not (named.isascii() and named.isdecimal() and len(named) < 19):
        return None
    return PackageTemplate.objects.filter(pk=int(named)).first()


def template_initial(template: PackageTemplate, account: Account, site: Site | None) -> Initial:
    """The fields that order what the template has: on that site, or on the account's only one."""
    usable = list(account.sites.usable().order_by("id")[:2])
    site = site or (usable[0] if len(usable) == 1 else None)
    lines = lines_of_template(template)
    initial = {"lines": str(len(lines) or 1)}
    for number, line in enumerate(lines):
        prefix = f"lines-{number}"
        initial[f"{prefix}-target_product"] = line.product_id
        initial[f"{prefix}-cycle"] = line.cycle
        initial[f"{prefix}-quantity"] = str(line.quantity)
        initial[f"{prefix}-target_site"] = str(site.pk) if site and line.on_site else ""
    return initial


def order_again_initial(*failed: ProductInstance) -> dict[str, str]:
    """The fields that order failed services anew, each as it was meant."""
    lines = lines_again_of(failed)
    return NewPackageForm.prefilled(CreatePackageWish("", tuple(lines[one.pk] for one in failed)))


def order_on_initial(site: Site | None, product_id: UUID | None = None) -> dict[str, str]:
    """The fields that order something for that site, or that product."""
    site_id, product = str(site.pk) if site else "", str(product_id or "")
    return {"lines": "1", "lines-0-target_site": site_id, "lines-0-target_product": product}


def second_order_initial(first: Operation) -> dict[str, str]:
    """The fields that ask for what waits to be ordered after that order, free with its plan."""
    second = second_of(first)
    return NewPackageForm.prefilled(wish_of_second(first, second)) if second else {}
