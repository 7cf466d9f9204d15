"""A domain as somebody types it, or words to look for: read, or told what cannot be had."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellers.domain_names import readable, registrable
from resellers.models import CatalogProduct
from resellers.operations.domain_preflight import name_refusals
from resellers.refusals import explain

from .outcomes import Unanswerable

SHORTEST, LONGEST = 3, 100  # characters that Wix looks for
AGAIN = gettext_lazy("Words, or a name with its ending such as bakery.example.")
MOST_ENDINGS = 6  # that are named to somebody whose ending is not sold


def read_words(text: str) -> str:
    """What Wix is asked for: words, or a domain that can be bought. Raises Unanswerable."""
    text = " ".join(text.split())
    if "." in text:
        return read_domain_to_buy(text, "words")
    if not SHORTEST <= len(text) <= LONGEST:
        raise Unanswerable({"words": _("Write 3 to 100 characters.")})
    return text


def read_domain(text: str, field: str) -> str:
    """The domain in small letters of ASCII. Raises Unanswerable, with the words for that field."""
    try:
        domain = registrable(text)
    except ValueError:
        words = _("No registry takes %(name)s: use letters, digits and hyphens.")
        raise Unanswerable({field: words % {"name": readable(text.strip())}}) from None
    if refused := name_refusals(domain):
        raise Unanswerable({field: f"{refused[0].words} {refused[0].next_step}"})
    return domain


def read_domain_to_buy(text: str, field: str) -> str:
    """The same of one that can be bought: a root domain with an ending of the catalogue."""
    domain = read_domain(text, field)
    if product_for(domain) is not None:
        return domain
    labels = domain.split(".")
    if any(product_for(".".join(labels[place:])) for place in range(1, len(labels) - 1)):
        known = explain("SUBDOMAIN_NOT_SUPPORTED", 400)
        raise Unanswerable({field: f"{known.words} {known.next_step}"})
    raise Unanswerable({field: not_sold(domain)})


def product_for(domain: str) -> CatalogProduct | None:
    """The catalogue's product for a domain of that ending; None where it has none."""
    ending = domain.partition(".")[2]
    return CatalogProduct.objects.named().filter(tld__iexact=ending).order_by("sort_name").first()


def not_sold(domain: str) -> str:
    """That the catalogue has nothing for the domain's ending, and for which it has something."""
    endings = CatalogProduct.objects.named().exclude(tld="").order_by("tld")
    sold = list(dict.fromkeys(endings.values_list("tld", flat=True)))[:MOST_ENDINGS]
    ending = domain.partition(".")[2]
    if not sold:
        words = _("No product of the catalogue is for .%(ending)s: ask Wix B2B which one is.")
        return words % {"ending": ending}
    words = _(
        "No product of the catalogue is for .%(ending)s: choose another ending, such as %(sold)s,"
        " or ask Wix B2B."
    )
    return words % {"ending": ending, "sold": ", ".join(f".{one}" for one in sold)}
