"""Every table of the domain."""

from .audit import AuditEntry, AuditHead
from .catalog import CatalogProduct, ProductRefusal, Upload
from .domains import DomainProposal
from .heartbeats import Examination, Heartbeat
from .leased import Leased
from .mirror import (
    Account,
    Change,
    Package,
    ProductInstance,
    Site,
)
from .notes import Note
from .operations import Operation, OperationAttempt
from .policy import ROLE_PERMISSIONS, Policy, Role
from .reorders import Reorder
from .states import (
    MOVING_STATES,
    OPEN_STATES,
    InstanceStatus,
    OperationPriority,
    OperationState,
)
from .sync import DailyCount, Figures, SyncRun
from .unreadable import Unreadable

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
    "DomainProposal",
    "Examination",
    "Figures",
    "Heartbeat",
    "InstanceStatus",
    "Leased",
    "Note",
    "Operation",
    "OperationAttempt",
    "OperationPriority",
    "OperationState",
    "Package",
    "Policy",
    "ProductInstance",
    "ProductRefusal",
    "Reorder",
    "Role",
    "Site",
    "SyncRun",
    "Unreadable",
    "Upload",
]
