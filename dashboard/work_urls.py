"""Addresses of the pages on which staff act and watch."""

from django.urls import path

from .forms import INSTANCE_FORMS, PACKAGE_FORMS
from .table.parts import parts_of
from .views import (
    actions,
    audit,
    doctor,
    failures,
    mirror,
    notes,
    operation,
    operations,
    orders,
    refresh,
)

urlpatterns = [
    *(
        path(
            f"instances/<wix_id:wix_id>/{form.slug}/",
            actions.instance_action,
            {"slug": form.slug},
            name=f"instance_{form.slug}",
        )
        for form in INSTANCE_FORMS
    ),
    *(
        path(
            f"packages/<wix_id:wix_id>/{form.slug}/",
            actions.package_action,
            {"slug": form.slug},
            name=f"package_{form.slug.replace('-', '_')}",
        )
        for form in PACKAGE_FORMS
    ),
    path("packages/new/", orders.new_package, name="package_new"),
    *parts_of(operations.OPERATIONS, failures.FAILURES, mirror.RUNS, audit.AUDIT),
    path("operations/", operations.operation_list, name="operation_list"),
    path("operations/export.csv", operations.operation_export, name="operation_export"),
    path("operations/resume-writes/", operation.resume_writes, name="resume_writes"),
    path("operations/<int:pk>/", operation.operation_page, name="operation_page"),
    path("operations/<int:pk>/withdraw/", operation.operation_withdraw, name="operation_withdraw"),
    path("operations/<int:pk>/retry/", operation.operation_retry, name="operation_retry"),
    path(
        "operations/<int:pk>/look-again/",
        operation.operation_look_again,
        name="operation_look_again",
    ),
    path("operations/<int:pk>/finish/", operation.operation_finish, name="operation_finish"),
    path("failures/", failures.failure_list, name="failure_list"),
    path("failures/export.csv", failures.failure_export, name="failure_export"),
    path("audit/", audit.audit_list, name="audit_list"),
    path("audit/export.csv", audit.audit_export, name="audit_export"),
    path("doctor/", doctor.doctor_page, name="doctor_page"),
    path("mirror/", mirror.mirror_list, name="mirror_list"),
    path("mirror/export.csv", mirror.mirror_export, name="mirror_export"),
    path("mirror/sync/", mirror.mirror_sync, name="mirror_sync"),
    path("mirror/runs/<int:pk>/", mirror.run_page, name="run_page"),
    path("mirror/<int:pk>/stop/", mirror.run_stop, name="run_stop"),
    path("accounts/<wix_id:wix_id>/refresh/", refresh.account_refresh, name="account_refresh"),
    path("packages/<wix_id:wix_id>/refresh/", refresh.package_refresh, name="package_refresh"),
    path("instances/<wix_id:wix_id>/refresh/", refresh.instance_refresh, name="instance_refresh"),
    *(
        path(f"{noun}s/<wix_id:wix_id>/notes/", notes.note_add, {"noun": noun}, name=f"{noun}_note")
        for noun in notes.RECORDS
    ),
    path("notes/<int:pk>/pin/", notes.note_pin, {"pinned": True}, name="note_pin"),
    path("notes/<int:pk>/unpin/", notes.note_pin, {"pinned": False}, name="note_unpin"),
]
