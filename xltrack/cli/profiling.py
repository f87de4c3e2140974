"""`--profile`: says on stderr where the time of a command went."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import click

from xltrack.cli.wording import say
from xltrack.stages import Profile, Spent, Stage, profiled

WORDS: Mapping[Stage, tuple[str, str]] = {
    "start": ("Khởi động các tiến trình", "Starting processes"),
    "receive": ("Lấy tệp", "Taking files"),
    "keep": ("Giữ và tìm lại kết quả đọc", "Keeping, finding what was read"),
    "gate": ("Soát an toàn tệp", "The gate"),
    "values": ("Đọc các ô", "Reading cells"),
    "typing": ("Nhận ra tiêu đề, hiểu giá trị", "Headings, typed values"),
    "constraints": ("Đối chiếu lược đồ, khóa, danh mục", "Schema, keys, code lists"),
    "rules": ("Quy tắc", "Rules"),
    "mark": ("Đánh dấu sổ tính trả lại", "Marking workbooks"),
    "hand_over": ("Gửi kết quả đọc", "Handing over what was read"),
    "wait": ("Chờ tiến trình đọc", "Waiting for workers"),
    "take_over": ("Nhận kết quả đọc", "Taking over what was read"),
    "compare": ("So các tệp với nhau", "Comparing files"),
    "answers": ("Ghi câu trả lời", "Writing answers"),
    "open_store": ("Mở kho dữ liệu", "Opening the store"),
    "store": ("Ghi vào kho dữ liệu", "Storing"),
    "settle": ("Định bản được tính, so các kỳ", "What counts, and history"),
    "fetch": ("Lấy thư", "Fetching mail"),
    "reply": ("Soạn thư trả lời", "Writing replies"),
    "status": ("Tình trạng nộp báo cáo", "Who has reported"),
    "figures": ("Tính số liệu và đối chiếu", "Figures, reconciled"),
    "rows": ("Lấy các dòng", "Gathering rows"),
    "workbook": ("Ghi sổ tính, tệp kết quả", "Writing the result"),
    "refresh": ("Cập nhật sổ tính", "Refreshing workbooks"),
    "tell": ("In kết quả", "Telling results"),
    "rest": ("Việc khác", "Everything else"),
}
_WIDTH = 36

profile_option = click.option(
    "--profile",
    is_flag=True,
    help=say(
        "In ra stderr từng công đoạn mất bao nhiêu thời gian, bộ nhớ.",
        "Say on stderr what each stage took, and how much memory.",
    ),
)


@contextmanager
def profiling(*, wanted: bool) -> Iterator[None]:
    """Say, if `wanted`, what is done within this takes; also when it ends with an exit code or fails."""
    if not wanted:
        yield
        return
    begun, started = time.perf_counter(), time.process_time()
    profile = Profile()
    try:
        with profiled(profile):
            yield
    finally:
        profile.enter("start", Spent(1, 0.0, started))
        _tell(profile, time.perf_counter() - begun)


def _tell(profile: Profile, seconds: float) -> None:
    from xltrack.intake.sandbox.limits import own_fence

    click.echo("\n".join(_lines(profile, seconds, own_fence().peak())), err=True)


def _lines(profile: Profile, seconds: float, own: int) -> Iterator[str]:
    yield _line(
        say("công đoạn", "stage"), say("lần", "times"), say("giây", "seconds"), say("giây xử lý", "CPU s")
    )
    known = [(name, profile.spent[name]) for name in WORDS if name in profile.spent]
    for name, one in known:
        yield _line(say(*WORDS[name]), f"{one.times}", f"{one.seconds:.2f}", _hundredths(one.processor))
    yield _line(say("Tổng", "Total"), "", f"{seconds:.2f}", f"{sum(one.processor for _, one in known):.2f}")
    if profile.peaks:
        yield say(
            "Nhiều tiến trình làm cùng lúc: số giây chồng lên nhau, không cộng thành tổng; giây xử lý thì cộng được.",
            "Several processes work at the same time: seconds overlap and do not add up to the total; CPU seconds do.",
        )
    counts = profile.counts
    files, rows, kept = (counts.get(name, 0) for name in ("files", "rows", "kept"))
    memory, workers = (own + sum(profile.peaks.values())) / 1e6, len(profile.peaks)
    yield say(
        f"{files} tệp, {rows} dòng; {kept} tệp đã đọc từ lần trước; {workers} tiến trình đọc; bộ nhớ nhiều nhất "
        f"{own / 1e6:.0f} MB, cả các tiến trình đọc không quá {memory:.0f} MB.",
        f"Files: {files}; rows: {rows}; files read before: {kept}; reading processes: {workers}; at most "
        f"{own / 1e6:.0f} MB of memory, with those processes not more than {memory:.0f} MB.",
    )


def _hundredths(seconds: float) -> str:
    """Return processor seconds as they are printed: clocks of threads may differ by a little, which is nothing."""
    return f"{max(seconds, 0.0):.2f}"


def _line(name: str, *numbers: str) -> str:
    return f"{name:<{_WIDTH}}" + "".join(f"{number:>12}" for number in numbers)
