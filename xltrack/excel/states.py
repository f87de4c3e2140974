"""How the state of a unit in a round is said and coloured, wherever it is shown."""

from collections.abc import Mapping

from xltrack.language import Text

STATES: Mapping[str, Text] = {
    "on_time": Text("Đúng hạn", "On time"), "late": Text("Muộn", "Late"), "received": Text("Đã nhận", "Received"),
    "incomplete": Text("Một phần", "In part"), "held": Text("Chờ quyết định", "Held"),
    "rejected": Text("Bị từ chối", "Rejected"), "missing": Text("Chưa báo cáo", "Not reported"),
}  # fmt: skip
STATE_COLOURS: Mapping[str, str] = {
    "missing": "#9C0006",
    "rejected": "#9C0006",
    "late": "#7A4B00",
    "held": "#7A4B00",
    "incomplete": "#7A4B00",
}
