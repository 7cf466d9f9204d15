"""Who may ask which address: the least role by the address's name, for reading and for sending."""

import re

from resellers.models import Role

VIEWER, OPERATOR, MANAGER, ADMIN = Role.VIEWER, Role.OPERATOR, Role.MANAGER, Role.ADMIN
PUBLIC = "public"  # for who is not logged in as well

TABLE = {
    PUBLIC: (
        *("login", "logout", "account_login", "account_inactive", "link_use", "link_open"),
        "password_forgotten",
        *("mfa_authenticate", "mfa_login_webauthn", "healthz", "readyz", "metrics"),
        *("openid_connect_login", "openid_connect_callback"),
        # What the API tells of records a token opens alone: see tests/dashboard/api.
        *("api_openapi", "api_docs", "api_unknown"),
        *(f"api_{one}{s}" for one in ("customer", "package", "service") for s in ("", "s")),
        *(f"api_{one}{s}" for one in ("operation", "case") for s in ("", "s")),
    ),
    VIEWER: (
        *("overview", "search", "keys_page", "live", "report_list", "report_export", "help_page"),
        *("help_outcome", "help_entry", "roles_page", "view_as_end"),
        *("account_list", "account_detail", "package_list", "package_detail", "instance_list"),
        *("instance_detail", "site_list", "site_detail", "domain_list", "product_list"),
        *("operation_list", "operation_page", "failure_list", "failed_service_list", "case_page"),
        # Of new bulk changes each verb wants the right to what it asks for.
        "bulk_new",
        *("bulk_list", "bulk_run", "bulk_rows", "flow_list", "flow_page", "mirror_list"),
        *("run_page", "template_list"),
        # One's own files, for who may export.
        *("export_list", "export_page", "export_file", "export_manifest", "export_remove"),
        *("me_page", "my_theme", "my_tour", "my_menu", "my_password", "my_sessions"),
        *(
            "my_sessions_end",
            "my_session_end",
            "my_tokens",
            "my_token_revoke",
            "reauthenticate",
            "notification_list",
        ),
        *("notifications_read", "mfa_index", "mfa_activate_totp", "mfa_deactivate_totp"),
        *("mfa_add_webauthn", "mfa_remove_webauthn", "mfa_view_recovery_codes"),
        "mfa_generate_recovery_codes",
    ),
    OPERATOR: (
        *("account_note", "package_note", "instance_note", "note_pin", "note_unpin", "case_work"),
        *("account_refresh", "package_refresh", "instance_refresh", "site_refresh", "mirror_sync"),
        *("run_stop", "package_new", "site_domains", "site_domains_propose", "case_pin"),
        *("site_domains_choose", "site_domains_mail", "operation_withdraw", "operation_retry"),
        "operation_look_again",
        *("operation_finish", "bulk_choose", "bulk_confirm", "bulk_pause"),
        *("bulk_resume", "bulk_stop", "bulk_again", "flow_new", "flow_answer", "flow_confirm"),
        *("flow_retry", "flow_look", "flow_pause", "flow_resume", "flow_hand", "flow_give_up"),
        *("flow_read", "flow_note", "instance_assign", "instance_reassign", "instance_unassign"),
        *("instance_adjust", "package_external_id", "contact_list", "contact_new"),
        *("contact_edit", "contact_erase", "contact_export", "template_new", "template_edit"),
        "template_remove",
    ),
    MANAGER: (
        *("account_edit", "product_new", "refusal_clear", "catalog_import_page"),
        *("catalog_import_run", "catalog_import_errors", "accounts_import_page"),
        *("accounts_import_run", "accounts_import_errors", "resume_writes", "playbook_note"),
        *("audit_list", "instance_cancel", "package_cancel"),
    ),
    ADMIN: (
        *("policy_page", "read_only_set", "read_only_lift", "reasons_set", "second_factor_set"),
        *("doctor_page", "styleguide", "view_as", "people_list", "people_invite", "hold_lift"),
        *(
            "person_page",
            "person_scope",
            "person_role",
            "person_link",
            "token_revoke",
            "person_factors_reset",
        ),
        *("person_sessions_end", "person_deactivate", "person_reactivate", "webhook_list"),
        *("webhook_page", "webhook_secret", "webhook_test", "webhook_remove", "delivery_again"),
    ),
}
# Whoever sees the page may not send to it.
BY_METHOD = {"product_page": (VIEWER, MANAGER)}
# What every list has, by its noun; a reading of Wix is for who may start one.
OF_LISTS = re.compile(
    r"(?P<noun>[a-z-]+)_(?P<what>export|background|facets?|changed|columns|density|dialect|view_save"
    r"|view_change|selection|row_refresh|refresh)"
)
LISTS = {"audit": MANAGER, "people": ADMIN}
_BY_NAME = {name: (role, role) for role, names in TABLE.items() for name in names} | BY_METHOD


def rights_of(name: str) -> tuple[str, str] | None:
    """The least role that may read there, and the least that may send; None for what is not in
    the table."""
    if name in _BY_NAME:
        return _BY_NAME[name]
    found = OF_LISTS.fullmatch(name)
    if found is None:
        return None
    starts = found["what"].endswith("refresh")
    role = OPERATOR if starts else LISTS.get(found["noun"], VIEWER)
    return role, role
