"""What a product is, where one is chosen or held, and what is free with a service."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from resellers.countries import country_words
from resellers.models import CatalogProduct, ProductInstance

from .ages import day
from .values import type_words


def about_product(product: CatalogProduct | None) -> str:
    """Its type, its features and its voucher, as far as the catalogue says them."""
    if product is None:
        return ""
    parts = [type_words(product.service_type), ", ".join(product.features)]
    parts += [f"with a voucher: {product.voucher}"] if product.voucher else []
    return " · ".join(filter(None, parts))


def voucher_words(product: CatalogProduct, country_code: str = "") -> str:
    """The voucher that comes with it, and where it can be claimed; empty where none is known."""
    if not product.voucher:
        return ""
    where = f" The customer may claim it in {country_words(country_code)}." if country_code else ""
    return f"{product} comes with a voucher: {product.voucher}.{where}"


def free_until(service: ProductInstance) -> SafeString:
    """What it means of a service that it is free with another one, and until when it is."""
    ends = format_html(", until {}", day(service.expires_at)) if service.expires_at else ""
    return format_html(
        "Free with it: time-limited, not charged{}.{}",
        ends,
        "" if ends else " Wix gives no date of its end.",
    )
