"""What the invented enterprises do: their trade, the tools that suit it, how large such enterprises are."""

from dataclasses import dataclass

MILLION = 1_000_000
BILLION = 1_000 * MILLION


@dataclass(frozen=True, slots=True)
class Trade:
    """One line of business. `sections` are its VSIC sections in the versions 2018 and 2025."""

    word: str
    activity: str
    sections: tuple[str, str]
    size_sector: str
    tools: tuple[str, ...]
    product: str = ""
    division: str = ""


def _industry(word: str, activity: str, product: str, division: str, tools: str) -> Trade:
    return Trade(word, activity, ("C", "C"), "agri_industry", tuple(tools.split()), product, division)


TRADES = (
    _industry(
        "Cơ khí",
        "Gia công, sản xuất linh kiện cơ khí",
        "Linh kiện cơ khí",
        "25",
        "ISO-9001 5S LEAN TPM KAIZEN ISO-14001",
    ),
    _industry(
        "Thực phẩm",
        "Chế biến thực phẩm",
        "Thực phẩm chế biến",
        "10",
        "ISO-22000 HACCP 5S ISO-9001 TRACEABILITY",
    ),
    _industry(
        "Thủy sản",
        "Chế biến, bảo quản thủy sản",
        "Thủy sản chế biến",
        "10",
        "HACCP ISO-22000 BRCGS 5S TRACEABILITY",
    ),
    _industry("Dệt may", "May trang phục", "Hàng dệt may", "14", "LEAN 5S KPI SA-8000 ISO-9001"),
    _industry("Đồ gỗ", "Sản xuất đồ gỗ, nội thất", "Đồ gỗ", "31", "5S LEAN ISO-9001 KAIZEN"),
    _industry("Bao bì nhựa", "Sản xuất bao bì nhựa", "Sản phẩm nhựa", "22", "ISO-9001 MFCA 5S TPM ISO-14001"),
    _industry(
        "Vật liệu xây dựng",
        "Sản xuất vật liệu xây dựng",
        "Vật liệu xây dựng",
        "23",
        "HOP-QUY ISO-9001 TCCS ISO-50001 5S",
    ),
    _industry(
        "Điện tử",
        "Sản xuất linh kiện điện tử",
        "Linh kiện điện tử",
        "26",
        "ISO-9001 QCC LSS SPC IATF-16949 SMART",
    ),
    _industry("Dược liệu", "Chế biến dược liệu", "Dược liệu", "21", "GMP ISO-9001 TCCS TRACEABILITY"),
    Trade(
        "Nông sản",
        "Trồng trọt, sơ chế nông sản",
        ("A", "A"),
        "agri_industry",
        ("VIETGAP", "TRACEABILITY", "BARCODE", "ORGANIC", "HACCP", "5S"),
        "Nông sản",
        "01",
    ),
    Trade(
        "Vận tải",
        "Vận tải, kho bãi",
        ("H", "H"),
        "trade_services",
        ("ISO-9001", "KPI", "ISO-45001", "5S"),
    ),
    Trade(
        "Thương mại",
        "Bán buôn, bán lẻ hàng tiêu dùng",
        ("G", "G"),
        "trade_services",
        ("5S", "KPI", "BARCODE", "DIGITAL"),
    ),
    Trade(
        "Phần mềm",
        "Lập trình máy tính",
        ("J", "K"),
        "trade_services",
        ("ISO-27001", "DIGITAL", "KPI", "ISO-9001"),
    ),
)


@dataclass(frozen=True, slots=True)
class Bracket:
    """A size class of Decree 80/2021/NĐ-CP: ranges well inside its limits, money in đồng."""

    size: str
    share: float
    workers: tuple[int, int]
    revenue: tuple[int, int]
    capital: tuple[int, int]


def _bracket(
    size: str, share: float, workers: tuple[int, int], revenue: tuple[int, int], capital: tuple[int, int]
) -> Bracket:
    money = tuple((low * BILLION, high * BILLION) for low, high in (revenue, capital))
    return Bracket(size, share, workers, money[0], money[1])


BRACKETS = {
    "agri_industry": (
        _bracket("micro", 0.22, (4, 9), (1, 2), (1, 2)),
        _bracket("small", 0.50, (15, 92), (5, 46), (4, 18)),
        _bracket("medium", 0.21, (110, 188), (60, 185), (25, 92)),
        _bracket("large", 0.07, (215, 850), (220, 1400), (115, 850)),
    ),
    "trade_services": (
        _bracket("micro", 0.30, (3, 9), (1, 9), (1, 2)),
        _bracket("small", 0.48, (13, 46), (12, 92), (5, 45)),
        _bracket("medium", 0.17, (54, 95), (110, 280), (55, 95)),
        _bracket("large", 0.05, (108, 380), (320, 1100), (120, 650)),
    ),
}
