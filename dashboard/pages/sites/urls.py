"""Addresses of sites."""

from django.urls import path

from dashboard.lists.urls import list_urls
from dashboard.records.refresh import site_refresh

from .domains import (
    site_domains,
    site_domains_choose,
    site_domains_mail,
    site_domains_propose,
)
from .list import SITES, site_list
from .page import site_detail

urlpatterns = [
    *list_urls(SITES),
    path("sites/", site_list, name="site_list"),
    path("sites/<wix_id:wix_id>/", site_detail, name="site_detail"),
    path("sites/<wix_id:wix_id>/refresh/", site_refresh, name="site_refresh"),
    path("sites/<wix_id:wix_id>/domains/", site_domains, name="site_domains"),
    path(
        "sites/<wix_id:wix_id>/domains/propose/", site_domains_propose, name="site_domains_propose"
    ),
    path(
        "sites/<wix_id:wix_id>/domains/<int:pk>/choose/",
        site_domains_choose,
        name="site_domains_choose",
    ),
    path(
        "sites/<wix_id:wix_id>/domains/<int:pk>/mail/",
        site_domains_mail,
        name="site_domains_mail",
    ),
]
