"""Every table of the domain."""

from .audit import AuditEntry, AuditHead
from .catalog import CatalogProduct, ProductRefusal, Upload
from .heartbeats import Examination, Heartbeat
from .mirror import (
    Account,
    Change,
    InstanceStatus,
    Package,
    ProductInstance,
    Site,
)
from .notes import Note
from .operations import (
    MOVING_STATES,
    OPEN_STATES,
    Operation,
    OperationAttempt,
    OperationKind,
    OperationState,
)
from .policy import ROLE_PERMISSIONS, Policy, Role
from .sync import DailyCount, Figures, SyncRun

__all__ = [
    "MOVING_STATES",
    "OPEN_STATES",
    "ROLE_PERMISSIONS",
    "Account",
    "AuditEntry",
    "AuditHead",
    "CatalogProduct",
    "Change",
    "DailyCount",
    "Examination",
    "Figures",
    "Heartbeat",
    "InstanceStatus",
    "Note",
    "Operation",
    "OperationAttempt",
    "OperationKind",
    "OperationState",
    "Package",
    "Policy",
    "ProductInstance",
    "ProductRefusal",
    "Role",
    "Site",
    "SyncRun",
    "Upload",
]
