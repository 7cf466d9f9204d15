"""Who is limited to groups of customers sees, counts, finds and changes nothing of others."""

import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone

import dashboard
from dashboard.models import SavedView
from resellers import audit, cases, notes, scopes
from resellers.mirror import figures
from resellers.models import (
    Account,
    BulkRun,
    Case,
    CaseEvent,
    Change,
    Notice,
    Operation,
    OperationAttempt,
    PlannedChange,
    ProductRefusal,
    Reorder,
    SyncRun,
    Unreadable,
    scope,
)
from resellers.models.scope import ScopedQuerySet
from resellers.operations.plan import make_plan
from resellers.operations.requests import NotAllowed, request_operation
from tests import worlds
from tests.dashboard.every_address import every_address
from tests.one_of_everything import one_of_everything
from tests.randomness import FULL

pytestmark = pytest.mark.django_db

CANARY = "Kanarienvogel"
# Tables that speak of no customer, or are read by nobody's name: each with why.
OF_NOBODY = {
    "AuditHead": "a number and a hash",
    "CallCount": "numbers of calls",
    "CachedValue": "which codes were used a moment ago",
    "CatalogProduct": "what the agency sells",
    "CauseNote": "what the team wants known of a cause",
    "CauseAlert": "read by the outbox alone",
    "Confirmation": "when Wix was asked, and its request id",
    "Delivery": "one's own mails; calls of webhooks are for admins, who see everything",
    "DeliveryAttempt": "as deliveries",
    "DeliveryTime": "of a product",
    "Examination": "for admins",
    "ExportFile": "one's own; refused once one may see fewer customers than it holds",
    "Figures": "of readings; its counts are summed in the scope",
    "Heartbeat": "of processes",
    "LogInTries": "for admins",
    "NotificationSettings": "one's own",
    "TallyCheck": "for admins",
    "PackageTemplate": "what the agency orders again and again",
    "PersonalToken": "one's own",
    "PersonScope": "for admins",
    "Policy": "of the agency",
    "SignInLink": "for admins",
    "SyncRun_unread": "packages, which are scoped",
    "Upload": "one's own",
    "Webhook": "for admins",
    "WithheldRight": "for admins",
}
LINK = re.compile(r'(?:href|hx-get|action)="(/[^"#]*)')


@pytest.fixture
def manager(admin, request):
    """A manager, or whom a test asks for, who is limited to customers of food."""
    person = worlds.user(getattr(request, "param", "manager"), "limited")
    scopes.limit(person, ["Food"], by=admin.user)
    return person


@pytest.fixture
def admin(db):
    client = Client()
    client.user = worlds.user("admin")
    client.force_login(client.user)
    return client


@pytest.fixture
def limited(manager):
    client = Client()
    client.force_login(manager)
    return client


@pytest.fixture
def foreign(admin, manager):
    """A customer of another group, with the canary in whatever is known of them."""
    person, now = admin.user, timezone.now()
    account = worlds.account(f"{CANARY} Ltd", group=f"{CANARY}s", email=f"{CANARY}@x.example")
    site = worlds.site(account, f"{CANARY}-site")
    package = worlds.package(account, external_id=f"{CANARY}-order", updated_at=now)
    service = worlds.instance(package, site, discount_code=CANARY, expires_at=now)
    failed = worlds.instance(
        package,
        site,
        status="FAILED",
        status_since=now,
        failure_code=CANARY.upper(),
        failure_message=CANARY,
    )
    worlds.instance(package, floating=True, floating_since=now - timedelta(days=30))
    stuck = worlds.operation(service, person, state="needs_attention", outcome=CANARY)
    OperationAttempt.objects.create(
        operation=stuck, fence=1, step="assign", writes=True, path=f"/{CANARY}"
    )
    worlds.operation(failed, person, state="queued", reason=CANARY)
    ordered = worlds.operation(failed, person, kind="create_package", state="failed", wish={})
    Reorder.objects.create(operation=ordered, failed=failed, origin=failed)
    Change.objects.create(account=account, instance=service, field="status", new=CANARY)
    for about in (account, package, service):
        notes.pin(notes.add_note(about, f"{CANARY} @limited", by=person), by=person)
    SyncRun.objects.create(kind="account", subject=f"account:{CANARY}", account=account)
    SyncRun.objects.create(kind="package", subject=CANARY, package=package, error=CANARY)
    Unreadable.objects.create(
        part="package", subject=CANARY, account=account, package=package, since=now, last_at=now
    )
    run = BulkRun.objects.create(
        kind="assign", by=person, reason=CANARY, state="done", confirmed_at=now, finished_at=now
    )
    PlannedChange.objects.create(
        run=run, number=1, kind="assign", subject=CANARY, account=account, wish={}
    )
    ProductRefusal.objects.create(
        product=service.product, code=CANARY.upper(), message=CANARY, site=site, operation=stuck
    )
    cases.keep()
    case = Case.objects.filter(instance=failed).first()
    CaseEvent.objects.create(case=case, kind="note", by=person, words=CANARY)
    Notice.objects.create(person=manager, kind="mentioned", case=case, key="case")
    Notice.objects.create(person=manager, kind="escalated", operation=stuck, key="operation")
    SavedView.objects.create(
        noun="instances", name=CANARY, made_by=person, audience="everyone", parameters={}
    )
    audit.record("operation.requested", by=person, operation=stuck, body={"words": CANARY})
    # Of one's own customer, but it names the other, too.
    ours = Account.objects.get(name="North Bakery")
    given = worlds.operation(
        ours.instances.filter(site__isnull=False).first(),
        person,
        kind="transfer_site",
        wish={"account_id": str(account.pk)},
        plan={"rows": [["account", "Account", "North Bakery", account.name]]},
    )
    Change.objects.create(account=ours, site=given.site, field="account", new=str(account.pk))
    audit.record("operation.requested", by=person, operation=given, body={"to": account.name})
    flow = worlds.flow(person, site=site, account=account)
    return {
        "accounts": account,
        "packages": package,
        "instances": service,
        "sites": site,
        "operations": stuck,
        "failures": case,
        "bulk": run,
        "flows": flow,
        "mirror": SyncRun.objects.get(account=account),
        "notes": account.notes.first(),
    }


@pytest.fixture
def world(admin):
    one_of_everything(admin.user)


def content(answer) -> str:
    return (b"".join(answer) if answer.streaming else answer.content).decode()


@pytest.mark.once
@pytest.mark.parametrize(
    "manager",
    [
        "manager",
        pytest.param("operator", marks=pytest.mark.at_length),
        pytest.param("viewer", marks=pytest.mark.at_length),
    ],
    indirect=True,
)
def test_no_address_and_nothing_that_one_leads_to_has_a_trace_of_another_customer(
    world, limited, admin, foreign
):
    ids = {str(one.pk) for one in foreign.values() if len(str(one.pk)) > 30}
    traces = {CANARY.lower(), *ids, *(id_[:8] for id_ in ids)}
    ours = Account.objects.get(name="North Bakery")
    own = {
        "accounts": ours,
        "packages": ours.packages.first(),
        "instances": ours.instances.first(),
        "sites": ours.sites.first(),
    }
    coming = [address for _, address in every_address({k: v.pk for k, v in own.items()})]
    coming += ["/search/?q=order", "/search/?q=failed", "/accounts/?group=Food"]
    coming += [f"/accounts/{ours.pk}/?tab={tab}" for tab in ("timeline", "notes", "packages")]
    seen, read, found = set(), 0, []
    while coming:
        address = coming.pop(0)
        parts = urlsplit(address)
        shape = re.sub(r"[0-9a-f-]{36}|\d+", "*", parts.path), parts.query.partition("=")[0]
        if address in seen or shape in seen or parts.path == "/logout/":
            continue
        seen |= {address, shape}
        answer = limited.get(address)
        html = content(answer)
        read += answer.status_code == 200
        found += [(address, trace) for trace in traces if trace in html.lower()]
        coming += [link.replace("&amp;", "&") for link in LINK.findall(html)] if FULL else []
    assert not found
    assert read > (300 if FULL else 60), read
    for noun in (
        "accounts",
        "instances",
        "failures",
        "audit",
        "mirror",
        "bulk",
        "operations",
        "flows",
    ):
        file = content(admin.get(f"/{noun}/export.csv"))
        assert CANARY in file or str(foreign["accounts"].pk) in file, noun


@pytest.mark.once
def test_every_address_of_a_foreign_record_is_none_for_who_may_not_see_it_whatever_their_role(
    world, limited, admin, foreign
):
    clients, asked = {"manager": limited}, 0
    for role in ("viewer", "operator"):
        clients[role] = client = Client()
        person = worlds.user(role, f"limited-{role}")
        scopes.limit(person, ["Food"], by=admin.user)
        client.force_login(person)
    before = {model: model._base_manager.count() for model in (Operation, SyncRun, PlannedChange)}
    for pattern, address in every_address({noun: one.pk for noun, one in foreign.items()}):
        names = re.findall(r"<(?:int|wix_id):(\w+)>", str(pattern.pattern))
        is_own = "import/" in address or "views/" in address or address.startswith("/policy/")
        if not names or is_own or address.partition("/")[2].partition("/")[0] not in foreign:
            continue
        asked += 1
        for role, client in clients.items():
            answers = [client.get(address)]
            if FULL or role == "manager":  # who may send there more than the others
                answers.append(client.post(address, {"note": "x"}))
            for answer in answers:
                assert answer.status_code in (403, 404, 405), (role, address)
                assert CANARY not in content(answer), (role, address)
    assert asked > 40
    assert before == {model: model._base_manager.count() for model in before}


@pytest.mark.once
def test_what_names_foreign_records_in_a_form_acts_on_none_of_them(world, limited, foreign):
    ours = Account.objects.get(name="North Bakery").instances.filter(site=None, gone_at=None)
    service, site = ours.filter(status="ENABLED").first(), foreign["sites"]
    case = foreign["failures"]
    before = Operation._base_manager.count()

    form = limited.get(f"/instances/{service.pk}/assign/")
    answer = limited.post(f"/instances/{service.pk}/assign/", {"target_site": str(site.pk)})
    limited.post("/failures/do/take/", {"id": str(case.pk)})
    limited.post("/bulk/new/", {"verb": "order_again", "id": str(foreign["instances"].pk)})
    chosen = limited.get("/instances/selection.csv", {"id": str(foreign["instances"].pk)})

    assert str(site.pk) not in content(form)
    assert answer.status_code == 422
    assert CANARY not in content(answer) + content(chosen)
    case.refresh_from_db()
    assert case.owner is None
    assert Operation._base_manager.count() == before
    assert not BulkRun._base_manager.filter(by__username="limited").exists()


@pytest.mark.once
def test_nobody_asks_for_anything_of_a_customer_they_may_not_see_though_no_page_is_between(
    world, manager, foreign
):
    service, kind = foreign["instances"], "unassign"
    worlds.end(foreign["operations"])
    Operation._base_manager.filter(package=service.package).update(state="canceled")
    wish = worlds.wish(kind)
    plan = make_plan(service, wish)

    with pytest.raises(NotAllowed, match="not among those"):
        request_operation(
            service, wish, by=manager, request_id=uuid4(), fingerprint=plan.fingerprint
        )


def test_counts_are_of_the_scope_and_what_is_kept_for_everybody_stays_whole(
    world, limited, admin, foreign
):
    whole = figures.read().counts
    with scope.reading_for(limited.get("/").wsgi_request.user):
        mine = figures.read().counts
        assert Account.objects.count() == 1
    assert figures.read().counts == whole
    assert mine["accounts"] == 1 < whole["accounts"]
    assert mine["failed"] < whole["failed"]
    assert len(limited.get("/accounts/").context["page"].rows) == 1
    # The next request of another person is not limited by this one's.
    assert len(admin.get("/accounts/").context["page"].rows) > 1


@pytest.mark.once
def test_an_external_id_that_another_customer_has_is_refused_without_saying_whose(
    world, limited, foreign
):
    package = Account.objects.get(name="North Bakery").packages.filter(gone_at=None).first()
    taken = foreign["packages"].external_id

    answer = limited.post(f"/packages/{package.pk}/external-id/", {"external_id": taken})

    assert "a customer you may not see has this external id already" in content(answer)
    assert f"{CANARY} Ltd" not in content(answer)


@pytest.mark.once
def test_an_admin_is_not_limited_and_each_change_of_a_scope_is_audited(admin, manager):
    with pytest.raises(scopes.NotLimited):
        scopes.limit(admin.user, ["Food"], by=admin.user)
    scopes.lift(manager, by=admin.user)

    entries = audit.AuditEntry.objects.filter(event="person.scope")
    assert [entry.body for entry in entries] == [
        {"person": "limited", "before": ["Food"], "after": None},
        {"person": "limited", "before": None, "after": ["Food"]},
    ]


@pytest.mark.once
def test_every_table_is_read_within_the_scope_or_is_said_to_speak_of_nobody():
    models = apps.get_app_config("resellers").get_models(include_auto_created=True)
    unscoped = {
        model.__name__
        for model in models
        if not issubclass(model._default_manager._queryset_class, ScopedQuerySet)
    }
    assert unscoped == set(OF_NOBODY)


@pytest.mark.once
def test_nothing_that_serves_pages_goes_around_the_managers():
    """Some do: a lone row by its own key, whether there is anything of a person's own, and counts
    and files of rows that were scoped."""
    around = re.compile(r"_base_manager|scope\.everything|\.raw\(|connection\.cursor|\.extra\(")
    root = Path(dashboard.__file__).parent
    found = {
        str(path.relative_to(root))
        for path in root.rglob("*.py")
        if "migrations" not in path.parts and around.search(path.read_text())
    }
    assert found == {
        *("records/timeline.py", "lists/facets.py"),
        *("lists/csv_copy.py", "lists/csv_rows.py", "frame/staff.py"),
    }
