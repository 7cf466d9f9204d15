"""How a record is named away from its own page: a link, and what has to be known of it.

Everything returned is safe HTML: names that come from Wix or from people are escaped here.
"""

from datetime import datetime

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from resellers.models import Account, CatalogProduct, ProductInstance, Site

from . import addresses
from .ages import day
from .markup import format_html
from .products import free_mark
from .values import type_words


def account_link(account: Account) -> SafeString:
    return format_html('<a class="ref" href="{}">{}</a>', addresses.ACCOUNT(account.pk), account)


def place_link(instance: ProductInstance) -> SafeString:
    """The service's site; `Floating` while it waits for one, `No site` once it waits for none."""
    if instance.site:
        return site_link(instance.site)
    look = "status floating" if instance.is_floating else "muted"
    return format_html('<span class="{}">{}</span>', look, instance.place)


def site_link(site: Site) -> SafeString:
    """The site by its address or name."""
    return format_html('<a class="ref" href="{}">{}</a>', addresses.SITE(site.pk), site)


def service_link(instance: ProductInstance) -> SafeString:
    """The product's name, leading to the service, with what is to be known of it at once."""
    return format_html(
        '<a class="name" href="{}">{}</a>{}{}',
        addresses.INSTANCE(instance.pk),
        instance.product,
        free_mark(instance),
        gone_mark(instance.gone_at),
    )


def service_kind(instance: ProductInstance) -> SafeString:
    """What tells the service from its namesakes beside it, its type, and how often it is paid."""
    distinction = getattr(instance, "distinction", "")
    apart = format_html('<span class="apart">{}</span> · ', distinction) if distinction else ""
    words = filter(None, [type_words(instance.product.service_type), instance.cycle.words])
    return format_html("{}{}", apart, ", ".join(words))


def service_kind_to_name(instance: ProductInstance) -> SafeString:
    """The same, behind the way to the catalogue where the product has no name there yet."""
    if instance.product.is_named:
        return service_kind(instance)
    return format_html("{} {}", naming_link(instance.product), service_kind(instance))


def naming_link(product: CatalogProduct) -> SafeString:
    """The way to where an unknown product gets its name; nothing for a known one."""
    if product.is_named:
        return mark_safe("")
    return format_html(
        '<a class="edit" href="{}" aria-label="{}">{}</a>',
        addresses.PRODUCT(product.pk),
        _("Add to the catalogue: %(product)s") % {"product": product},
        _("Add to the catalogue"),
    )


def web_address(url: str) -> str:
    """The address of a site as a page may lead to it; empty for what is no address of the web."""
    return url if url.startswith(("https://", "http://")) else ""


def gone_mark(gone_at: datetime | None) -> SafeString:
    if gone_at is None:
        return mark_safe("")
    since = format_html(_("gone since {}"), day(gone_at))
    return format_html(' <span class="tag">{}</span>', since)
