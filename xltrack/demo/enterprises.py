"""Fills the sheets of enterprises and key products."""

from collections import Counter
from collections.abc import Sequence

from xltrack.demo.names import decision, enterprise_name
from xltrack.demo.occasion import Occasion, Row, chance
from xltrack.demo.programme import Enterprise, Support
from xltrack.demo.trades import MILLION, TRADES, Trade
from xltrack.forms import Unit

_NEEDS = (
    "Áp dụng hệ thống quản lý, công cụ cải tiến; đào tạo nhân lực",
    "Chứng nhận phù hợp tiêu chuẩn; truy xuất nguồn gốc",
    "Hỗ trợ chuyển đổi số, đo lường năng suất",
)


def enterprise_rows(occasion: Occasion, supports: Sequence[Support]) -> list[Row]:
    """Return one row per enterprise in the return."""
    return [_enterprise(occasion, support) for support in supports]


def product_rows(occasion: Occasion, supports: Sequence[Support]) -> list[Row]:
    """Return the key products of the unit's provinces, with the number of enterprises chosen for each."""
    chosen = Counter(_product_of(support) for support in supports)
    return [
        _product(occasion, part, index, trade, chosen[_product_id(part.code, index)])
        for part in occasion.parts
        for index, trade in enumerate(_trades_of(part.code), start=1)
    ]


def _enterprise(occasion: Occasion, support: Support) -> Row:
    enterprise = support.enterprise
    draw = chance("enterprise", enterprise.number)
    row: Row = {
        "tax_code": support.tax_code,
        "enterprise_name": _name(support),
        "legal_form": enterprise.legal_form,
        **_place(occasion, support),
        "vsic_version": "2025" if occasion.year >= 2025 else "2018",
        "vsic_code": enterprise.trade.sections[occasion.year >= 2025],
        "main_activity": enterprise.trade.activity,
        **_size(enterprise, occasion.year),
        "women_led": draw.random() < 0.28,
        "value_chain": draw.random() < 0.45,
        "exporter": draw.random() < 0.22,
        "first_supported_year": enterprise.first_year,
    }
    product = _product_of(support)
    return row | ({"product_id": product} if product else {})


def _name(support: Support) -> str:
    name = enterprise_name(support.enterprise)
    return f"Chi nhánh {name}" if "-" in support.tax_code else name


def _place(occasion: Occasion, support: Support) -> Row:
    """Return where the enterprise is; after the mergers with the former province, which a few leave blank."""
    draw = chance("place", support.enterprise.number)
    place: Row = {"province_code": occasion.unit.code}
    forgotten = occasion.merged and draw.random() < 0.03
    if occasion.unit.scheme == "34" and not forgotten:
        place["former_province_code"] = support.unit
    place["commune"] = f"{draw.choice(('Xã', 'Phường'))} Ví Dụ {draw.randint(1, 40)}"
    place["address"] = f"Lô {draw.choice('ABCDE')}{draw.randint(1, 30)}, Cụm công nghiệp Dựng Thử"
    return place


def _size(enterprise: Enterprise, year: int) -> Row:
    draw, yearly = chance("size", enterprise.number), chance("size", enterprise.number, year)
    bracket = enterprise.bracket
    workers = draw.randint(*bracket.workers)
    revenue = draw.randint(*bracket.revenue) * yearly.uniform(0.95, 1.05)
    capital = draw.randint(*bracket.capital) * yearly.uniform(0.97, 1.03)
    declared = "medium" if bracket.size == "large" and draw.random() < 0.2 else bracket.size
    return {
        "size_sector": enterprise.trade.size_sector,
        "size_year": year - 1,
        "insured_workers": workers,
        "women_workers": round(workers * draw.uniform(0.2, 0.7)),
        "revenue": round(revenue / MILLION) * MILLION,
        "total_capital": round(capital / MILLION) * MILLION,
        "declared_size": declared,
    }


def _trades_of(province: str) -> list[Trade]:
    with_product = [trade for trade in TRADES if trade.product]
    return chance("products", province).sample(with_product, 3)


def _product_id(province: str, index: int) -> str:
    return f"SP{province[-2:]}-{index:02}"


def _product_of(support: Support) -> str:
    """Return the key product that the enterprise makes, "" if none of its province's is of its trade."""
    trades = _trades_of(support.unit)
    trade = support.enterprise.trade
    return _product_id(support.unit, trades.index(trade) + 1) if trade in trades else ""


def _product(occasion: Occasion, part: Unit, index: int, trade: Trade, chosen: int) -> Row:
    draw = chance("product", part.code, index)
    return {
        "product_id": _product_id(part.code, index),
        "product_name": f"{trade.product} {part.name.vi} (dựng thử)",
        "vsic_code": trade.division,
        "product_level": draw.choice(("province", "province", "sector", "national")),
        "decided_by": decision(draw.randint(100, 2500), 2021),
        "enterprises_total": 40 + draw.randint(0, 160) + occasion.year - 2021,
        "enterprises_selected": chosen,
        "productivity_status": f"Tỷ lệ sản phẩm lỗi khoảng {draw.randint(3, 9)}%, năng suất ở mức trung bình của ngành",
        "support_needs": draw.choice(_NEEDS),
    }
