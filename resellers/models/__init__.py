"""Every table of the domain."""

from .audit import AuditEntry, AuditHead
from .bulk import BulkRun, PlannedChange
from .case_events import CaseEvent, CauseNote
from .cases import Case, CaseCause, CaseEnd, CaseKind, CaseState
from .catalog import CatalogProduct, ProductRefusal, Upload
from .changes import Change
from .contacts import RegistrantContact
from .deliveries import DeliveryTime
from .domains import DomainProposal
from .exports import ExportFile
from .flows import Flow, FlowEvent, FlowStep
from .heartbeats import Examination, Heartbeat
from .instances import ProductInstance
from .leased import Leased
from .mirror import Account, Confirmation, Package, Site
from .new_customers import NewCustomer
from .notes import Note
from .notices import CauseAlert, MailWay, Notice, NoticeKind, NotificationSettings
from .operations import Operation, OperationAttempt
from .outbox import Delivery, DeliveryAttempt, Webhook, WebhookEvent
from .package_templates import PackageTemplate
from .people import CachedValue, LogInTries, SignInLink, WithheldRight
from .policy import ROLE_PERMISSIONS, Policy, Role
from .reorders import Reorder
from .scope import PersonScope
from .states import (
    MOVING_STATES,
    OPEN_STATES,
    InstanceStatus,
    OperationPriority,
    OperationState,
)
from .sync import DailyCount, Figures, SyncRun
from .tallies import Tally, TallyCheck
from .tokens import CallCount, PersonalToken
from .unreadable import Unreadable

__all__ = [
    "MOVING_STATES",
    "OPEN_STATES",
    "ROLE_PERMISSIONS",
    "Account",
    "AuditEntry",
    "AuditHead",
    "BulkRun",
    "CachedValue",
    "CallCount",
    "Case",
    "CaseCause",
    "CaseEnd",
    "CaseEvent",
    "CaseKind",
    "CaseState",
    "CatalogProduct",
    "CauseAlert",
    "CauseNote",
    "Change",
    "Confirmation",
    "DailyCount",
    "Delivery",
    "DeliveryAttempt",
    "DeliveryTime",
    "DomainProposal",
    "Examination",
    "ExportFile",
    "Figures",
    "Flow",
    "FlowEvent",
    "FlowStep",
    "Heartbeat",
    "InstanceStatus",
    "Leased",
    "LogInTries",
    "MailWay",
    "NewCustomer",
    "Note",
    "Notice",
    "NoticeKind",
    "NotificationSettings",
    "Operation",
    "OperationAttempt",
    "OperationPriority",
    "OperationState",
    "Package",
    "PackageTemplate",
    "PersonScope",
    "PersonalToken",
    "PlannedChange",
    "Policy",
    "ProductInstance",
    "ProductRefusal",
    "RegistrantContact",
    "Reorder",
    "Role",
    "SignInLink",
    "Site",
    "SyncRun",
    "Tally",
    "TallyCheck",
    "Unreadable",
    "Upload",
    "Webhook",
    "WebhookEvent",
    "WithheldRight",
]
