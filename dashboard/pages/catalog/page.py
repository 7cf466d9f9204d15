"""One product's page: what the catalogue says, to be written by who may, and what Wix refused."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from dashboard.components.named_ids import known_names
from dashboard.frame.staff import StaffRequest
from resellers.mirror import learned_refusals, naming
from resellers.models import CatalogProduct, ProductRefusal
from resellers.refusals import explain

from .forms import NewProductForm, ProductForm
from .list import cycles_words, flags_words, known_types, premium_words

RIGHT = "resellers.approve"
NOT_YOURS = gettext_lazy(
    "Managers and admins write the catalogue. You may read it and take it away as CSV."
)


@require_http_methods(["GET", "HEAD", "POST"])
def product_page(request: StaffRequest, wix_id: UUID) -> HttpResponse:
    """One product: what the catalogue says, to be written by who may, and what Wix refused."""
    product = CatalogProduct.objects.filter(pk=wix_id).first()
    if product is None:
        raise Http404(_("Nothing of id %(id)s") % {"id": wix_id})
    if request.method != "POST":
        return _page(request, product, ProductForm.of(product))
    if not request.user.has_perm(RIGHT):
        raise PermissionDenied(NOT_YOURS)
    form = ProductForm(request.POST)
    if not form.is_valid():
        return _page(request, product, form, status=422)
    was_named = product.is_named
    if naming.change_product(product, form.values, by=request.user):
        messages.success(request, _("%(product)s is saved.") % {"product": product})
    else:
        messages.info(request, _("Nothing was changed."))
    if not was_named and CatalogProduct.objects.unnamed().exists():
        return redirect(reverse("product_list", query={"state": "unnamed"}))
    return redirect(product)


def _page(
    request: StaffRequest, product: CatalogProduct, form: ProductForm, *, status: int = 200
) -> HttpResponse:
    standing = learned_refusals.standing([product])[product.pk]
    context = {
        "product": product,
        "form": form,
        "may_write": request.user.has_perm(RIGHT),
        "types": known_types(),
        "cycles": cycles_words(product),
        "flags": flags_words(product),
        "premium": premium_words(product),
        "services": product.instances.present().count(),
        "refusals": [
            (refusal, explain(refusal.code, None, refusal.message)) for refusal in standing
        ],
        "names": known_names(refusal.message for refusal in standing),
        "cleared": list(product.refusals.cleared().select_related("cleared_by", "site")[:10]),
    }
    return render(request, "pages/catalog/product.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def product_new(request: StaffRequest) -> HttpResponse:
    """A product that the mirror has not met yet."""
    if not request.user.has_perm(RIGHT):
        raise PermissionDenied(NOT_YOURS)
    posted = request.method == "POST"
    form = NewProductForm(request.POST) if posted else NewProductForm(initial={"adjustable": True})
    if posted and form.is_valid():
        id_ = form.cleaned_data["product_id"]
        try:
            product = naming.add_product(id_, form.values, by=request.user)
        except naming.AlreadyHeld as error:
            form.add_error("product_id", str(error))
        else:
            messages.success(request, _("%(product)s is in the catalogue.") % {"product": product})
            return redirect(product)
    context = {"form": form, "types": known_types()}
    return render(request, "pages/catalog/new.html", context, status=422 if posted else 200)


@require_POST
@permission_required(RIGHT, raise_exception=True)
def refusal_clear(request: StaffRequest, pk: int) -> HttpResponse:
    """Let what Wix once refused stand against the product no longer."""
    refusal = get_object_or_404(ProductRefusal.objects.select_related("product"), pk=pk)
    if learned_refusals.clear(refusal, by=request.user):
        messages.success(request, _("Cleared: nobody is warned of it any more."))
    else:
        messages.info(request, _("It was cleared already."))
    return redirect(refusal.product)
