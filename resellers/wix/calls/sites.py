"""Sites: finding, making, moving, publishing and trashing them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .. import arguments
from ..exchange import Answer, Request
from ..fields import Fields, Unreadable, read_number
from ..parsing import read_page, read_site, read_site_deletions
from ..transport import Transport
from ..types import (
    BulkDeleteAnswer,
    CountAnswer,
    Done,
    NewSiteAnswer,
    Page,
    Raw,
    Site,
    SiteTransferAnswer,
)

MOST_DELETIONS = 20
# Without a word about namespaces Wix leaves headless sites out.
ALL_SITES = {"namespace": {"$in": ["WIX", "HEADLESS"]}}


class SiteCalls:
    _transport: Transport

    def query_sites(
        self,
        *,
        account_id: str,
        filter: Mapping[str, Any] | None = None,
        sort: Sequence[Mapping[str, str]] | None = None,
        limit: int = 100,
        cursor: str | None = None,
    ) -> Page[Site]:
        """Sites of one account, headless ones included unless the filter names namespaces.

        With a cursor, filter and sort are those of the first page, and ValueError where either is
        given again. Reference: Sites, Query Sites.
        """
        wanted = ALL_SITES | dict(filter or {}) if cursor is None else filter
        answer = self._transport.send(
            Request(
                "POST",
                "/site-list/v2/sites/query",
                repeatable=True,
                account_id=arguments.guid("account_id", account_id),
                body=arguments.query(wanted, sort, limit, cursor),
            )
        )
        return answer.read(lambda: read_page(answer.body, answer.call, "sites", read=read_site))

    def count_sites(
        self, *, account_id: str, filter: Mapping[str, Any] | None = None
    ) -> CountAnswer:
        """How many sites an account has; Wix supports no `premium` and no `appIds` filter here.

        Reference: Sites, Count Sites.
        """
        answer = self._transport.send(
            Request(
                "POST",
                "/site-list/v2/sites/count",
                repeatable=True,
                account_id=arguments.guid("account_id", account_id),
                body={"filter": ALL_SITES | dict(filter or {})},
            )
        )

        def read() -> CountAnswer:
            count = Fields(answer.body, "").needed(read_number, "count")
            if count < 0:
                raise Unreadable("count", "is less than 0")
            return CountAnswer(answer.call, answer.body, count)

        return answer.read(read)

    def transfer_site(
        self,
        *,
        site_id: str,
        source_account_id: str,
        target_account_id: str,
        enable_notifications: bool = False,
    ) -> SiteTransferAnswer:
        """Hand a site without paid services over to another account of the same parent.

        Wix gives no transfer id: query the target's sites until `account_id` says it is there.
        Reference: B2B Site Management, Transfer Site.
        """
        site_id = arguments.guid("site_id", site_id)
        transfer = {
            "siteId": site_id,
            "sourceAccountId": arguments.guid("source_account_id", source_account_id),
            "enableNotifications": bool(enable_notifications),
        }
        answer = self._write(
            "/b2b-site-management/v1/transfer-site",
            arguments.guid("target_account_id", target_account_id),
            {"siteTransfer": transfer},
        )

        def read() -> SiteTransferAnswer:
            fields = Fields(answer.body.get("siteTransfer"), "siteTransfer")
            if fields.id("siteId") != site_id:
                raise Unreadable("siteTransfer.siteId", "is of another site")
            source = fields.reference("sourceAccountId")
            return SiteTransferAnswer(answer.call, answer.body, site_id, source)

        return answer.read(read)

    def create_project(
        self,
        *,
        account_id: str,
        name: str,
        type: str = "WIX",
        template_id: str | None = None,
        folder_id: str | None = None,
        app_ids: Sequence[str] = (),
    ) -> NewSiteAnswer:
        """Make a site: blank, or from a template. `type` is `WIX`, `HEADLESS`, `VIBE` or
        `BRANDED_APP`.

        `site_id` of the answer is Wix's `metaSiteId`; its `project.siteId` is an inner part.
        Reference: Projects, Create Project.
        """
        body: Raw = {"type": type, "name": arguments.text("name", name, longest=100)}
        if template_id is not None:
            body["templateId"] = arguments.text("template_id", template_id, longest=100)
        if folder_id is not None:
            body["folderId"] = arguments.text("folder_id", folder_id, longest=100)
        if app_ids:
            body["apps"] = [{"appDefId": app_id} for app_id in app_ids]
        answer = self._write("/funnel/projects/v1/create", account_id, body)
        return answer.read(
            lambda: _new_site(answer, Fields(answer.body.get("project"), "project"), "metaSiteId")
        )

    def create_site_from_template(
        self, *, account_id: str, template_id: str, site_name: str | None = None
    ) -> NewSiteAnswer:
        """Make a site from a standard template; a name is 4 to 20 of `a-z0-9_-` and unique.

        Reference: Sites, Create Site From Template.
        """
        body: Raw = {"originTemplateId": arguments.text("template_id", template_id, longest=100)}
        if site_name is not None:
            body["siteName"] = arguments.site_name("site_name", site_name)
        answer = self._write("/msm/v1/meta-site/create-from-template", account_id, body)
        return answer.read(lambda: _new_site(answer, Fields(answer.body, ""), "metaSiteId"))

    def create_site_from_studio_template(
        self, *, account_id: str, template_id: str
    ) -> NewSiteAnswer:
        """Make a site from one of our own Studio templates.

        Reference: Studio Workspace, Create Site From Template (Developer Preview).
        """
        answer = self._write(
            "/wixstudio/templates/v1/templates/{template_id}/create-site",
            account_id,
            {},
            template_id=arguments.url_text("template_id", template_id),
        )
        # Only the beginning of the field's name is known.
        name = next((key for key in answer.body if key.startswith("createdSiteMeta")), None)
        return answer.read(
            lambda: _new_site(answer, Fields(answer.body, ""), name or "createdSiteMeta")
        )

    def duplicate_site(
        self, *, account_id: str, source_site_id: str, display_name: str
    ) -> NewSiteAnswer:
        """Copy a site, without its domain, Premium plan and business data.

        Reference: Site Actions, Duplicate Site.
        """
        body = {
            "sourceSiteId": arguments.guid("source_site_id", source_site_id),
            "siteDisplayName": arguments.text("display_name", display_name, longest=100),
        }
        answer = self._write("/site-actions/v1/sites/duplicate", account_id, body)
        return answer.read(lambda: _new_site(answer, Fields(answer.body, ""), "newSiteId"))

    def publish_site(self, *, site_id: str) -> Done:
        """Publish a site; Wix answers with nothing. Reference: Site Publisher, Publish Site."""
        answer = self._transport.send(
            Request(
                "POST",
                "/site-publisher/v1/site/publish",
                repeatable=False,
                site_id=arguments.guid("site_id", site_id),
                body={},
            )
        )
        return Done(answer.call, answer.body)

    def bulk_delete_sites(self, *, account_id: str, site_ids: Sequence[str]) -> BulkDeleteAnswer:
        """Move 1 to 20 sites to the trash. Each can fail by itself: read the results.

        Reference: Site Actions, Bulk Delete Site.
        """
        if not 1 <= len(site_ids) <= MOST_DELETIONS:
            raise ValueError(f"site_ids must be 1 to {MOST_DELETIONS}")
        body = {"ids": [arguments.guid("site_ids", site_id) for site_id in site_ids]}
        answer = self._write("/site-actions/v1/bulk/sites/delete", account_id, body)

        def read() -> BulkDeleteAnswer:
            results = read_site_deletions(answer.body)
            if {result.site_id for result in results} != set(body["ids"]):
                raise Unreadable("results", "are not of the sites asked for")
            succeeded = sum(result.success for result in results)
            return BulkDeleteAnswer(
                answer.call, answer.body, results, succeeded, len(results) - succeeded
            )

        return answer.read(read)

    def _write(self, path: str, account_id: str, body: Raw, **path_values: str) -> Answer:
        return self._transport.send(
            Request(
                "POST",
                path,
                repeatable=False,
                account_id=arguments.guid("account_id", account_id),
                path_values=path_values,
                body=body,
            )
        )


def _new_site(answer: Answer, fields: Fields, key: str) -> NewSiteAnswer:
    value = fields.raw.get(key)
    if isinstance(value, dict) and "id" in value:
        fields, key = fields.inside(key), "id"
    return NewSiteAnswer(answer.call, answer.body, fields.id(key))
