"""Invented names. Every one says that it is invented: "Ví Dụ" (example), "Dựng Thử" (mock-up)."""

from xltrack.demo.programme import Enterprise

_FORMS = {
    "enterprise": ("Công ty TNHH", "Công ty Cổ phần", "Công ty TNHH Một thành viên", "Doanh nghiệp tư nhân"),
    "cooperative": ("Hợp tác xã",),
    "household": ("Hộ kinh doanh",),
}
_INVENTED = ("Ví Dụ", "Dựng Thử", "Minh Họa Ví Dụ", "Mẫu Dựng Thử")
_CONSULTANTS = (
    "Viện Tư vấn Năng suất Ví Dụ",
    "Trung tâm Kỹ thuật Dựng Thử",
    "Công ty TNHH Tư vấn Quản lý Ví Dụ",
)
_CERTIFIERS = ("Trung tâm Chứng nhận Ví Dụ", "Tổ chức Chứng nhận Dựng Thử")


def enterprise_name(enterprise: Enterprise) -> str:
    """Return the name, such as "Công ty TNHH Cơ khí Ví Dụ 0123"."""
    forms = _FORMS[enterprise.legal_form]
    number = enterprise.number
    invented = _INVENTED[number // 7 % len(_INVENTED)]
    return f"{forms[number % len(forms)]} {enterprise.trade.word} {invented} {number:04}"


def consultant(number: int) -> str:
    """Return one of the invented consultants."""
    return _CONSULTANTS[number % len(_CONSULTANTS)]


def certifier(number: int) -> str:
    """Return one of the invented certification bodies."""
    return _CERTIFIERS[number % len(_CERTIFIERS)]


def agency(title: str) -> str:
    """Return the department that reports for a province, as in "Sở Khoa học và Công nghệ tỉnh Bắc Ninh"."""
    return f"Sở Khoa học và Công nghệ {title}"


def decision(number: int, year: int) -> str:
    """Return the number of an invented decision."""
    return f"{number}/QĐ-UBND/{year} (dựng thử)"
