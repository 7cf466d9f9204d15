"""Domains: searching, registering, connecting those registered elsewhere, putting them on sites."""

from __future__ import annotations

from .connected_domains import ConnectedDomainCalls
from .domain_assignments import DomainAssignmentCalls
from .domain_search import DomainSearchCalls
from .registered_domains import RegisteredDomainCalls


class DomainCalls(
    DomainSearchCalls, RegisteredDomainCalls, ConnectedDomainCalls, DomainAssignmentCalls
):
    """Every call about domains."""
