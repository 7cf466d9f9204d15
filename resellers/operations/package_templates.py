"""Templates of packages: made by hand or copied from a package, and what an order takes of one."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from resellers import audit
from resellers.constraints import violates
from resellers.models import CatalogProduct, Package, PackageTemplate

if TYPE_CHECKING:
    from django.contrib.auth.models import User

MOST_LINES = 20


class NameTaken(ValueError):
    """There is a template of this name already."""

    def __init__(self) -> None:
        super().__init__(_("There is a template of this name already."))


@dataclass(frozen=True, slots=True)
class TemplateLine:
    """One product; `on_site` is whether it stands on the site that the order is for."""

    product_id: str
    cycle: str
    quantity: int = 1
    on_site: bool = False


def save(
    template: PackageTemplate | None, name: str, lines: Sequence[TemplateLine], *, by: "User"
) -> PackageTemplate:
    """Make a template, or write this name and these lines on one. Raises NameTaken."""
    written = [asdict(line) for line in lines]
    try:
        with transaction.atomic():
            if template is None:
                template = PackageTemplate.objects.create(name=name, lines=written, made_by=by)
                event = "template.made"
            else:
                rows = PackageTemplate.objects.filter(pk=template.pk)
                rows.update(name=name, lines=written, changed_at=Now())
                event = "template.changed"
            audit.record(event, by=by, body={"name": name, "lines": written})
    except IntegrityError as error:
        if not violates(error, "one_template_of_a_name"):
            raise
        raise NameTaken from None
    return template


def remove(template: PackageTemplate, *, by: "User") -> None:
    """Offer it no more; what was ordered by it stays as it is."""
    with transaction.atomic():
        PackageTemplate.objects.filter(pk=template.pk).delete()
        audit.record("template.removed", by=by, body={"name": template.name})


def lines_of_template(template: PackageTemplate) -> list[TemplateLine]:
    """Its lines, without those whose product the catalogue no longer has."""
    lines = [TemplateLine(**line) for line in template.lines]
    known = set(
        CatalogProduct.objects.named()
        .filter(pk__in=[UUID(line.product_id) for line in lines])
        .values_list("pk", flat=True)
    )
    return [line for line in lines if UUID(line.product_id) in known]


def lines_of_package(package: Package) -> list[TemplateLine]:
    """The products of a package as a template has them: the same ones in one line."""
    counted: dict[TemplateLine, int] = {}
    services = package.instances.present().select_related("product").order_by("created_at", "id")
    for service in services:
        on_site = service.site_id is not None and not service.product.is_domain
        line = TemplateLine(str(service.product_id), str(service.cycle), 1, on_site)
        counted[line] = counted.get(line, 0) + 1
    return [
        TemplateLine(line.product_id, line.cycle, number, line.on_site and number == 1)
        for line, number in counted.items()
    ][:MOST_LINES]
