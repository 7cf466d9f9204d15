"""The calls that the API takes, and what it answers where it cannot do as asked."""

from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Path
from ninja.errors import AuthenticationError, ValidationError

from dashboard.pages.system import errors
from resellers.call_limits import TooManyCalls

from . import answers
from .address import PREFIX
from .answers import InvalidCall
from .bearer import PersonalTokens
from .parameters import documented
from .records import Refusal, WrongParameters
from .resources import RESOURCES, Resource

NAME = "Reseller desk"
api = NinjaAPI(
    title=NAME,
    version="1",
    description="Reads what the lists of the dashboard show. Nothing can be changed here.",
    openapi_url=None,
    docs_url=None,
    auth=PersonalTokens(),
    urls_namespace="api",
)
REFUSED = {401: Refusal, 403: Refusal, 429: Refusal, 503: Refusal}
HIGHEST_ID = 2**63 - 1


def _add(resource: Resource) -> None:
    """A call for several of these records, and one for each by its id."""
    address, one = f"/{PREFIX}{resource.name}", resource.record.__name__.lower()

    def read_several(request: HttpRequest) -> Any:
        return answers.page_of(resource, request, request.auth)  # type: ignore[attr-defined]

    def read_by_wix_id(request: HttpRequest, record_id: UUID) -> Any:
        return answers.one_of(resource, record_id)

    def read_by_number(
        request: HttpRequest, record_id: Annotated[int, Path(ge=0, le=HIGHEST_ID)]
    ) -> Any:
        return answers.one_of(resource, record_id)

    read_one: Callable[..., Any] = read_by_number if resource.is_ours else read_by_wix_id
    api.get(
        address,
        response={200: resource.page, 422: WrongParameters, **REFUSED},
        operation_id=f"list_{resource.name}",
        summary=f"List {resource.name}",
        description=f"The {resource.name} that answer to all filters given.",
        url_name=f"api_{resource.name}",
        openapi_extra={"parameters": documented(resource.listing)},
    )(read_several)
    api.get(
        f"{address}/{{{'int' if resource.is_ours else 'wix_id'}:record_id}}",
        response={200: resource.record, 404: Refusal, 422: WrongParameters, **REFUSED},
        operation_id=f"get_{one}",
        summary=f"Get one of the {resource.name}",
        description="By its id, also where the list leaves it out.",
        url_name=f"api_{one}",
    )(read_one)


for _resource in RESOURCES:
    _add(_resource)


@api.exception_handler(InvalidCall)
def invalid_call(request: HttpRequest, error: InvalidCall) -> HttpResponse:
    wrong = [{"loc": ["query", name], "msg": words} for name, words in error.wrong.items()]
    return _answer(request, 422, wrong)


@api.exception_handler(ValidationError)
def invalid_id(request: HttpRequest, error: ValidationError) -> HttpResponse:
    wrong = [{"loc": [str(at) for at in one["loc"]], "msg": one["msg"]} for one in error.errors]
    return _answer(request, 422, wrong)


@api.exception_handler(AuthenticationError)
def unknown_caller(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    answer = _answer(request, 401, _("Show a token: Authorization: Bearer desk_…"))
    answer["WWW-Authenticate"] = "Bearer"
    return answer


@api.exception_handler(PermissionDenied)
def no_right(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
    return _answer(request, 403, str(error))


@api.exception_handler(TooManyCalls)
def too_many_calls(request: HttpRequest, error: TooManyCalls) -> HttpResponse:
    answer = _answer(request, 429, _("Too many calls. Retry-After says when there may be more."))
    answer["Retry-After"] = str(error.wait)
    return answer


@api.exception_handler(Http404)
def no_such_record(request: HttpRequest, error: Http404) -> HttpResponse:
    return _answer(request, 404, _("There is no such record, or it is none of yours."))


def database_failed(request: HttpRequest, error: Any) -> HttpResponse:
    page = errors.database_failed(request, error)
    answer = _answer(request, 503, _("The database does not answer just now. Ask again."))
    answer["Retry-After"] = page["Retry-After"]
    return answer


def raised(request: HttpRequest, error: Any) -> HttpResponse:
    """Django's to answer, as for a page."""
    raise error


api.add_exception_handler(OperationalError, database_failed)
api.add_exception_handler(InterfaceError, database_failed)
api.add_exception_handler(Exception, raised)


def unknown_address(request: HttpRequest, rest: str) -> HttpResponse:
    """404 as the API's other answers are."""
    return _answer(request, 404, _("There is nothing at this address."))


def _answer(request: HttpRequest, status: int, detail: object) -> HttpResponse:
    return api.create_response(request, {"detail": detail}, status=status)
