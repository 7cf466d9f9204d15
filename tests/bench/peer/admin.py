"""The mirror's lists as Django's admin has them, told in a few lines as its documents advise."""

from django.contrib import admin

from resellers.models import Account, Package, ProductInstance, Site


@admin.register(ProductInstance)
class Services(admin.ModelAdmin):
    """The columns, the order and the number of rows of the product's own list."""

    list_display = (
        *("product", "account", "site", "status", "expires_at", "created_at"),
        "checked",
    )
    list_select_related = ("product", "account", "site", "package")
    list_filter = ("status", "cycle_unit")
    search_fields = ("account__name", "product__name", "site__url", "package__external_id", "id")
    ordering = ("-created_at", "-id")
    list_per_page = 50

    @admin.display(description="Checked")
    def checked(self, service: ProductInstance) -> object:
        return service.package.last_confirmed_at


@admin.register(Package)
class Packages(admin.ModelAdmin):
    list_display = ("external_id", "account", "created_at", "updated_at", "last_confirmed_at")
    list_select_related = ("account",)
    ordering = ("-created_at", "-id")
    list_per_page = 50


@admin.register(Account)
class Accounts(admin.ModelAdmin):
    list_display = ("name", "email", "group", "reference", "last_confirmed_at")
    list_filter = ("group",)
    ordering = ("sort_name", "id")
    list_per_page = 50


@admin.register(Site)
class Sites(admin.ModelAdmin):
    list_display = ("display_name", "url", "account", "published", "last_confirmed_at")
    list_select_related = ("account",)
    ordering = ("sort_name", "id")
    list_per_page = 50
