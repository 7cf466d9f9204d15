"""The addresses that every list has below its page's.

`export.csv` is its file, `facets/` counts what each choice would leave, `columns/` keeps a person's
choice of columns, `dialect/` how they want files written, and `refresh/` reads the records whose
ids are sent from Wix anew, `refresh/<id>/` one where it stands.
"""

from django.urls import URLPattern, path

from .declaration import List
from .preference_views import list_columns, list_dialect
from .refresh import list_refresh, row_refresh
from .views import list_export, list_facets


def list_urls(*every: List) -> list[URLPattern]:
    """The addresses of these lists' parts, to stand before those of single records."""
    found = []
    for list_ in every:
        about, noun = {"list_": list_}, list_.noun
        found += [
            path(f"{noun}/export.csv", list_export, about, name=f"{noun}_export"),
            path(f"{noun}/facets/", list_facets, about, name=f"{noun}_facets"),
            path(f"{noun}/columns/", list_columns, about, name=f"{noun}_columns"),
            path(f"{noun}/dialect/", list_dialect, about, name=f"{noun}_dialect"),
        ]
        if list_.can_refresh_rows:
            address = f"{noun}/refresh/<wix_id:wix_id>/"
            found.append(path(address, row_refresh, about, name=f"{noun}_row_refresh"))
        if list_.package_path:
            found.append(path(f"{noun}/refresh/", list_refresh, about, name=f"{noun}_refresh"))
    return found
