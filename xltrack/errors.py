"""What the operator did wrong, or what the machine would not let xltrack do.

XltrackError
├── SchemaError            the schemas directory is missing or contradicts itself
├── UnknownName            a unit, round, form or code that the operator named does not exist
├── OptionNeeded           what the operator named may be several figures
├── OutputError            a result cannot be written where it was asked for
│   └── PlaceTaken         something is there, and is left as it is
├── TemplateRefused        a template of the operator's own cannot be filled
├── MailError              an inbox, a list of senders or a mail server cannot be used


├── WorkbookRefused        a workbook of the operator's own cannot take current rows
├── ExcelMissing           a running Excel was asked for where there is none
├── ProgramError           xltrack contradicts itself: a ledger or a sum that does not add up
└── StoreError
    ├── StoreMissing       there is no store at that path
    ├── NoRound            nothing in the store says which round is meant
    ├── NoFigures          nothing was reported from which the figure could be known
    ├── StoreLocked        another program holds the store
    ├── StoreVersion       the store was made by another version of xltrack
    └── StoreDamaged       the file is no store, or its pages are damaged
        └── StoreBehind    the store lacks records that were merged: it was cut, or an older one put in its place

What a *sender* did wrong is never an exception: it is a `xltrack.findings.Finding`.
"""

from collections.abc import Callable
from typing import ClassVar

from xltrack.language import Lang, Text


class XltrackError(Exception):
    """Base of everything xltrack raises on purpose; the CLI prints `message` and exits with 2."""

    sentence: ClassVar[Text] = Text("{reason}", "{reason}")

    def __init__(self, **facts: object) -> None:
        """Keep `facts`, the values that the sentence of the class names."""
        super().__init__(facts)
        self.facts = facts

    def __reduce__(self) -> tuple[Callable[..., "XltrackError"], tuple[object, ...]]:
        """Travel between processes with the facts, which `Exception` by itself would pass as one argument."""
        return _remade, (type(self), self.facts)

    def message(self, lang: Lang) -> str:
        """Return the sentence in `lang`, with what to do."""
        facts = {name: fact.to(lang) if isinstance(fact, Text) else fact for name, fact in self.facts.items()}
        return self.sentence.to(lang).format_map(facts)

    def __str__(self) -> str:
        """Return the English sentence."""
        return self.message("en")


def _remade(kind: type[XltrackError], facts: dict[str, object]) -> XltrackError:
    return kind(**facts)


class SchemaError(XltrackError):
    """The schemas directory is missing, unreadable or contradicts itself."""

    sentence = Text(
        "Lược đồ `{path}` không dùng được: {reason}. Sửa tệp này, hoặc bỏ --schemas để dùng lược đồ có sẵn.",
        "The schema `{path}` cannot be used: {reason}. Mend that file, or leave out --schemas to use those shipped.",
    )


class UnknownName(XltrackError):
    """The operator named a unit, round, form or file that does not exist."""

    sentence = Text("Không có {kind} `{name}`. {hint}", "There is no {kind} `{name}`. {hint}")


class OptionNeeded(XltrackError):
    """The operator named a measure of which there are several figures, and not which."""

    sentence = Text(
        "Số liệu của `{name}` cần nêu thêm {options}.", "A figure of `{name}` also needs {options}."
    )


class OutputError(XltrackError):
    """A result cannot be written where the operator asked for it."""

    sentence = Text(
        "Không ghi được `{path}`: {reason}. Đóng tệp nếu đang mở trong Excel, hoặc chọn nơi khác.",
        "Cannot write `{path}`: {reason}. Close the file if it is open in Excel, or choose another place.",
    )


class MemoryFull(XltrackError):
    """The machine has too little memory for what was asked, and too little room on the disk to put it aside."""

    sentence = Text(
        "Máy không đủ bộ nhớ ({reason}). Đóng bớt chương trình khác, dọn chỗ trống trên ổ đĩa có kho dữ liệu, hoặc "
        "dùng máy nhiều bộ nhớ hơn, rồi chạy lại; những gì đã ghi vào kho vẫn nguyên.",
        "The machine has too little memory ({reason}). Close other programs, make room on the disk of the store, or "
        "use a machine with more memory, then run this again; what was written to the store is safe.",
    )


class TemplateRefused(XltrackError):
    """A template of the operator's own cannot be filled."""

    sentence = Text(
        "Không dùng được mẫu `{path}`: {reason}.", "The template `{path}` cannot be used: {reason}."
    )


class PlaceTaken(OutputError):
    """Something is where a result should go, and is left as it is."""

    sentence = Text(
        "Không ghi vào `{path}`: {reason}. Chọn tên hay nơi khác, hoặc chuyển tệp đang ở đó đi.",
        "Nothing is written to `{path}`: {reason}. Choose another place or name, or move away what is there.",
    )


class MailError(XltrackError):
    """An inbox, a list of senders or a mail server cannot be used."""

    sentence = Text("Không dùng được `{place}`: {reason}.", "`{place}` cannot be used: {reason}.")


class WorkbookRefused(XltrackError):
    """A workbook of the operator's own cannot take current rows."""

    sentence = Text("Không cập nhật được `{path}`: {reason}.", "`{path}` cannot be refreshed: {reason}.")


class ExcelMissing(XltrackError):
    """The operator asked for a running Excel where there is none."""

    sentence = Text("Không dùng được Excel: {reason}.", "Excel cannot be used: {reason}.")


class ProgramError(XltrackError):
    """xltrack contradicts itself: what it counted twice is not equal; no result is given."""

    sentence = Text(
        "Lỗi của xltrack, kết quả không được đưa ra: {reason}. Hãy gửi câu này cho người phát triển.",
        "A fault of xltrack, so no result is given: {reason}. Please send this sentence to its developers.",
    )


class StoreError(XltrackError):
    """The store cannot be used."""


class StoreMissing(StoreError):
    """There is no store at that path."""

    sentence = Text(
        "Chưa có kho dữ liệu `{path}`. Chạy `xltrack merge` trước, hoặc chỉ đúng tệp bằng --store.",
        "There is no store `{path}`. Run `xltrack merge` first, or name the right file with --store.",
    )


class NoRound(StoreError):
    """No file in the store names the round that was asked for."""

    sentence = Text(
        "Chưa có tệp nào trong kho `{path}` của kỳ được hỏi. Nêu đủ --year và --period để xem kỳ chưa ai gửi.",
        "No file in the store `{path}` names the round asked for. Say both --year and --period for a round in which "
        "nobody has sent anything.",
    )


class NoFigures(StoreError):
    """Nothing was reported from which the figure could be known: that is no zero."""

    sentence = Text(
        "Không có số liệu này (không phải là số 0): {reason}.",
        "There is no such figure (it is no zero): {reason}.",
    )


class StoreLocked(StoreError):
    """Another program holds the store open."""

    sentence = Text(
        "Kho dữ liệu `{path}` đang được chương trình khác dùng ({holder}). Chờ chương trình đó xong rồi chạy lại, hoặc "
        "thêm `--wait 60` để xltrack tự chờ tới 60 giây.",
        "The store `{path}` is in use by another program ({holder}). Wait until it has finished and run this again, or "
        "add `--wait 60` to have xltrack wait up to 60 seconds.",
    )


class StoreVersion(StoreError):
    """The store was made by a version of xltrack whose tables differ."""

    sentence = Text(
        "Kho dữ liệu `{path}` có phiên bản {found}, bản xltrack này dùng phiên bản {expected}. "
        "Dùng đúng bản xltrack đã tạo ra kho, hoặc hợp nhất lại các tệp gốc vào một kho mới.",
        "The store `{path}` has version {found}; this xltrack uses version {expected}. "
        "Use the xltrack that made it, or merge the original files into a new store.",
    )


class StoreDamaged(StoreError):
    """The file is not a store of xltrack, or it is damaged."""

    sentence = Text(
        "`{path}` không phải kho dữ liệu của xltrack hoặc đã hỏng: {reason}. "
        "Khôi phục từ bản sao lưu, hoặc hợp nhất lại các tệp gốc vào một kho mới.",
        "`{path}` is not a store of xltrack, or it is damaged: {reason}. "
        "Restore it from a backup, or merge the original files into a new store.",
    )


class StoreBehind(StoreDamaged):
    """The store lacks records that are known to have been merged into it."""

    sentence = Text(
        "Kho dữ liệu `{path}` thiếu bản ghi đã hợp nhất: kho kết thúc ở bản ghi {last}, còn `{file}` ghi nhận đến bản "
        "ghi {head}. Có thể nhật ký `.wal` đã mất, hoặc kho bị thay bằng bản cũ. Khôi phục từ bản sao lưu; nếu đúng là "
        "muốn dùng kho này, xóa `{file}`, hợp nhất lại các tệp gốc rồi chạy `xltrack verify`.",
        "The store `{path}` lacks records that were merged: it ends with record {last}, and `{file}` names record "
        "{head}. Perhaps its `.wal` was lost, or an older copy was put in its place. Restore it from a backup; if this "
        "store is meant, delete `{file}`, merge the original files again, and run `xltrack verify`.",
    )
