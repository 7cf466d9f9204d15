"""How a record is named away from its own page: a link, and what has to be known of it.

Everything returned is safe HTML: names that come from Wix or from people are escaped here.
"""

from datetime import datetime

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from resellers.models import Account, CatalogProduct, ProductInstance, Site

from . import addresses
from .ages import day
from .products import free_mark
from .values import type_words


def account_link(account: Account) -> SafeString:
    return format_html('<a href="{}">{}</a>', addresses.ACCOUNT(account.pk), account)


def place_link(instance: ProductInstance) -> SafeString:
    """The service's site; `Floating` while it waits for one, `No site` once it waits for none."""
    if instance.site:
        return site_link(instance.site)
    look = "floating" if instance.is_floating else "muted"
    return format_html('<span class="{}">{}</span>', look, instance.place)


def site_link(site: Site) -> SafeString:
    """The site by its address or name."""
    return format_html('<a href="{}">{}</a>', addresses.SITE(site.pk), site)


def service_link(instance: ProductInstance, tail: str | SafeString = "") -> SafeString:
    """The product's name, leading to the service, over what tells it from its namesakes beside it
    and its type."""
    distinction = getattr(instance, "distinction", "")
    return format_html(
        '<a href="{}">{}</a>{}{}<small>{}{}{}</small>',
        addresses.INSTANCE(instance.pk),
        instance.product,
        free_mark(instance),
        gone_mark(instance.gone_at),
        format_html('<span class="apart">{}</span> · ', distinction) if distinction else "",
        type_words(instance.product.service_type),
        tail,
    )


def service_link_to_name(instance: ProductInstance) -> SafeString:
    """The same, with the way to the catalogue where the product has no name there yet."""
    return service_link(instance, format_html(" {}", naming_link(instance.product)))


def naming_link(product: CatalogProduct) -> SafeString:
    """The way to where an unknown product gets its name; nothing for a known one."""
    if product.is_named:
        return mark_safe("")
    return format_html(
        '<a class="edit" href="{}" aria-label="Add to the catalogue: {}">Add to the catalogue</a>',
        addresses.PRODUCT(product.pk),
        product,
    )


def gone_mark(gone_at: datetime | None) -> SafeString:
    if gone_at is None:
        return mark_safe("")
    return format_html(' <span class="tag">gone since {}</span>', day(gone_at))
