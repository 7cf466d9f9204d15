"""Lists: the one way to declare, filter, match, sort, page, choose columns and export.

A list is declared once, as a `List`; its page is `show(request, LIST)` and its file is
`export(request, LIST)`. The address is the whole state: what it asks is read into a `ListQuery`,
and the page and the file take their rows from the same queryset.
"""

from .declaration import Chip, Column, List, SortOption
from .views import export, read_query, show

__all__ = ["Chip", "Column", "List", "SortOption", "export", "read_query", "show"]
