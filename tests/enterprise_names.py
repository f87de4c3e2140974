"""Invented enterprises of one province, named as enterprises are: form, trade, two or three auspicious words."""

from random import Random

FORMS = (
    "Công ty TNHH", "Công ty Cổ phần", "Công ty TNHH Một thành viên", "Công ty TNHH MTV", "CTCP",
    "Doanh nghiệp tư nhân",
)  # fmt: skip
TRADES = (
    "Thương mại", "Dịch vụ", "Sản xuất", "Xây dựng", "Đầu tư", "Xuất nhập khẩu", "Thương mại Dịch vụ", "Nhựa", "Bao bì",
    "Thương mại và Dịch vụ", "Sản xuất và Thương mại", "Đầu tư Xây dựng", "TM & DV", "SX TM DV", "Cơ khí", "May mặc",
    "Thực phẩm", "Nông sản", "Vận tải", "Tư vấn Thiết kế", "Đồ gỗ", "Công nghệ", "",
)  # fmt: skip
WORDS = (
    "Hoàng Minh Thành Phú Tân Đại An Gia Hùng Việt Nam Đức Quang Thiên Ngọc Kim Bảo Hải Trường Phương Hưng Long Sơn "
    "Thái Vạn Thịnh Phúc Tiến Toàn Nhật Anh Bình Châu Duy Đông Hà Hòa Khánh Lâm Linh Lộc Mai Nguyên Phát Quốc Tâm Tín "
    "Trung Xuân Công Đạt Lợi Phong Quân Dương Ánh Ân Cường Khang Khoa Lan Ngân Thanh Thảo Thuận Trang Trí Tùng Vinh"
).split()
ESTATES = ("Khu công nghiệp Sông Trước", "Khu công nghiệp Đồi Sau", "Cụm công nghiệp Bến Giữa")


def enterprises(count: int, seed: int = 1) -> list[dict[str, str]]:
    """Return so many enterprises as rows of the sheet, no two of one name; some say no commune or no exact address."""
    random = Random(seed)
    names: dict[str, None] = {}
    while len(names) < count:
        own = random.sample(WORDS, 2 if random.random() < 0.7 else 3)
        names[" ".join([random.choice(FORMS), random.choice(TRADES), *own])] = None
    return [_row(" ".join(name.split()), number, random) for number, name in enumerate(names)]


def _row(name: str, number: int, random: Random) -> dict[str, str]:
    street = f"Số {random.randint(1, 99)}, đường {random.choice(WORDS)} {random.choice(WORDS)}"
    commune = f"Xã {random.choice(WORDS[:10])} {random.choice(WORDS[:10])}"
    return {
        "tax_code": f"24{random.randrange(10_000):04}{number:04}",
        "enterprise_name": name,
        "province_code": "T34-24",
        "legal_form": "enterprise",
        "commune": commune if random.random() < 0.8 else "",
        "address": street if random.random() < 0.8 else random.choice(ESTATES),
    }
