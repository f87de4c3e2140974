"""What a worker of the sandbox does to answer the sender of one workbook: it marks a copy."""

from collections.abc import Callable

from xltrack.excel.annotate import NotAnnotated, annotate
from xltrack.excel.answer import Answer
from xltrack.intake.sandbox import Parcel
from xltrack.stages import stage

Request = tuple[bytes, Answer]


def annotator() -> Callable[[Request], Parcel]:
    """Return the function that marks one workbook: its only blob is the return, or its text says why there is none."""

    def mark(request: Request) -> Parcel:
        content, answer = request
        try:
            with stage("mark"):
                return Parcel(b"", (annotate(content, answer),))
        except NotAnnotated as failure:
            return Parcel(str(failure).encode("utf-8", "backslashreplace"))

    return mark
