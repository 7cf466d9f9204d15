"""A tag for a package."""

from django import forms

from dashboard.actions.wish_form import WishForm
from resellers.models import Package

from .kind import TagPackageWish


class TagPackageForm(WishForm[Package, TagPackageWish]):
    """One word, which is put before the external id."""

    kind = "tag_package"
    under = "packages"
    slug = "tag"
    url_name = "package_tag"
    button = "Tag package"
    aside_template = "actions/_package.html"

    tag = forms.RegexField(
        r"\A[a-z]{2,20}\Z",
        label="Tag",
        error_messages={
            "required": "Type the tag.",
            "invalid": "A tag has 2 to 20 small letters, and nothing else.",
        },
    )

    @classmethod
    def prefilled(cls, wish: TagPackageWish) -> dict[str, str]:
        return {"tag": wish.external_id.partition(".")[0]}

    def wish(self) -> TagPackageWish:
        return TagPackageWish(f"{self.cleaned_data['tag']}.{self.thing.external_id}")
