"""Another site than the present one."""

from resellers.operations.site_wishes import ReassignWish

from .site_target import SiteForm


class ReassignForm(SiteForm[ReassignWish]):
    """Another site than the present one."""

    kind = "reassign"
    slug = "reassign"
    url_name = "instance_reassign"
    button = "Reassign"
    tone = "primary"
