"""Looking for, registering and connecting domains in ways Wix refuses."""

from resellers.wix import BillingInfo
from tests.causes.customer import NOWHERE, cause

# --- looking for domains -------------------------------------------------------------------------


@cause("search", "INVALID_DOMAIN")
def ask_for_a_subdomain(of):
    of.wix.check_domain_availability(domain="www.bakery.example")


@cause("search", "DOMAINS_UNSUPPORTED_TLD")
def ask_for_an_ending_wix_does_not_sell(of):
    of.wix.check_domain_availability(domain="bakery.museum")


@cause("search", "INVALID_QUERY")
def ask_for_suggestions_with_odd_characters(of):
    of.wix.suggest_domains(query="bread & butter?")


@cause("search", "INVALID_TLD_FORMAT")
def ask_for_suggestions_with_a_dot_in_the_ending(of):
    of.wix.suggest_domains(query="bakery", tlds=["co.de"])


@cause("search", "TLD_NOT_SUPPORTED")
def ask_for_suggestions_with_an_ending_wix_does_not_sell(of):
    of.wix.suggest_domains(query="bakery", tlds=["museum"])


# --- registering domains -------------------------------------------------------------------------


@cause("register", "INVALID_DOMAIN")
def register_what_is_no_domain(of):
    of.register("bakery.e1", of.paid_domain())


@cause("register", "INVALID_TLD")
def register_another_ending_than_was_paid_for(of):
    of.register("bakery.example", of.paid_domain("de"))


@cause("register", "TLD_NOT_SUPPORTED")
def register_an_ending_wix_does_not_sell(of):
    of.register("bakery.museum", of.paid_domain())


@cause("register", "PERMISSION_DENIED")
def register_with_a_service_of_another_account(of):
    foreign = of.create(of.line("Domain .example"), account=of.sandbox.account_id)
    of.register("bakery.example", foreign.id)


@cause("register", "CANNOT_ASSIGN_DOMAIN_TO_FREE_SITE")
def register_for_a_site_without_a_plan(of):
    of.register("bakery.example", of.paid_domain(), site_id=of.site)


@cause("register", "PRODUCT_INSTANCE_NOT_FOUND")
def register_with_an_unknown_service(of):
    of.register("bakery.example", NOWHERE)


@cause("register", "INVALID_PRODUCT_INSTANCE")
def register_with_a_mailbox(of):
    of.register("bakery.example", of.order("Mailbox Starter"))


@cause("register", "PRODUCT_INSTANCE_NOT_ACTIVE")
def register_with_a_canceled_service(of):
    instance = of.paid_domain()
    of.wix.cancel_product_instance(account_id=of.account, instance_id=instance)
    of.register("bakery.example", instance)


@cause("register", "AWAITING_PRODUCT_ACTIVATION")
def register_before_the_service_is_delivered(of):
    of.register("bakery.example", of.create(of.line("Domain .example")).id)


@cause("register", "REGISTERED_DOMAIN_ALREADY_EXISTS")
def register_twice(of):
    of.register("bakery.example", of.paid_domain())
    of.register("bakery.example", of.paid_domain())


@cause("register", "DOMAIN_ALREADY_TAKEN")
def register_what_somebody_owns(of):
    of.register("taken-bakery.example", of.paid_domain())


@cause("register", "INVALID_BILLING_CYCLE")
def register_for_five_years(of):
    five_years = of.paid_domain(billing=BillingInfo("RECURRING", "YEAR", 5))
    of.register("bakery.example", five_years)


@cause("register", "SUBDOMAIN_NOT_SUPPORTED")
def register_a_subdomain(of):
    of.register("www.bakery.example", of.paid_domain())


@cause("register", "SKU_NOT_FOUND")
def register_with_a_product_wix_must_repair(of):
    of.register("bakery.shop", of.paid_domain("shop"))


@cause("get registered", "REGISTERED_DOMAIN_NOT_FOUND")
def get_a_domain_that_was_never_registered(of):
    of.wix.get_registered_domain(account_id=of.account, domain="nowhere.example")


# --- connecting domains --------------------------------------------------------------------------


@cause("connect", "Invalid domain")
def connect_what_is_no_domain(of):
    of.connect("bakery.e1")


@cause("connect", "Invalid connection type")
def connect_a_subdomain_by_name_servers(of):
    of.connect("www.bakery.example")


@cause("connect", "DOMAINS_ALREADY_EXISTS")
def connect_twice(of):
    of.plan()
    of.connect("bakery.example", site_id=of.site)
    of.connect("bakery.example", site_id=of.site)


@cause("connect", "DOMAINS_PERMISSION_DENIED")
def connect_to_a_site_of_another_account(of):
    of.connect("bakery.example", site_id=of.foreign_site)


@cause("connect", "DOMAINS_DOMAIN_NOT_PERMITTED")
def connect_a_domain_wix_does_not_permit(of):
    of.connect("my-wix-bakery.example")


@cause("connect", "INVALID_DOMAINS_PREVIEW_RECORDS")
def connect_a_domain_whose_records_cannot_be_read(of):
    of.connect("no-dns-bakery.example")


@cause("connect", "DOMAINS_GUID_NOT_FOUND")
def connect_to_an_unknown_site(of):
    of.connect("bakery.example", site_id=NOWHERE)


@cause("connect", "NON_PREMIUM_SITE")
def connect_to_a_site_without_a_plan(of):
    of.connect("bakery.example", site_id=of.site)


@cause("get connected", "NOT_FOUND")
def get_a_domain_that_was_never_connected(of):
    of.wix.get_connected_domain(account_id=of.account, domain="nowhere.example")
