"""Addresses of the pages on which staff act and watch."""

from django.urls import path

from .forms import WISH_FORMS
from .views import actions, doctor, failures, mirror, operations

urlpatterns = [
    *(
        path(
            f"instances/<wix_id:wix_id>/{kind}/",
            actions.instance_action,
            {"kind": kind},
            name=f"instance_{kind}",
        )
        for kind in WISH_FORMS
    ),
    path("operations/", operations.operation_list, name="operation_list"),
    path("operations/export.csv", operations.operation_export, name="operation_export"),
    path("operations/resume-writes/", operations.resume_writes, name="resume_writes"),
    path("operations/<int:pk>/", operations.operation_page, name="operation_page"),
    path("operations/<int:pk>/withdraw/", operations.operation_withdraw, name="operation_withdraw"),
    path("operations/<int:pk>/retry/", operations.operation_retry, name="operation_retry"),
    path(
        "operations/<int:pk>/look-again/",
        operations.operation_look_again,
        name="operation_look_again",
    ),
    path("operations/<int:pk>/finish/", operations.operation_finish, name="operation_finish"),
    path("failures/", failures.failure_list, name="failure_list"),
    path("failures/export.csv", failures.failure_export, name="failure_export"),
    path("doctor/", doctor.doctor_page, name="doctor_page"),
    path("mirror/", mirror.mirror_list, name="mirror_list"),
    path("mirror/export.csv", mirror.mirror_export, name="mirror_export"),
    path("mirror/sync/", mirror.mirror_sync, name="mirror_sync"),
    path("mirror/runs/<int:pk>/", mirror.run_page, name="run_page"),
    path("mirror/<int:pk>/stop/", mirror.run_stop, name="run_stop"),
    path("accounts/<wix_id:wix_id>/refresh/", mirror.account_refresh, name="account_refresh"),
    path("packages/<wix_id:wix_id>/refresh/", mirror.package_refresh, name="package_refresh"),
    path("instances/<wix_id:wix_id>/refresh/", mirror.instance_refresh, name="instance_refresh"),
]
