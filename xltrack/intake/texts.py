"""Tells the texts apart that arrive under the name of a workbook."""

import codecs
import re
from typing import Final

from xltrack.findings.outputs import text_output
from xltrack.intake.model import refused
from xltrack.language import Text

_HEAD: Final = 2**16
# A notice is short; a table that mentions a removed attachment is not one.
_NOTICE: Final = 8_000
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0e-\x19\x1b-\x1f]")
_ONLINE: Final = (
    r"https?://[\w.-]*(?:docs\.google|drive\.google|accounts\.google|1drv|onedrive|sharepoint|zalo|dropbox)"
)
_HTML: Final = (
    r"(?i)\A\s*(?:<\?xml[^>]*>\s*)?(?:<!--[^>]*>\s*)*<(?:!doctype html|html|table|meta|head|body)\b"
)
_ATTACHMENT: Final = r"(?:attachments?|tệp đính kèm|tập tin đính kèm|file đính kèm)"
_TAKEN: Final = (
    r"\b(?:removed|blocked|deleted|stripped|quarantined|infected|withheld|malware|virus"
    r"|gỡ bỏ|loại bỏ|bị xóa|bị xoá|đã xóa|đã xoá|bị chặn|cách ly|nhiễm|mã độc)\b"
)
_HEADER: Final = (
    r"\A(?:From \S+ .*\n)?(?:(?:Return-Path|Received|Delivered-To|MIME-Version|Message-ID|From|To|Subject|Date|X-[\w-]+"
    r"|Authentication-Results|DKIM-Signature|ARC-Seal|Thread-Topic|Content-Type): *\S)"
)

_PAGE: Final = Text("trang web HTML", "an HTML page")
_SAVED_PAGE: Final = Text("trang web lưu từ Excel (.mht)", "a web page saved from Excel (.mht)")
_ONLINE_PAGE: Final = Text("trang web của một kho tệp trên mạng", "the web page of an online store of files")
_SHORTCUT: Final = Text("lối tắt tới một địa chỉ mạng", "a shortcut to an address on the web")
_GOOGLE: Final = Text("liên kết tới Google Trang tính", "a link to Google Sheets")
_ADDRESS: Final = Text("một địa chỉ mạng", "an address on the web")
LINK_FILE: Final = Text("tệp liên kết của macOS", "a link file of macOS")
_XML_2003: Final = Text("bảng tính XML 2003", "an XML Spreadsheet 2003 file")
_FLAT: Final = Text("bảng tính OpenDocument dạng XML (.fods)", "a flat OpenDocument spreadsheet (.fods)")
_MAIL: Final = Text("thư điện tử (.eml)", "an e-mail (.eml)")
_ENCODED: Final = Text("nội dung thư chưa được giải mã", "the content of a mail that was not decoded")
_SYLK: Final = Text("bảng tính SYLK", "a SYLK file")
_DIF: Final = Text("bảng tính DIF", "a DIF file")
_TABLE: Final = Text("văn bản hoặc CSV", "a text or CSV file")
_XML: Final = Text("tệp XML", "an XML file")

# What the text looks like, its code, what it is; the first that fits decides.
_KINDS: Final = (
    (r"(?im)\A\s*\[(?:InternetShortcut|Desktop Entry)\]", "XLT115", _SHORTCUT),
    (r"(?i)\A\s*\{[^{}]*\"(?:doc_id|url)\"\s*:", "XLT115", _GOOGLE),
    (r"(?i)\A\s*https?://\S+\s*\Z", "XLT115", _ADDRESS),
    (r"<key>URL</key>", "XLT115", LINK_FILE),
    (r"urn:schemas-microsoft-com:office:spreadsheet", "XLT104", _XML_2003),
    (r"urn:oasis:names:tc:opendocument", "XLT104", _FLAT),
    (r"(?im)^X-Document-Type: Workbook|^Content-Location: file:.*\.html?$", "XLT104", _SAVED_PAGE),
    (rf"(?i){_HEADER}(?:.*\n)*?(?:MIME-Version|Message-ID|Content-Type|Received):", "XLT114", _MAIL),
    (r"\A\s*(?:UEsDB|0M8R4K)[\w+/=\s]+\Z", "XLT114", _ENCODED),
    (r"\Abegin [0-7]{3} ", "XLT114", _ENCODED),
    (r"\AID;P", "XLT104", _SYLK),
    (r"\ATABLE\s*\n0,1", "XLT104", _DIF),
)


def refuse_text(content: bytes) -> None:
    """Raise Refused, by name, if `content` is a text: a page, a table, a link, a mail, a notice of a mail server."""
    text = _decoded(content)
    if text is None:
        return
    if output := text_output(text):
        raise refused("XLT148", kind=output)
    is_page = re.search(_HTML, text) is not None
    if len(content) < _NOTICE and _is_notice(text):
        raise refused("XLT116")
    for pattern, code, kind in _KINDS:
        if not is_page and re.search(pattern, text):
            raise refused(code, kind=kind)
    if is_page:
        is_online = re.search(_ONLINE, text, re.IGNORECASE) is not None and "<table" not in text.casefold()
        raise refused("XLT115", kind=_ONLINE_PAGE) if is_online else refused("XLT104", kind=_PAGE)
    # A table of texts is no form in another format: saved as .xlsx it would still have no cover.
    raise refused("XLT101", kind=_XML if text.lstrip().startswith("<") else _TABLE)


def _decoded(content: bytes) -> str | None:
    """Return the beginning of `content` as text; None if it is none."""
    head = content[:_HEAD]
    encoding = next((name for mark, name in _MARKS if head.startswith(mark)), "utf-8")
    if head[1:2] == b"\0" and encoding == "utf-8":
        encoding = "utf-16-le"
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(head)
    except UnicodeDecodeError:
        text = head.decode("latin-1")
    text = text.removeprefix("\ufeff").rstrip("\0").replace("\r\n", "\n")
    return None if _CONTROLS.search(text) else text


def _is_notice(text: str) -> bool:
    """Return whether a mail server says in `text` that it took the attachment away."""
    words = re.sub(r"<[^>]*>", " ", text).casefold()
    near = rf"{_ATTACHMENT}.{{0,200}}{_TAKEN}|{_TAKEN}.{{0,200}}{_ATTACHMENT}"
    return re.search(near, words, re.DOTALL) is not None
