"""What a report needs to know of a received file, whoever examined it."""

from pathlib import Path
from typing import Protocol

from xltrack.findings import Finding
from xltrack.language import Text
from xltrack.reading import Ledger

NOT_COMPARED = Text(
    "Chỉ hợp nhất mới cho biết tệp trùng nhau, trùng số lần gửi, và so với kho dữ liệu (XLT6xx): "
    "`xltrack merge --dry-run` làm thử mà không ghi gì. Bản sửa đổi đã thay gì thì xem bằng `xltrack diff`.",
    "Only merging tells copies and equal submission numbers, and compares with the store (XLT6xx): "
    "`xltrack merge --dry-run` tries it and writes nothing. What a correction has replaced, `xltrack diff` tells.",
)
"""What checking files without a store leaves out."""


class ReceivedFile(Protocol):
    """One examined file."""

    @property
    def path(self) -> Path:
        """Where it lies."""

    @property
    def sha256(self) -> str | None:
        """The hash of its bytes, None if they were not read."""

    @property
    def verdict(self) -> str:
        """What became of it."""

    @property
    def form(self) -> str | None:
        """Its form and version."""

    @property
    def unit(self) -> str | None:
        """The code of the unit it reports for."""

    @property
    def round(self) -> str | None:
        """The round it reports in, as "2025-annual"."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything found."""

    @property
    def ledger(self) -> Ledger:
        """Where its cells went."""
