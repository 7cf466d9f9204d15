"""The addresses that every list has below its page's.

`export.csv` is its file, `export/` has that made in the background and `selection.csv` is that of
ticked rows, `facets/` counts what each choice would leave, `facets/<name>/` finds the values of a
filter that has very many, `changed/` how much of it is otherwise by now, `columns/` keeps a
person's choice of columns, `density/` how high they want rows, `dialect/` how they want files
written, `views/` what is asked for under a name, `views/<number>/` changes that, and `refresh/`
reads the records whose ids are sent from Wix anew, `refresh/<id>/` one where it stands.
"""

from django.urls import URLPattern, path

from .background import list_background
from .changed import list_changed
from .declaration import List
from .preference_views import list_columns, list_density, list_dialect
from .refresh import list_refresh, row_refresh
from .selection import list_selection
from .view_actions import list_view_change, list_view_save
from .views import list_export, list_facet, list_facets


def list_urls(*every: List) -> list[URLPattern]:
    """The addresses of these lists' parts, to stand before those of single records."""
    found = []
    for list_ in every:
        about, noun, at = {"list_": list_}, list_.noun, list_.address
        found += [
            path(f"{at}/export.csv", list_export, about, name=f"{noun}_export"),
            path(f"{at}/export/", list_background, about, name=f"{noun}_background"),
            path(f"{at}/facets/", list_facets, about, name=f"{noun}_facets"),
            path(f"{at}/changed/", list_changed, about, name=f"{noun}_changed"),
            path(f"{at}/facets/<slug:name>/", list_facet, about, name=f"{noun}_facet"),
            path(f"{at}/columns/", list_columns, about, name=f"{noun}_columns"),
            path(f"{at}/density/", list_density, about, name=f"{noun}_density"),
            path(f"{at}/dialect/", list_dialect, about, name=f"{noun}_dialect"),
            path(f"{at}/views/", list_view_save, about, name=f"{noun}_view_save"),
            path(f"{at}/views/<int:pk>/", list_view_change, about, name=f"{noun}_view_change"),
        ]
        if list_.has_menu:
            found.append(
                path(f"{at}/selection.csv", list_selection, about, name=f"{noun}_selection")
            )
        if list_.can_refresh_rows:
            address = f"{at}/refresh/<wix_id:wix_id>/"
            found.append(path(address, row_refresh, about, name=f"{noun}_row_refresh"))
        if list_.package_path:
            found.append(path(f"{at}/refresh/", list_refresh, about, name=f"{noun}_refresh"))
    return found
