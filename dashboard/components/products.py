"""What a product is, where one is chosen or held, and what is free with a service."""

from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from resellers.countries import country_words
from resellers.models import CatalogProduct, ProductInstance
from resellers.operations.order_lines import DISCOUNT_MEANS

from . import addresses
from .ages import day
from .ids import short_id
from .markup import format_html
from .values import NOTHING, type_words
from .wix_b2b import asking_b2b


def about_product(product: CatalogProduct | None) -> str:
    """Its type, its features and its voucher, as far as the catalogue says them."""
    if product is None:
        return ""
    parts = [type_words(product.service_type), ", ".join(product.features)]
    parts += (
        [_("with a voucher: %(voucher)s") % {"voucher": product.voucher}] if product.voucher else []
    )
    return " · ".join(filter(None, parts))


def voucher_words(product: CatalogProduct, country_code: str = "") -> str:
    """The voucher that comes with it, and where it can be claimed; empty where none is known."""
    if not product.voucher:
        return ""
    words = _("%(product)s comes with a voucher: %(voucher)s.")
    if country_code:
        words = _(
            "%(product)s comes with a voucher: %(voucher)s. The customer may claim it in"
            " %(country)s."
        )
    return words % {
        "product": product,
        "voucher": product.voucher,
        "country": country_words(country_code) if country_code else "",
    }


def discount_means(about: Any) -> str:
    """What a discount code says and what it does not promise; the mail it offers is about that."""
    return asking_b2b(DISCOUNT_MEANS, about)


def free_mark(service: ProductInstance) -> SafeString:
    """That a service is free with another one; nothing for one that is paid for."""
    if service.reference_instance_id is None:
        return mark_safe("")
    return format_html(
        ' <span class="tag" title="{}">{}</span>',
        _("Free with another service: not charged"),
        _("free"),
    )


def service_at(service: ProductInstance) -> SafeString:
    """The service by its product and its place, leading to its page."""
    where = _("on %(site)s") % {"site": service.site} if service.site else service.place.lower()
    path = addresses.INSTANCE(service.pk)
    return format_html('<a href="{}">{}</a> {}', path, service.product, where)


def free_with(service: ProductInstance) -> SafeString:
    """What the service is free with; its id where it is not known here, a dash for a paid one."""
    if service.reference_instance_id is None:
        return NOTHING
    reference = service.references.reference_of(service)  # type: ignore[attr-defined]
    return service_at(reference) if reference else short_id(service.reference_instance_id)


def used_for(service: ProductInstance) -> SafeString:
    """What is, or was, free with the service; a dash where nothing is."""
    user = service.references.user_of(service)  # type: ignore[attr-defined]
    return service_at(user) if user else NOTHING


def both_ends(service: ProductInstance) -> SafeString:
    """What the service is free with, else what is free with it."""
    if service.reference_instance_id is not None:
        return format_html(_("Free with {}"), free_with(service))
    user = used_for(service)
    return user if user is NOTHING else format_html(_("Used for {}"), user)


def free_until(service: ProductInstance) -> SafeString:
    """What it means of a service that it is free with another one, and until when it is."""
    if service.expires_at:
        words = _("Free with it: time-limited, not charged, until {}.")
        return format_html(words, day(service.expires_at))
    return format_html(
        "{}", _("Free with it: time-limited, not charged. Wix gives no date of its end.")
    )
