"""What the sender did wrong: findings, and the catalogue of their codes."""

from xltrack.findings.catalogue import Code, catalogue, hint, in_use, message, severity
from xltrack.findings.model import Finding, Said, Severity, Waiver

__all__ = [
    "Code",
    "Finding",
    "Said",
    "Severity",
    "Waiver",
    "catalogue",
    "hint",
    "in_use",
    "message",
    "severity",
]
