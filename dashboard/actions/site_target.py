"""A site to be chosen for a service."""

from functools import cached_property
from typing import TypeVar
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.frame.id_field import WixIdField
from resellers.domain_names import readable
from resellers.operations.foreseen import refusals_by_site
from resellers.operations.site_wishes import SiteWish

from .target_form import TargetForm, TargetOption

SiteWishT = TypeVar("SiteWishT", bound=SiteWish)


class SiteForm(TargetForm[SiteWishT]):
    """A site for a service."""

    target = "target_site"

    target_site = WixIdField(
        label=gettext_lazy("Target site"),
        error_messages={
            "required": gettext_lazy("Choose the site the service shall go to."),
            "invalid": gettext_lazy("This is not a site's id. Choose one of the sites below."),
        },
    )

    field_order = ["target_site", "reason"]

    @classmethod
    def prefilled(cls, wish: SiteWishT) -> dict[str, str]:
        return {"target_site": str(wish.site_id)}

    def wish(self) -> SiteWishT:
        return self.wish_for(self.cleaned_data["target_site"])

    def wish_for(self, value: UUID) -> SiteWishT:
        return self.rules.wish_class(value)

    @property
    def present(self) -> UUID | None:
        return self.instance.site_id

    @property
    def has_no_choice(self) -> bool:
        return not self._chosen and all(one.refusals or one.is_current for one in self.options)

    @cached_property
    def options(self) -> list[TargetOption]:
        """The account's sites: first those that can take the service."""
        sites = list(self.instance.account.sites.present())
        refusals = refusals_by_site(self.instance, sites)
        options = [
            self._option(
                site.pk,
                site.display_name
                or site.name
                or _("Site %(short_id)s") % {"short_id": site.short_id},
                readable(site.host) or _("not published"),
                refusals[site.pk],
            )
            for site in sites
        ]
        return self._with_chosen(sorted(options, key=lambda option: bool(option.refusals)))
