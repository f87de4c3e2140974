"""What people call the codes along which figures are cut."""

from collections.abc import Iterable, Mapping

from xltrack.forms import Schemas
from xltrack.language import Text

OTHER_WORDS = {
    "unknown": Text("Không rõ", "Not stated"),
    "none": Text("Không gắn với áp dụng", "Not of an application"),
}
TITLES: Mapping[str, Text] = {
    "programme": Text("Chương trình", "Programme"),
    "tool": Text("Công cụ, hệ thống", "Tool or system"),
    "task_group": Text("Nhóm nhiệm vụ, giải pháp", "Group of tasks"),
    "status": Text("Trạng thái", "Status"),
    "legal_form": Text("Loại hình", "Legal form"),
    "size": Text("Quy mô", "Size"),
    "size_sector": Text("Khu vực", "Sector group"),
    "sector": Text("Ngành", "Section"),
    "source": Text("Nguồn", "Source"),
    "funding_kind": Text("Loại số kinh phí", "Kind of funding"),
    "spending_item": Text("Nội dung chi", "Spending item"),
    "subject_kind": Text("Đối tượng", "Subject"),
    "training_kind": Text("Hình thức đào tạo", "Kind of training"),
    "task_kind": Text("Loại nhiệm vụ", "Kind of task"),
    "level": Text("Cấp", "Level"),
    "category": Text("Nhóm vướng mắc", "Kind of obstacle"),
}
"""What people call each dimension."""
LISTS = {
    "programme": "programmes", "tool": "tools", "task_group": "task_groups", "status": "application_statuses",
    "legal_form": "legal_forms", "size": "sizes", "size_sector": "size_sectors", "source": "funding_sources",
    "funding_kind": "funding_kinds", "spending_item": "spending_items", "subject_kind": "subject_kinds",
    "training_kind": "training_kinds", "task_kind": "task_kinds", "category": "obstacle_categories",
}  # fmt: skip
"""The code list of each dimension; those of `status` and `level` depend on the measure."""
_OF_MEASURE: Mapping[tuple[str, str], str] = {
    ("tasks", "status"): "task_statuses",
    ("tasks", "level"): "task_levels",
    ("obstacles", "status"): "obstacle_statuses",
    ("obstacles", "level"): "deciding_levels",
    ("key_products", "level"): "product_levels",
}


def list_of(measure: str, dimension: str) -> str | None:
    """Return the id of the code list of `dimension` where it cuts `measure`, None where it has none of its own."""
    return _OF_MEASURE.get((measure, dimension), LISTS.get(dimension))


def label(schemas: Schemas, measure: str, dimension: str, code: str) -> Text:
    """Return what people call `code`, the code itself where no list has it."""
    if code in OTHER_WORDS:
        return OTHER_WORDS[code]
    if dimension == "sector":
        return _sector(schemas, code)
    name = list_of(measure, dimension)
    entry = schemas.code_lists[name].by_code.get(code) if name else None
    return entry.label if entry else Text(code, code)


def cut(schemas: Schemas, measure: str, dimension: str, codes: Iterable[str]) -> Text:
    """Return a dimension and the labels of `codes`: "Quy mô: Nhỏ; Vừa"; the code too where its list shows it."""
    names = [_shown(schemas, measure, dimension, code) for code in codes]
    title = TITLES[dimension]
    return Text(
        f"{title.vi}: {'; '.join(name.vi for name in names)}",
        f"{title.en}: {'; '.join(name.en for name in names)}",
    )


def _shown(schemas: Schemas, measure: str, dimension: str, code: str) -> Text:
    named, own = label(schemas, measure, dimension, code), list_of(measure, dimension)
    known = schemas.code_lists[own] if own else None
    if known and known.display == "code_label" and code in known.by_code:
        return Text(f"{named.vi} ({code})", f"{named.en} ({code})")
    return named


def _sector(schemas: Schemas, code: str) -> Text:
    version, _, section = code.partition("-")
    for entry in schemas.code_lists["vsic"].codes:
        if (entry.parent, entry.code) == (version, section):
            return Text(*(f"{section} – {name} (VSIC {version})" for name in entry.label))
    return Text(code, code)
