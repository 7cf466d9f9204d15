"""Another site than the present one."""

from typing import ClassVar

from django.utils.translation import gettext_lazy

from resellers.operations.site_wishes import ReassignWish
from resellers.texts import Text

from .site_target import SiteForm


class ReassignForm(SiteForm[ReassignWish]):
    """Another site than the present one."""

    kind = "reassign"
    slug = "reassign"
    url_name = "instance_reassign"
    button: ClassVar[Text] = gettext_lazy("Reassign")
    icon = "ops"
    caption: ClassVar[Text] = gettext_lazy("to another site")
    tone = "primary"
    at_once: ClassVar[Text] = gettext_lazy("Reassign here")
