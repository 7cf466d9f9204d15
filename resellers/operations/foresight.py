"""What mirror and catalogue can tell before Wix is asked: refusals and dependants."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from resellers.models import InstanceStatus, ProductInstance, Site
from resellers.refusals import explain

from .kind import Dependant, Foreseen

ENDED = (InstanceStatus.FAILED, InstanceStatus.CANCELED)


def foreseen(code: str, *, field: str | None = None, detail: str = "") -> Foreseen:
    """A documented refusal with the catalogue's words, and what makes us expect it."""
    known = explain(code)
    words = f"{known.words} {detail}".strip()
    return Foreseen(known.field if field is None else field, code, words, known.next_step)


def own(field: str, code: str, words: str, next_step: str) -> Foreseen:
    """A refusal of our own, for what Wix would not refuse but nobody can mean."""
    return Foreseen(field, code, words, next_step)


def live_on(sites: Iterable[Site]) -> dict[UUID, list[ProductInstance]]:
    """The services that have not ended, by the id of the site that carries them; one query."""
    carried: dict[UUID, list[ProductInstance]] = defaultdict(list)
    for instance in (
        ProductInstance.objects.filter(site__in=list(sites), gone_at=None)
        .exclude(status__in=ENDED)
        .select_related("product", "package", "account")
        .order_by("id")
    ):
        if instance.site_id:
            carried[instance.site_id].append(instance)
    return carried


def gives_premium(instance: ProductInstance) -> bool:
    """Whether the service is a Premium plan: Wix has no such flag, the agency's types have."""
    return "premium" in instance.product.service_type.lower()


def status_refusal(instance: ProductInstance, *, wanted: Iterable[str] = ()) -> list[Foreseen]:
    """Refused because the service has ended, or is not in a status of `wanted`."""
    wanted = tuple(wanted)
    if instance.gone_at:
        return [foreseen("PRODUCT_INSTANCE_NOT_FOUND", detail="Wix no longer shows it.")]
    if instance.status in ENDED or (wanted and instance.status not in wanted):
        detail = f"It is {instance.status}."
        return [foreseen("INCOMPATIBLE_PRODUCT_INSTANCE_STATUS", detail=detail)]
    return []


def site_refusals(instance: ProductInstance, site_id: str) -> list[Foreseen]:
    """Why the service cannot go to that site; empty where nothing speaks against it."""
    site = _site(site_id)
    if site is None:
        detail = "It is not in the mirror."
        return [foreseen("SITE_NOT_FOUND", field="target_site", detail=detail)]
    return refusals_by_site(instance, [site])[site.pk]


def refusals_by_site(
    instance: ProductInstance, sites: Iterable[Site]
) -> dict[UUID, list[Foreseen]]:
    """For each of these sites why the service cannot go there; one query for all of them."""
    sites = list(sites)
    carried = live_on(sites)
    return {site.pk: _refusals(instance, site, carried[site.pk]) for site in sites}


def _refusals(
    instance: ProductInstance, site: Site, carried: list[ProductInstance]
) -> list[Foreseen]:
    if site.account_id != instance.account_id:
        return [foreseen("SITE_NOT_FOUND", field="target_site")]
    if site.pk == instance.site_id:
        return [
            own("target_site", "SAME_SITE", "The service is on this site.", "Choose another site.")
        ]
    if not site.usable:
        why = "gone" if site.gone_at else "in the trash" if site.trashed_at else "blocked by Wix"
        return [
            own("target_site", "SITE_NOT_USABLE", f"The site is {why}.", "Choose another site.")
        ]
    product, found = instance.product, []
    others = [other for other in carried if other.pk != instance.pk]
    same_type = [o for o in others if o.product.service_type == product.service_type]
    if product.one_per_site and product.service_type and same_type:
        detail = f"It is {same_type[0].product}."
        found.append(foreseen("PRODUCT_TYPE_ALREADY_ASSIGNED", detail=detail))
    if product.needs_premium and not any(gives_premium(other) for other in others):
        found.append(
            foreseen("PRODUCT_NOT_SUPPORTED_ON_SITE", detail="The site has no Premium plan.")
        )
    return found


def leaving_site(instance: ProductInstance) -> list[Dependant]:
    """What stops working on the service's site when the service leaves it."""
    site = instance.site
    if site is None or not gives_premium(instance):
        return []
    others = [other for other in live_on([site])[site.pk] if other.pk != instance.pk]
    if any(gives_premium(other) for other in others):
        return []
    found = [
        Dependant(f"{other.product} on {site} needs a Premium plan", other)
        for other in others
        if other.product.needs_premium
    ]
    if site.domain_connected:
        found.append(Dependant(f"The domain connected to {site} is disconnected"))
    return found


def _site(site_id: str) -> Site | None:
    try:
        return Site.objects.filter(pk=UUID(site_id)).first()
    except ValueError:
        return None
