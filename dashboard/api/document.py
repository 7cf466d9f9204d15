"""What the API is, for programs and for people: the OpenAPI document, and a page made of it."""

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from .calls import api


@cache
def document() -> dict[str, Any]:
    """The OpenAPI 3.1 document. It tells of no record, so that anybody may read it."""
    found: dict[str, Any] = api.get_openapi_schema(path_prefix="")
    return found


@require_safe
def openapi_json(request: HttpRequest) -> HttpResponse:
    """For programs."""
    return JsonResponse(document())


@require_safe
def docs_page(request: HttpRequest) -> HttpResponse:
    """For people, without a script."""
    found = document()
    calls = [
        {
            "path": path,
            "summary": call["summary"],
            "description": call["description"],
            "parameters": [(one, _may_be(one["schema"])) for one in call["parameters"]],
        }
        for path, methods in found["paths"].items()
        for call in methods.values()
    ]
    records = [
        (name, schema.get("description", ""), _values(schema))
        for name, schema in found["components"]["schemas"].items()
        if "next" not in schema["properties"] and "detail" not in schema["properties"]
        if "msg" not in schema["properties"]
    ]
    address = request.build_absolute_uri(reverse("api_services", query={"status": "FAILED"}))
    example = f'curl -H "Authorization: Bearer desk_…" "{address}"'
    context = {"calls": calls, "records": records, "example": example}
    return render(request, "api/docs.html", context)


def _values(schema: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Each value of a record: its name, what it may be, what it tells."""
    properties = schema["properties"].items()
    return [(name, _may_be(one), one.get("description", "")) for name, one in properties]


def _may_be(schema: dict[str, Any]) -> str:
    if "items" in schema:
        return _may_be(schema["items"])
    if "anyOf" in schema:
        return " | ".join(_may_be(one) for one in schema["anyOf"])
    if "enum" in schema:
        return ", ".join(map(str, schema["enum"]))
    if schema.get("pattern", "").startswith("^[<>]"):
        return ">3d, <12h, >2w"
    return str(schema.get("format") or schema.get("type", ""))
