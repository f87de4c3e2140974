"""Messages as provinces, servers and liars send them, in bytes as a mailbox has them."""

import base64
import io
import struct
import zipfile
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.hostile import MICROSOFT, VBA, _locked_zip, _related, compound
from tests.sheets import write_xlsxwriter
from tests.test_reading import COVER, SCHEMAS, sheets
from xltrack.hanoi import HANOI

SERVER = "mx.bokhcn.example"
BEGIN = datetime(2025, 11, 20, 8, tzinfo=HANOI)
XLSX = "vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)
PDF = b"%PDF-1.7\n" + bytes(200)
UNITS = tuple(unit.code for unit in SCHEMAS.units.all if unit.code.startswith("T34-"))
Headers = Iterable[tuple[str, str]]


def address(unit: str) -> str:
    """Return the address from which a unit reports."""
    return f"baocao@{unit.lower()}.example"


def sender_list() -> str:
    """Return the list of senders: each unit from its own domain."""
    return "unit_code,sender\n" + "".join(f"{unit},@{unit.lower()}.example\n" for unit in UNITS)


@cache
def workbook(unit: str = "T34-24", **more: object) -> bytes:
    """Return a good return of `unit`, in which there is nothing to report; `more` stands on its cover."""
    name = SCHEMAS.units.by_code[unit].name.vi
    cover = COVER | {"unit_code": f"{unit} – {name}", "unit_name": name, "nil_report": "Có"} | more
    with TemporaryDirectory() as folder:
        return write_xlsxwriter(Path(folder) / "a.xlsx", sheets(cover)).read_bytes()


def zipped(files: Mapping[str, bytes], encoding: str = "utf-8") -> bytes:
    """Return an archive; in another `encoding` than UTF-8 its names do not say in which."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, inner in files.items():
            entry = zipfile.ZipInfo(name) if encoding == "utf-8" else _Foreign(name.encode(encoding))
            archive.writestr(entry, inner)
    return content.getvalue()


class _Foreign(zipfile.ZipInfo):
    """An entry whose name is bytes, as programs write them that know nothing of UTF-8."""

    def __init__(self, name: bytes) -> None:
        super().__init__("a")
        self._bytes = name

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802  # the name that zipfile calls
        return self._bytes, self.flag_bits


def tnef(*files: tuple[str, str, bytes]) -> bytes:
    """Return a winmail.dat with files, each with a short name, a long name and its bytes (MS-OXTNEF 2.1)."""

    def attribute(level: int, tag: int, value: bytes) -> bytes:
        return struct.pack("<BII", level, tag, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)

    def properties(long: str) -> bytes:
        text = long.encode("utf-16-le") + b"\0\0"
        padding = bytes(-len(text) % 4)
        method = struct.pack("<HHI", 0x0003, 0x3705, 1)
        name = struct.pack("<HHII", 0x001F, 0x3707, 1, len(text)) + text + padding
        return struct.pack("<I", 2) + method + name

    parts = [attribute(1, 0x00089006, struct.pack("<I", 0x10000)), attribute(1, 0x00078008, b"IPM.Note\0")]
    for short, long, content in files:
        parts.append(attribute(2, 0x00069002, struct.pack("<HIHHI", 1, 0xFFFFFFFF, 32, 32, 0)))
        parts.append(attribute(2, 0x00018010, short.encode("ascii") + b"\0"))
        parts.append(attribute(2, 0x0006800F, content))
        parts.append(attribute(2, 0x00069005, properties(long)))
    return struct.pack("<IH", 0x223E9F78, 1) + b"".join(parts)


def written(
    unit: str = "T34-24", subject: str = "Báo cáo năm 2025", text: str = "Kính gửi Bộ,\n"
) -> EmailMessage:
    """Return a message with a text and nothing attached."""
    message = EmailMessage()
    message["From"] = f"Sở KH&CN <{address(unit)}>"
    message["To"] = "nsclhanghoa@bokhcn.example"
    message["Subject"] = subject
    message["MIME-Version"] = "1.0"
    message.set_content(text)
    return message


def attach(message: EmailMessage, content: bytes, name: str | None, kind: str = XLSX) -> EmailMessage:
    """Return `message` with `content` attached."""
    named: dict[str, Any] = {} if name is None else {"filename": name}
    message.add_attachment(content, maintype="application", subtype=kind, **named)
    return message


def part(headers: str, content: bytes) -> bytes:
    """Return a part of a message with `headers` as they are, in base64."""
    return headers.encode() + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(content)


def by_hand(headers: bytes, *parts: bytes, kind: str = "mixed") -> bytes:
    """Return a message with `headers` and parts as they are."""
    inner = b"".join(b"--=x\r\n" + one + b"\r\n" for one in parts)
    return (
        headers
        + f'\r\nContent-Type: multipart/{kind}; boundary="=x"\r\n\r\n'.encode()
        + inner
        + b"--=x--\r\n"
    )


def delivered(
    message: EmailMessage | bytes, number: int, verdict: str = "dmarc=pass", more: Headers = ()
) -> bytes:
    """Return `message` as one's own server hands it over: with what it found, when, and an id; lines as in mail."""
    raw = message if isinstance(message, bytes) else message.as_bytes()
    moment = format_datetime(BEGIN + timedelta(minutes=number))
    top = [
        ("Return-Path", "<bounce@so.example>"),
        ("Authentication-Results", f"{SERVER}; {verdict}"),
        ("Received", f"from mail.so.example by {SERVER} with ESMTPS; {moment}"),
        *more,
    ]
    if b"message-id:" not in raw.lower().partition(b"\n\n")[0]:
        top.append(("Message-ID", f"<{number}@so.example>"))
    head = "".join(f"{name}: {value}\r\n" for name, value in top).encode()
    return head + raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def _names(unit: str, content: bytes, disposition: bytes) -> bytes:
    head = f"From: {address(unit)}\r\nSubject: ".encode() + "Báo cáo".encode("cp1258")
    plain = part("Content-Type: application/octet-stream\r\nContent-Disposition: attachment; @", content)
    return by_hand(head, plain.replace(b"@", disposition, 1))


def _forwarded(unit: str) -> EmailMessage:
    outer = written(unit, subject="Fwd: Báo cáo")
    outer.add_attachment(attach(written(unit), workbook(unit), "Báo cáo.xlsx"))
    return outer


def _nested(unit: str, levels: int) -> bytes:
    head = f"From: {address(unit)}\r\nSubject: x\r\nMIME-Version: 1.0\r\n".encode()
    opened = b"".join(
        f'Content-Type: multipart/mixed; boundary="{n}"\r\n\r\n--{n}\r\n'.encode() for n in range(levels)
    )
    return head + opened


def _bounce(unit: str) -> bytes:
    head = b"From: MAILER-DAEMON@mx.evil.example\r\nSubject: Undelivered\r\nMIME-Version: 1.0"
    told = b"Content-Type: text/plain\r\n\r\nNo such user.\r\n"
    status = b"Content-Type: message/delivery-status\r\n\r\nFinal-Recipient: rfc822; a@b.example\r\nAction: failed\r\n"
    sent = (
        b"Content-Type: message/rfc822\r\n\r\n" + attach(written(unit), workbook(unit), "a.xlsx").as_bytes()
    )
    return by_hand(head, told, status, sent, kind="report; report-type=delivery-status")


def _on_leave(unit: str) -> EmailMessage:
    message = written(unit, subject="Vắng mặt", text="Tôi đi công tác.\n")
    message["Auto-Submitted"] = "auto-replied"
    return message


def _several(unit: str) -> EmailMessage:
    message = attach(written(unit), workbook(unit, part_count=2), "Phần 1.xlsx")
    message = attach(message, workbook(unit, part_no=2, part_count=2), "Phần 2.xlsx")
    return attach(message, PNG, "chu ky.png", "octet-stream")


MACROS = _related(f"{MICROSOFT}/vbaProject", "vbaProject.bin", VBA)
SAME_ID = (("Message-ID", "<lap-lai@so.example>"),)

# How each kind is made for the unit that sends it.
KINDS: dict[str, Callable[[str], EmailMessage | bytes]] = {
    "plain": lambda unit: attach(written(unit), workbook(unit), "Báo cáo Bắc Ninh 2025.xlsx"),
    "name by RFC 2047": lambda unit: _names(
        unit, workbook(unit), b'filename="=?UTF-8?B?' + base64.b64encode("Báo cáo.xlsx".encode()) + b'?="'
    ),
    "name in cp1258": lambda unit: _names(
        unit, workbook(unit), b'filename="' + "Đà La\u0323t.xlsx".encode("cp1258") + b'"'
    ),
    "name in cp1258 by RFC 2231": lambda unit: _names(
        unit, workbook(unit), b"filename*=windows-1258''B%E1o%20c%E1o.xlsx"
    ),
    "name in pieces": lambda unit: _names(
        unit, workbook(unit), b"filename*0*=UTF-8''B%C3%A1o; filename*1*=%20c%C3%A1o.xlsx"
    ),
    "no name": lambda unit: attach(written(unit), workbook(unit), None, "octet-stream"),
    "name of a text": lambda unit: attach(written(unit), workbook(unit), "bao cao.txt", "msword"),
    "path for a name": lambda unit: attach(written(unit), workbook(unit), "../../../etc/cron.d/bao cao.xlsx"),
    "name that turns around": lambda unit: _names(
        unit, workbook(unit), b"filename*=UTF-8''bao%E2%80%AExslx.exe"
    ),
    "winmail.dat": lambda unit: attach(
        written(unit), tnef(("BAOCAO~1.XLS", "Báo cáo.xlsx", workbook(unit))), "winmail.dat", "ms-tnef"
    ),
    "archive": lambda unit: attach(
        written(unit),
        zipped({"2025/Báo cáo.xlsx": workbook(unit), "a.png": PNG, "__MACOSX/._a": b"\0\5\x16\7"}),
        "a.zip",
    ),
    "archive with names in cp1258": lambda unit: attach(
        written(unit), zipped({"Đô\u0300ng Tháp.xlsx": workbook(unit)}, "cp1258"), "a.zip"
    ),
    "several": _several,
    "forwarded": _forwarded,
    "attached as a letter": lambda unit: attach(
        written(unit),
        attach(written(unit), workbook(unit), "Báo cáo.xlsx").as_bytes(),
        "thư.eml",
        "octet-stream",
    ),
    "letter within Outlook's envelope": lambda unit: attach(
        written(unit),
        tnef(("THU.EML", "thư.eml", attach(written(unit), workbook(unit), "a.xlsx").as_bytes())),
        "winmail.dat",
    ),
    "damaged": lambda unit: attach(written(unit), workbook(unit)[:3_000], "Báo cáo.xlsx"),
    "xls": lambda unit: attach(written(unit), compound("Workbook"), "Báo cáo.xls", "vnd.ms-excel"),
    "locked": lambda unit: attach(
        written(unit), compound("EncryptedPackage", "EncryptionInfo"), "Báo cáo.xlsx"
    ),
    "page for a workbook": lambda unit: attach(written(unit), b"<html><body>1</body></html>", "Báo cáo.xlsx"),
    "rar": lambda unit: attach(written(unit), b"Rar!\x1a\7\0" + bytes(100), "Báo cáo.rar"),
    "macros": lambda unit: attach(written(unit), MACROS, "Báo cáo.xlsm"),
    "shortcut": lambda unit: attach(
        written(unit), b"[InternetShortcut]\nURL=https://a.example\n", "Báo cáo.url"
    ),
    "locked archive": lambda unit: attach(
        written(unit), _locked_zip({"a.xlsx": workbook(unit)}), "Báo cáo.zip"
    ),
    "archive in an archive": lambda unit: attach(
        written(unit), zipped({"trong.zip": zipped({"a.xlsx": workbook(unit)})}), "ngoài.zip"
    ),
    "cut archive": lambda unit: attach(written(unit), zipped({"a.xlsx": workbook(unit)})[:2_000], "a.zip"),
    "nothing": written,
    "scan": lambda unit: attach(
        attach(written(unit), PDF, "Quét.pdf", "pdf"), PNG, "chữ ký.png", "octet-stream"
    ),
    "link": lambda unit: written(
        text="Tải tại https://drive.google.com/file/d/1 hoặc https://so.example/tin-tuc\n"
    ),
    "bounce": _bounce,
    "on leave": _on_leave,
    "3,000 nested parts": lambda unit: _nested(unit, 3_000),
    "30 levels": lambda unit: _nested(unit, 30) + b"Content-Type: text/plain\r\n\r\nx\r\n",
    "endless headers": lambda unit: (
        b"X-A: " + b"a" * 300_000 + f"\r\nFrom: {address(unit)}\r\n\r\nx".encode()
    ),
    "300 parts": lambda unit: by_hand(
        f"From: {address(unit)}".encode(), *[b"Content-Type: a/b\r\n\r\nx"] * 300
    ),
    "40 MB": lambda unit: by_hand(
        f"From: {address(unit)}".encode(), part(f"Content-Type: application/{XLSX}", bytes(40 * 2**20))
    ),
}
