"""A worker for messages that dies, hangs or lies where a message says so."""

import os
import time
from dataclasses import replace

from xltrack.intake.sandbox import Parcel, pack
from xltrack.mail.opening import MESSAGE_BYTES, Opened, Raw, look_into


def opener():
    return answer


def answer(raw: Raw) -> Parcel:
    # Asked for the headers alone it does as it should.
    if raw.size <= MESSAGE_BYTES:
        _act(raw.content)
    opened = look_into(raw)
    if b"Subject: lies" in raw.content:
        opened = replace(opened, contents=tuple(content + b"!" for content in opened.contents))
    return pack(opened, Opened)


def _act(content: bytes) -> None:
    if b"Subject: dies" in content:
        os._exit(1)
    if b"Subject: raises" in content:
        raise RuntimeError("không đọc được")
    if b"Subject: hangs" in content:
        time.sleep(60)
