"""A site for a floating service."""

from typing import ClassVar

from django.utils.translation import gettext_lazy

from resellers.operations.site_wishes import AssignWish
from resellers.texts import Text

from .site_target import SiteForm


class AssignForm(SiteForm[AssignWish]):
    """A site for a floating service."""

    kind = "assign"
    slug = "assign"
    url_name = "instance_assign"
    button: ClassVar[Text] = gettext_lazy("Assign")
    icon = "link"
    caption: ClassVar[Text] = gettext_lazy("to a site")
    tone = "primary"
    at_once: ClassVar[Text] = gettext_lazy("Assign here")
