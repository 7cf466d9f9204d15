"""Addresses of Wix that several tests call by hand."""

SITES = "/site-list/v2/sites/query"
CHILDREN = "/accounts/v1/account/child-accounts"
CONNECTED = "/domains/v1/connected-domains"
