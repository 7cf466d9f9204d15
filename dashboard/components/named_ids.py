"""Wix speaks of records by their ids alone: each is followed by the name that the mirror has.

Everything returned is safe HTML: Wix's words and names are escaped here.
"""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from resellers.models import Account, CatalogProduct, Package, ProductInstance, Site
from resellers.texts import Text
from resellers.wix_ids import ID_WITHIN, as_wix_id

from .markup import format_html

Names = Mapping[UUID, SafeString]


def known_names(texts: Iterable[str]) -> Names:
    """What the mirror calls the ids that stand in these texts, each leading to its page.

    Five queries, however many they are, and none where no text has an id.
    """
    ids = {UUID(id_) for text in texts for id_ in ID_WITHIN.findall(text)}
    if not ids:
        return {}
    return {
        row.pk: format_html('<a href="{}">{}</a>', row.get_absolute_url(), _name(row))
        for rows in _named_rows()
        for row in rows.filter(pk__in=ids)
    }


def named(text: Text, names: Names) -> SafeString:
    """Wix's words, each known id in them followed by its name."""
    # The parts before and between ids, and the ids, in turn.
    parts = ID_WITHIN.split(str(text))
    pairs = [(part, _after(part, names)) for part in parts]
    return format_html_join("", "{}{}", pairs)


def _after(part: str, names: Names) -> SafeString | str:
    id_ = as_wix_id(part)
    name = names.get(id_) if id_ else None
    return format_html(" ({})", name) if name else ""


def _named_rows() -> Iterable[QuerySet]:
    """The records that have a name of their own, and not one made of the id."""
    yield Account.objects.exclude(name="").defer("raw")
    yield Site.objects.exclude(Q(url="") & Q(display_name="") & Q(name="")).defer("raw")
    yield Package.objects.exclude(external_id="").defer("raw")
    services = ProductInstance.objects.exclude(product__name="").select_related("product")
    yield services.defer("raw")
    yield CatalogProduct.objects.exclude(name="")


def _name(row: object) -> str:
    return str(row.product if isinstance(row, ProductInstance) else row)
