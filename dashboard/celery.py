"""The Celery application. A message only wakes a worker: the rows are the queue.

Without `REDIS_URL` the broker lives in this process's memory, which is enough for the demo, where
web, worker and beat are threads of one process.
"""

import os

from celery import Celery
from celery.schedules import crontab
from celery.signals import beat_init, before_task_publish, heartbeat_sent, worker_init
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")

app = Celery("dashboard")
app.conf.update(
    broker_url=settings.REDIS_URL or "memory://localhost/",
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    # Without socket time-outs a half-open link stalls a worker for ever.
    broker_transport_options={
        "visibility_timeout": 300,
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
        "socket_timeout": 5,
        "socket_connect_timeout": 2,
        "socket_keepalive": True,
        "health_check_interval": 10,
        # A publish gives up at once: otherwise a click waits six seconds for a Redis that is away.
        "max_retries": 0,
    }
    if settings.REDIS_URL
    else {"polling_interval": 0.02},
    result_backend=None,
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    # A call to Wix is not cut in mid-air because Redis blinked: the lease makes a second delivery
    # harmless.
    worker_cancel_long_running_tasks_on_connection_loss=False,
    task_soft_time_limit=45,
    task_time_limit=60,
    worker_max_tasks_per_child=500,
    worker_max_memory_per_child=300_000,
    worker_soft_shutdown_timeout=30,
    task_serializer="json",
    accept_content=["json"],
    worker_send_task_events=False,
    worker_hijack_root_logger=False,
    task_default_queue="ops",
    task_routes={
        # A mail server or a receiver that hangs must not hold up what people have confirmed.
        f"resellers.{name}": {"queue": "sync"}
        for name in (
            *("run_sync", "mend_derived", "tell_due", "deliver", "forget_deliveries"),
            *("leave_audit_head", "remove_old", "write_export", "keep_figures", "check_figures"),
        )
    },
    timezone=settings.TIME_ZONE,
    beat_schedule={
        "wake-due": {
            "task": "resellers.wake_due",
            "schedule": settings.OPERATIONS["SWEEP_SECONDS"],
            "options": {"expires": 60},
        },
        "heartbeat": {
            "task": "resellers.heartbeat",
            "schedule": 15,
            "options": {"expires": 60},
        },
        "keep-cases": {
            "task": "resellers.keep_cases",
            "schedule": 60,
            "options": {"expires": 60},
        },
        "keep-figures": {
            "task": "resellers.keep_figures",
            "schedule": 60,
            "options": {"expires": 60},
        },
        "check-figures": {
            "task": "resellers.check_figures",
            "schedule": crontab(hour=4, minute=10),
            "options": {"expires": 3600},
        },
        "count-deliveries": {
            "task": "resellers.count_deliveries",
            "schedule": 3600,
            "options": {"expires": 3000},
        },
        "tell-due": {
            "task": "resellers.tell_due",
            "schedule": 30,
            "options": {"expires": 60},
        },
        "leave-audit-head": {
            "task": "resellers.leave_audit_head",
            "schedule": 600,
            "options": {"expires": 500},
        },
        "note-key": {
            "task": "resellers.note_key",
            "schedule": 60,
            "options": {"expires": 60},
        },
        "remove-old": {
            "task": "resellers.remove_old",
            "schedule": crontab(minute=20),
            "options": {"expires": 3000},
        },
        "mend-derived": {
            "task": "resellers.mend_derived",
            "schedule": crontab(hour=4, minute=40),
            "options": {"expires": 3600},
        },
    },
)
app.autodiscover_tasks(["resellers"])


@app.on_after_finalize.connect
def plan_readings(sender: Celery, **_: object) -> None:
    """Have beat want readings at their times; one that nobody took before the next is dropped."""
    from resellers.mirror.sync.schedule import SCHEDULE, Daily

    for kind, times in SCHEDULE.items():
        sender.conf.beat_schedule[f"sync-{kind}"] = {
            "task": "resellers.start_sync",
            "schedule": crontab(hour=times.at.hour, minute=times.at.minute)
            if isinstance(times, Daily)
            else times.period,
            "args": (str(kind),),
            "options": {"expires": min(0.8 * times.period.total_seconds(), 3600)},
        }


def give_up_soon() -> None:
    """For a process that only publishes: a frozen Redis holds it for a second at most."""
    if settings.REDIS_URL:
        app.conf.broker_transport_options |= {"socket_timeout": 1, "socket_connect_timeout": 1}


@worker_init.connect
@beat_init.connect
def refuse_without_settings(**_: object) -> None:
    from resellers.connection import require_settings

    try:
        require_settings()
    except ImproperlyConfigured as error:
        # Celery logs what a receiver raises and goes on; this it lets through.
        raise SystemExit(str(error)) from error


@heartbeat_sent.connect
def show_worker(**_: object) -> None:
    """A worker is seen while beat sends it nothing; it is the one that carries wishes out."""
    if "ops" in app.amqp.queues.consume_from:
        _show("worker")


@beat_init.connect
def show_new_beat(**_: object) -> None:
    _show("beat", at_once=True)


@before_task_publish.connect(sender="resellers.wake_due")
def show_beat(**_: object) -> None:
    """Beat is seen as it sends what nobody else sends."""
    _show("beat")


def _show(role: str, *, at_once: bool = False) -> None:
    from django.db import close_old_connections

    from resellers import heartbeats
    from resellers.models import Heartbeat

    close_old_connections()
    heartbeats.beat(Heartbeat.Role(role), at_once=at_once)
    close_old_connections()
