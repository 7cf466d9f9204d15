"""A site for a floating service."""

from resellers.operations.site_wishes import AssignWish

from .site_target import SiteForm


class AssignForm(SiteForm[AssignWish]):
    """A site for a floating service."""

    kind = "assign"
    slug = "assign"
    url_name = "instance_assign"
    button = "Assign"
    tone = "primary"
