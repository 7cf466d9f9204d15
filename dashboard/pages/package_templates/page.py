"""Templates of packages: to see, to make, to copy from a package, to change and to remove."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dashboard.frame.staff import StaffRequest
from resellers.models import CatalogProduct, Package, PackageTemplate
from resellers.operations import package_templates
from resellers.wix_ids import as_wix_id

from .forms import TemplateForm

RIGHT = "resellers.operate"


@require_safe
def template_list(request: StaffRequest) -> HttpResponse:
    """Every template with what it orders."""
    templates = list(PackageTemplate.objects.select_related("made_by"))
    named = {str(one.pk): str(one) for one in CatalogProduct.objects.named()}
    entries = [
        (
            one,
            [
                (line["quantity"], named.get(line["product_id"], _("Gone from the catalogue")))
                for line in one.lines
            ],
        )
        for one in templates
    ]
    return render(request, "pages/package_templates/list.html", {"templates": entries})


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(RIGHT, raise_exception=True)
def template_new(request: StaffRequest) -> HttpResponse:
    """A new template; with `?package=` it begins as what that package holds."""
    if request.method == "POST":
        return _saved(request, None)
    package_id = as_wix_id(request.GET.get("package", ""))
    package = Package.objects.filter(pk=package_id).first() if package_id else None
    lines = package_templates.lines_of_package(package) if package else []
    return _page(request, TemplateForm(lines=lines), None)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(RIGHT, raise_exception=True)
def template_edit(request: StaffRequest, pk: int) -> HttpResponse:
    """A template's name and lines."""
    template = get_object_or_404(PackageTemplate, pk=pk)
    if request.method == "POST":
        return _saved(request, template)
    lines = package_templates.lines_of_template(template)
    return _page(request, TemplateForm(name=template.name, lines=lines), template)


@require_POST
@permission_required(RIGHT, raise_exception=True)
def template_remove(request: StaffRequest, pk: int) -> HttpResponse:
    """Offer a template no more."""
    template = get_object_or_404(PackageTemplate, pk=pk)
    package_templates.remove(template, by=request.user)
    messages.success(request, _("%(name)s is removed.") % {"name": template.name})
    return redirect("template_list")


def _saved(request: StaffRequest, template: PackageTemplate | None) -> HttpResponse:
    form = TemplateForm(request.POST)
    if form.is_valid():
        name = form.cleaned_data["name"]
        try:
            package_templates.save(template, name, form.chosen, by=request.user)
        except package_templates.NameTaken as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, _("%(name)s is saved.") % {"name": name})
            return redirect("template_list")
    return _page(request, form, template, status=422)


def _page(
    request: StaffRequest,
    form: TemplateForm,
    template: PackageTemplate | None,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {"form": form, "template": template}
    return render(request, "pages/package_templates/form.html", context, status=status)
