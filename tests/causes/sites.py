"""Handing over sites that Wix does not let be handed over."""

import requests

from tests.causes.customer import NOWHERE, cause


@cause("transfer", "TARGET_ACCOUNT_ID_NOT_FOUND")
def transfer_to_an_unknown_account(of):
    of.transfer(of.site, of.account, NOWHERE)


@cause("transfer", "SITE_TRANSFER_NOT_ALLOWED")
def transfer_between_accounts_wix_has_not_paired(of):
    pair = requests.get(f"{of.sandbox.url}/_sandbox/state", timeout=10).json()["forbidden_transfer"]
    of.transfer(of.site, pair["source"], pair["target"])


@cause("transfer", "SITE_NOT_FOUND")
def transfer_out_of_an_account_the_site_is_not_in(of):
    of.transfer(of.foreign_site, of.account, of.sandbox.account_id)


@cause("transfer", "SITE_TRANSFER_NOT_SUPPORTED")
def transfer_with_paid_services(of):
    of.plan()
    of.transfer(of.site, of.account, of.sandbox.account_id)
