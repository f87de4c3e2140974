"""Knows the words that stand in a table without being data: totals, sections, signatures, remarks."""

import re

from xltrack.forms import fold
from xltrack.reading.text import clean

_NOT_LETTERS = re.compile(r"[\W_]+")
_LONGEST = 160


def _any(*patterns: str) -> str:
    return f"(?:{'|'.join(patterns)})"


_TOTALS = _any(
    "tổng cộng", "tổng số", "tổng", "cộng dồn", "cộng", "lũy kế", "luỹ kế", "mang sang", "chuyển sang",
    "grand total", "sub-?total", "total",
)  # fmt: skip
# What may follow them: the rows or the whole that is added up; never the rest of a name ("Tổng công ty").
_WHOLE = _any(
    "chung", "cả", "các", "toàn (?:bộ|tỉnh|thành phố|ngành|quốc|đơn vị)", "trang", "bảng", "nhóm", "mục", "phần",
    "khối", "đợt", "số", "năm", "quý", "kỳ", "tháng", "giai đoạn", "lũy kế", "kinh phí", "ngân sách", "doanh nghiệp",
    "dự án", "nhiệm vụ", "chương trình", "dòng", "[ivx]+", "[a-z]", r"\d+",
)  # fmt: skip
_TOTAL = re.compile(rf"{_TOTALS}(?:\s*[:.(/+=–-].*|\s+{_WHOLE}(?:\W.*)?)?", re.DOTALL)
_BARE_TOTALS = frozenset({
    "tổngcộng", "tổngsố", "tổng", "cộng", "tongcong", "tongso", "tong", "cong", "total", "grandtotal", "subtotal",
})  # fmt: skip
_ROMAN = "[IVXLC]{1,6}"
_NUMERAL = re.compile(rf"\(?(?:{_ROMAN}|[A-HK-NP-Z])\s*[.)/:]?")
_SECTION = re.compile(
    _any(
        rf"(?:{_ROMAN}|[A-Z])\s*[.)/:-]\s+\S.*",
        r"[IVX]{1,5}[.)/]\w\w.*",
        rf"(?i:nhóm|phần|mục|chương|đợt|quý)\s+(?:{_ROMAN}|[A-Z]|\d{{1,2}})\b.*",
        r"(?i:nhóm\s*(?::|doanh nghiệp|ngành|sản phẩm|các|nhiệm vụ|tiêu chuẩn|công cụ|đối tượng)).*",
    ),
    re.DOTALL,
)
_DOTS = r"[\d.…_ ]*"
_OFFICES = _any(
    "(?:phó )?(?:tổng )?giám đốc", "(?:phó )?(?:chi )?cục trưởng", "(?:phó )?(?:vụ|viện) trưởng",
    "(?:phó )?trưởng phòng", "(?:phó )?chủ tịch", "(?:phó )?thủ trưởng", "bộ trưởng", "thứ trưởng",
    "kế toán(?: trưởng)?", "chuyên viên",
    "cán bộ(?: tổng hợp| lập biểu| phụ trách)?",
)  # fmt: skip
_OFFICE = re.compile(rf"{_OFFICES}(?: sở| đơn vị| cơ quan| chi cục)?")
_FOR = r"(?:kt|tl|tm|tuq|q)\.? ?"
_COMMITTEE = "(?:ubnd|ủy ban nhân dân|uỷ ban nhân dân)"
_SIGNED = re.compile(
    _any(
        rf"(?:.{{0,60}}?,\s*)?ngày\s*{_DOTS}tháng\s*{_DOTS}năm\s*{_DOTS}",
        r".{1,60}?,\s*ngày\s*\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*\d{4}",
        rf"{_FOR}(?:{_OFFICE.pattern}|{_COMMITTEE}\b.*)",
        "thủ trưởng (?:đơn vị|cơ quan)",
        r"(?:người|cán bộ) (?:lập|tổng hợp|báo cáo|kiểm tra|kiểm soát|duyệt)(?: biểu| bảng| báo cáo)?(?:\s*:.{0,60})?",
        "lập (?:biểu|bảng)",
        r"\(?(?:đã )?ký(?:[ ,]+(?:tên|họ|ghi|đóng|và|duyệt)\b.*)?\)?",
        r"\(?(?:ghi rõ họ|họ (?:và )?tên|đóng dấu)\b.*",
        r"nơi nhận\b.*|\./\.",
    ),
    re.DOTALL,
)
# What stands in signatures, but may be the text of a record as well: an agency, a task.
_MAY_SIGN = re.compile(
    _any(
        rf"{_COMMITTEE}\b.*",
        r"(?:đơn vị|cơ quan) (?:lập|tổng hợp|báo cáo|kiểm tra|kiểm soát|duyệt)(?: biểu| bảng| báo cáo)?",
        r"(?:lập|tổng hợp|kiểm tra|kiểm soát|duyệt) (?:biểu|bảng|báo cáo)",
        r"[-–+] ?(?:như trên|lưu)\b.*",
    ),
    re.DOTALL,
)
_REMARK = re.compile(
    r"(?:ghi chú|lưu ý|chú thích|chú ý|chú giải|nguồn(?: số liệu)?|đơn vị tính|đvt|note|source)\s*(?:[:.(*].*)?"
    r"|\(?\*+\)?.*",
    re.DOTALL,
)
_PERSON = re.compile(r"(?:(?:Ông|Bà|TS|ThS|PGS|GS|KS|CN)\.? ?)*[^\W\d_]+(?: [^\W\d_]+){1,5}")
_EXAMPLE = re.compile(
    r"(?:ví dụ|vd|v\.d|example|e\.g)\.?(?:\s*\d+)?\s*(?:[:.)–-].*)?|(?:dòng |hàng )?mẫu", re.DOTALL
)
_TABLE_TITLE = re.compile(
    r"(?:bảng|biểu|phụ lục|mẫu số|table|annex)\s*(?:số\s*)?(?:[ivx]+|\d+)\s*(?:[a-z]?\s*[.:–-].*)?", re.DOTALL
)


def is_total(text: str) -> bool:
    """Return whether `text` heads a total: "Tổng cộng", "Cộng nhóm I", "T Ổ N G  S Ố"; never "Tổng công ty …"."""
    plain = _plain(text)
    if _NOT_LETTERS.sub("", plain) in _BARE_TOTALS:
        return True
    return len(plain) <= _LONGEST and _has_marks(plain) and _TOTAL.fullmatch(plain) is not None


def is_numeral(text: str) -> bool:
    """Return whether `text` numbers a section: "I", "II.", "A/"; digits number rows."""
    return _NUMERAL.fullmatch(clean(text)) is not None


def is_bare(text: str) -> bool:
    """Return whether `text` has no digit, as a heading mostly has none."""
    return not any(character.isdigit() for character in text)


def is_section(text: str) -> bool:
    """Return whether `text` heads a section: "I. Doanh nghiệp sản xuất", "Nhóm 2", "A/ Công nghiệp"."""
    return len(text) <= _LONGEST and _SECTION.fullmatch(clean(text)) is not None


def is_signature(text: str) -> bool:
    """Return whether `text` may belong to signatures: is_signed, is_office, or "UBND tỉnh", "Tổng hợp báo cáo"."""
    return _all_lines(text, _SIGNED, _OFFICE, _MAY_SIGN)


def is_signed(text: str) -> bool:
    """Return whether `text` is nothing but part of signatures: "Người lập biểu", "…, ngày …", "(Ký, đóng dấu)"."""
    return _all_lines(text, _SIGNED)


def is_office(text: str) -> bool:
    """Return whether `text` is an office, as people sign and as a person's position: "Giám đốc", "CHI CỤC TRƯỞNG"."""
    return _all_lines(text, _OFFICE, _SIGNED)


def _all_lines(text: str, *patterns: re.Pattern[str]) -> bool:
    plain = _plain(text)
    return len(plain) <= _LONGEST and all(
        any(pattern.fullmatch(line.strip()) for pattern in patterns) for line in plain.split("\n")
    )


def is_person(text: str) -> bool:
    """Return whether `text` may be the name of somebody who signed: words with a capital letter each, no digits."""
    words = clean(text)
    return _PERSON.fullmatch(words) is not None and all(word[0].isupper() for word in words.split())


def is_remark(text: str) -> bool:
    """Return whether `text` is a remark below a table: "Ghi chú: …", "Nguồn: …", "(*) …"."""
    return _REMARK.fullmatch(_plain(text)) is not None


def marks_example(text: str) -> bool:
    """Return whether `text` says that its row is an example: "Ví dụ", "VD: …"; not a name that has these words."""
    return _EXAMPLE.fullmatch(_plain(text)) is not None


def is_table_title(text: str) -> bool:
    """Return whether `text` names another table: "Bảng 2: …", "Phụ lục II. …"."""
    return len(text) <= _LONGEST and _TABLE_TITLE.fullmatch(_plain(text)) is not None


def _plain(text: str) -> str:
    return clean(text).casefold()


def _has_marks(plain: str) -> bool:
    """Return whether `plain` is written with Vietnamese marks, or is English: "Cộng" is not "Công" then."""
    return fold(plain) != _NOT_LETTERS.sub("", plain) or plain.startswith(("total", "grand", "sub"))
