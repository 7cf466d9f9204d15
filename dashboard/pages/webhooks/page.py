"""An admin's pages of webhooks: where what happens is sent, and what became of each call."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import OuterRef, Prefetch, Subquery
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from dashboard.frame.staff import StaffRequest
from resellers.models import Delivery, DeliveryAttempt, Webhook
from resellers.notify import hooks, webhooks

from .forms import WebhookForm

RIGHT = "resellers.administer"
ROWS = 50
TONES = {
    Delivery.State.WAITING: "under-way",
    Delivery.State.SENDING: "under-way",
    Delivery.State.SENT: "good",
    Delivery.State.FAILED: "bad",
    Delivery.State.UNCLEAR: "look",
}


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(RIGHT, raise_exception=True)
def webhook_list(request: StaffRequest) -> HttpResponse:
    """All of them with how their last call went; a POST makes another, and shows its secret."""
    form = WebhookForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        values = form.cleaned_data
        hook, secret = hooks.make(values["address"], values["events"], by=request.user)
        return _page(request, hook, secret=secret)
    last = Delivery.objects.filter(webhook=OuterRef("pk")).order_by("-pk")
    rows = Webhook.objects.existing().annotate(
        last_state=Subquery(last.values("state")[:1]),
        last_at=Subquery(last.values("created_at")[:1]),
    )
    context = {
        "hooks": [(hook, *_last(hook)) for hook in rows.select_related("made_by")],
        "form": form,
    }
    status = 422 if form.is_bound else 200
    return render(request, "pages/webhooks/list.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(RIGHT, raise_exception=True)
def webhook_page(request: StaffRequest, pk: int) -> HttpResponse:
    """One of them: what is sent, and each call with its tries; a POST changes it."""
    hook = _hook(pk)
    if request.method != "POST":
        return _page(request, hook)
    form = WebhookForm(request.POST, hook=hook)
    if not form.is_valid():
        return _page(request, hook, form=form)
    if any(getattr(hook, name) != value for name, value in form.cleaned_data.items()):
        hooks.change(hook, **form.cleaned_data, by=request.user)
        messages.success(request, gettext("The webhook is saved."))
    else:
        messages.info(request, gettext("Nothing was changed."))
    return redirect("webhook_page", pk)


@require_POST
@permission_required(RIGHT, raise_exception=True)
def webhook_secret(request: StaffRequest, pk: int) -> HttpResponse:
    """A new secret, shown this once."""
    hook = _hook(pk)
    return _page(request, hook, secret=hooks.renew_secret(hook, by=request.user))


@require_POST
@permission_required(RIGHT, raise_exception=True)
def webhook_test(request: StaffRequest, pk: int) -> HttpResponse:
    """Have a call sent that tells nothing but that it is a test."""
    hooks.send_test(_hook(pk), by=request.user)
    messages.success(request, gettext("A test is on its way. Its answer stands below in a moment."))
    return redirect("webhook_page", pk)


@require_POST
@permission_required(RIGHT, raise_exception=True)
def webhook_remove(request: StaffRequest, pk: int) -> HttpResponse:
    """Send nothing there any more."""
    hooks.remove(_hook(pk), by=request.user)
    messages.success(request, gettext("The webhook is removed. Nothing is sent there any more."))
    return redirect("webhook_list")


@require_POST
@permission_required(RIGHT, raise_exception=True)
def delivery_again(request: StaffRequest, pk: int) -> HttpResponse:
    """Have one call sent once more as it was."""
    calls = Delivery.objects.filter(webhook__in=Webhook.objects.existing())
    delivery = get_object_or_404(calls.select_related("webhook"), pk=pk)
    if hooks.send_again(delivery, by=request.user):
        messages.success(request, gettext("It is sent again."))
    else:
        messages.info(request, gettext("It is on its way already."))
    return redirect("webhook_page", delivery.webhook_id)


def _hook(pk: int) -> Webhook:
    return get_object_or_404(Webhook.objects.existing().select_related("made_by"), pk=pk)


def _last(hook: Any) -> tuple[str, str]:
    """How its last call went: a tone and a word; empty where there was none."""
    if not hook.last_state:
        return "", ""
    state = Delivery.State(hook.last_state)
    return TONES[state], str(state.label)


def _page(
    request: StaffRequest, hook: Webhook, *, form: WebhookForm | None = None, secret: str = ""
) -> HttpResponse:
    initial = {"address": hook.address, "events": hook.events, "active": hook.active}
    before = request.GET.get("before", "")
    calls = hook.deliveries.order_by("-pk")
    if before.isascii() and before.isdecimal() and len(before) < 19:
        calls = calls.filter(pk__lt=int(before))
    tries = Prefetch("attempts", DeliveryAttempt.objects.order_by("pk"))
    rows = list(calls.prefetch_related(tries)[: ROWS + 1])
    older = ""
    if len(rows) > ROWS:
        query = {"before": str(rows[ROWS - 1].pk)}
        older = reverse("webhook_page", args=[hook.pk], query=query)
    context = {
        "hook": hook,
        "form": form or WebhookForm(initial=initial, hook=hook),
        "secret": secret,
        "knows_secret": webhooks.secret_of(hook) is not None,
        "calls": [(row, TONES[Delivery.State(row.state)]) for row in rows[:ROWS]],
        "older": older,
        # Of what fails again and again nobody waits for the next try before the page.
        "is_moving": any(row.is_pending and not row.tries for row in rows),
    }
    return render(request, "pages/webhooks/page.html", context, status=422 if form else 200)
