"""Name a package: somebody chooses the name, it is given, and a day later it is still so."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from resellers.flows.flow_kind import Fact, FlowKind
from resellers.flows.outcomes import Finished, Outcome, Skipped, Stops, Unanswerable, Waits
from resellers.flows.steps import CheckStep, OperationStep, Question, QuestionStep, Step
from resellers.models import Flow, FlowStep, Package
from resellers.operations.kinds.external_id import ExternalIdWish
from resellers.operations.wish import Thing, Wish


class ChooseName(QuestionStep):
    """Which package, and how it shall be called."""

    def questions(self, flow: Flow) -> Sequence[Question]:
        packages = [(str(one.pk), str(one)) for one in Package.objects.present()[:50]]
        return [Question("package", "Package", lambda _: packages), Question("name", "Name")]

    def take(self, flow: Flow, answers: dict[str, Any]) -> Finished:
        if " " in answers["name"]:
            raise Unanswerable({"name": "Write it as one word."})
        package = Package.objects.select_related("account").get(pk=answers["package"])
        flow.account, flow.subject = package.account, f"package:{package.pk}"
        return Finished(f"{package} becomes {answers['name']}.", answers)


class GiveName(OperationStep):
    """The operation is planned, confirmed on the flow's page and watched to its end."""

    def wanted(self, flow: Flow) -> tuple[Thing, Wish[Any]] | Skipped | Stops:
        package = Package.objects.select_related("account").get(pk=flow.data["package"])
        if package.external_id == flow.data["name"]:
            return Skipped("It has this name already.")
        return package, ExternalIdWish(flow.data["name"])


class StillSo(CheckStep):
    """It waits by itself, and stops where it has waited for too long."""

    def look(self, flow: Flow, row: FlowStep) -> Outcome:
        if Package.objects.get(pk=flow.data["package"]).external_id == flow.data["name"]:
            return Finished("Wix shows the name.")
        otherwise = "If Wix does not show it in a day, the flow stops here and asks you."
        return Waits("Wix to show the name.", 60, at_most=timedelta(days=1), otherwise=otherwise)


class NamePackage(FlowKind):
    name = "name_package"
    label = "Name a package"
    caption = "Give a package a name, and see that it stays"

    def first(self) -> QuestionStep:
        return ChooseName("choose", "Choose the name")

    def steps(self, flow: Flow) -> Sequence[Step]:
        return [self.first(), GiveName("give", "Give the name"), StillSo("so", "See it")]

    def title(self, flow: Flow) -> str:
        return f"Name a package {flow.data['name']}"

    def facts(self, flow: Flow) -> Sequence[Fact]:
        return [Fact("Customer", str(flow.account), flow.account)]
