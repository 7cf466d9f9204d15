"""The catalogue: what the agency may sell, with the rules each product obeys.

Seven products exist for what can go wrong with them: one has a low limit in each of two types, one
has no settings, one is no longer sold, one has no SKU, one pair cannot share a site, and one may be
changed only until it is delivered.
"""

from __future__ import annotations

from .entities import AWAITING_ACTION, DOMAIN, PENDING, PREMIUM_PLAN, Cycle, Product
from .ids import guid

MAIL = "Business mail"
SHOP = "Online shop"
SEO = "SEO"
LOGO = "Logo"
BOOKINGS = "Bookings"
NEWSLETTER = "Newsletter"
SUPPORT = "Support"

NO_ADS = "No advertisements of Wix"
PAYMENTS = "Online payments"

MONTH = Cycle("MONTH", 1)
YEAR = Cycle("YEAR", 1)
TWO_YEARS = Cycle("YEAR", 2)
THREE_YEARS = Cycle("YEAR", 3)
FIVE_YEARS = Cycle("YEAR", 5)

_PLAN = {
    "service_type": PREMIUM_PLAN,
    "one_per_site": True,
    "cycles": (YEAR, MONTH, TWO_YEARS),
    "premium": True,
    "reference": True,
    "voucher": "a domain for 1 year",
}
_SHOP = {"service_type": SHOP, "one_per_site": True, "needs_premium": True}
_SEO = {"service_type": SEO, "one_per_site": True, "needs_premium": True}
_DOMAIN = {"service_type": DOMAIN, "needs_premium": True, "adjustable": False}
_DOMAIN_CYCLES = (YEAR, TWO_YEARS, THREE_YEARS)
_LOGO = {"service_type": LOGO, "adjustable": False}
_BOOKINGS = {"service_type": BOOKINGS, "one_per_site": True, "needs_premium": True}

PRODUCTS: dict[str, dict] = {
    "light": {
        "name": "Light",
        **_PLAN,
        "cycles": (YEAR, MONTH),
        "features": (NO_ADS, "2 GB storage"),
    },
    "core": {"name": "Core", **_PLAN, "features": (NO_ADS, "50 GB storage", PAYMENTS)},
    "business": {
        "name": "Business",
        **_PLAN,
        "features": (NO_ADS, "100 GB storage", PAYMENTS, "10 collaborators"),
    },
    "elite": {
        "name": "Business Elite",
        **_PLAN,
        "limit": 8,
        "features": (NO_ADS, "Unlimited storage", PAYMENTS, "100 collaborators"),
    },
    "mail_starter": {
        "name": "Mailbox Starter",
        "service_type": MAIL,
        "cycles": (YEAR, MONTH),
        "features": ("30 GB mailbox",),
    },
    "mail_standard": {
        "name": "Mailbox Standard",
        "service_type": MAIL,
        "cycles": (YEAR, MONTH),
        "features": ("50 GB mailbox", "Calendar"),
    },
    "mail_archive": {
        "name": "Mailbox with Archive",
        "service_type": MAIL,
        "cycles": (YEAR,),
        "features": ("50 GB mailbox", "Calendar", "Mail archive"),
    },
    "mail_unlimited": {
        "name": "Mailboxes Unlimited",
        "service_type": MAIL,
        "cycles": (YEAR, MONTH),
        "one_per_site": True,
        "needs_premium": True,
    },
    "domain_de": {"name": "Domain .de", **_DOMAIN, "cycles": _DOMAIN_CYCLES, "tld": "de"},
    "domain_com": {"name": "Domain .com", **_DOMAIN, "cycles": _DOMAIN_CYCLES, "tld": "com"},
    "domain_example": {
        "name": "Domain .example",
        **_DOMAIN,
        "cycles": (*_DOMAIN_CYCLES, FIVE_YEARS),
        "tld": "example",
    },
    "domain_shop": {
        "name": "Domain .shop",
        **_DOMAIN,
        "cycles": _DOMAIN_CYCLES,
        "tld": "shop",
        "has_sku": False,
    },
    "shop_start": {
        "name": "Shop Start",
        **_SHOP,
        "cycles": (YEAR, MONTH),
        "features": ("100 products",),
    },
    "shop_growth": {
        "name": "Shop Growth",
        **_SHOP,
        "cycles": (YEAR, MONTH),
        "features": ("Unlimited products", "Abandoned carts"),
    },
    "shop_unlimited": {
        "name": "Shop Unlimited",
        **_SHOP,
        "cycles": (YEAR, MONTH),
        "limit": 5,
        "excludes": "bookings_team",
    },
    "shop_classic": {
        "name": "Shop Classic (no longer sold)",
        **_SHOP,
        "cycles": (YEAR,),
        "sold": False,
    },
    "seo_basic": {
        "name": "SEO Basic",
        **_SEO,
        "cycles": (YEAR, MONTH),
        "features": ("Site check",),
    },
    "seo_pro": {"name": "SEO Pro", **_SEO, "cycles": (YEAR,)},
    "seo_autopilot": {
        "name": "SEO Autopilot",
        **_SEO,
        "cycles": (YEAR, MONTH),
        "has_settings": False,
    },
    "logo_basic": {"name": "Logo Basic", **_LOGO},
    "logo_full": {"name": "Logo Full Set", **_LOGO},
    "bookings_solo": {
        "name": "Bookings Solo",
        **_BOOKINGS,
        "cycles": (YEAR, MONTH),
        "features": ("1 calendar",),
    },
    "bookings_team": {
        "name": "Bookings Team",
        **_BOOKINGS,
        "cycles": (YEAR, MONTH),
        "excludes": "shop_unlimited",
    },
    "newsletter_basic": {
        "name": "Newsletter Basic",
        "service_type": NEWSLETTER,
        "cycles": (YEAR, MONTH),
        "one_per_site": True,
    },
    "newsletter_plus": {
        "name": "Newsletter Plus",
        "service_type": NEWSLETTER,
        "cycles": (YEAR, MONTH),
        "one_per_site": True,
    },
    "launch_support": {
        "name": "Launch Support",
        "service_type": SUPPORT,
        "cycles": (YEAR, MONTH),
        "modifiable_in": frozenset({PENDING, AWAITING_ACTION}),
        "features": ("Help with the launch of a site",),
    },
}

# What a test or a person looks for when they want to see a certain refusal.
SPECIAL = {
    "low_limit": ("elite", "shop_unlimited"),
    "without_settings": ("seo_autopilot",),
    "no_longer_sold": ("shop_classic",),
    "without_sku": ("domain_shop",),
    "not_on_one_site": ("shop_unlimited", "bookings_team"),
    "modifiable_until_delivered": ("launch_support",),
}


def catalogue(seed: int) -> dict[str, Product]:
    """The products of the world of that seed, by their short names."""
    ids = {name: guid(seed, "product", number) for number, name in enumerate(PRODUCTS)}
    products = {}
    for name, rules in PRODUCTS.items():
        excludes = frozenset({ids[rules["excludes"]]} if "excludes" in rules else ())
        products[name] = Product(id=ids[name], **{**rules, "excludes": excludes})
    return products


def special_products(seed: int) -> dict[str, list[str]]:
    """The ids of the products that exist for what can go wrong with them."""
    products = catalogue(seed)
    return {kind: [products[name].id for name in names] for kind, names in SPECIAL.items()}
