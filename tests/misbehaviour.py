"""What a worker of the sandbox may do to itself, asked for by name: the function of every test of the sandbox."""

import ctypes
import io
import json
import os
import pickle
import signal
import sys
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

from xltrack.findings import Finding
from xltrack.forms import load_schemas
from xltrack.intake.sandbox import Parcel

MEGABYTE = 2**20


def worker():
    """Return the function: an item is the name of what to do and its arguments; the answer tells what came of it."""
    return behave


def failing(words="no such thing"):
    """Fail to start."""
    raise RuntimeError(words)


def dying():
    """Die before the limits hold."""
    os.abort()


def behave(item):
    name, *arguments = item
    found = ACTS[name](*arguments)  # type: ignore[operator]  # acts take what they take
    USED.append(name)
    return found if isinstance(found, Parcel) else Parcel(json.dumps(found).encode())


def echo(value):
    return value


def loop():
    while True:
        pass


def burn(seconds):
    """Use processor time."""
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass
    return seconds


def sleep(seconds):
    time.sleep(seconds)
    return seconds


def allocate():
    kept = []
    while True:
        kept.append(bytearray(16 * MEGABYTE))


def allocate_and_let_go(megabytes):
    return len(bytearray(megabytes * MEGABYTE)) // MEGABYTE


def allocate_natively():
    """Ask as a library does that ends the process when it is refused."""
    sys.stderr.write("memory allocation of 17179869184 bytes failed\n")
    sys.stderr.flush()
    os.abort()


def raise_error(words):
    raise ValueError(words)


def recurse():
    return recurse()


def leave():
    sys.exit(3)


def interrupt():
    raise KeyboardInterrupt


def segfault():
    ctypes.string_at(0)


def print_much(megabytes):
    for _ in range(megabytes):
        os.write(1, b"x" * MEGABYTE)
        sys.stdout.write("y" * MEGABYTE)
    return megabytes


def answer_much(megabytes):
    return Parcel(b"0", (bytes(megabytes * MEGABYTE),))


def read_input():
    return sys.stdin.read()


def write_file(path):
    try:
        Path(path).write_bytes(b"x")
    except OSError as failure:
        return type(failure).__name__
    return "written"


def open_files():
    kept = []
    try:
        while True:
            kept.append(open(os.devnull, "rb"))  # noqa: PTH123, SIM115
    except OSError:
        return len(kept)


def environment():
    return " ".join(sorted(os.environ))


def leave_one_behind(seconds):
    """End, but leave a process that holds every pipe open and that no group is told of."""
    if os.fork() == 0:
        os.setsid()
        time.sleep(seconds)
        os._exit(0)
    os._exit(1)


USED: list[str] = []


def die_if_used():
    """Die unless this is the first thing that the worker is asked, then say so."""
    if USED:
        os.abort()
    return "lived"


def once(path, act, *arguments):
    """Do something the first time that it is asked for, of whatever worker, and nothing after that."""
    if Path(path).exists():
        return "lived"
    Path(path).touch()
    return ACTS[act](*arguments)  # type: ignore[operator]  # acts take what they take


class Malice:
    """A pickle of this calls what it likes in whoever opens it."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return Path.touch, (Path(self.path),)


def send_pickle(path):
    return Parcel(pickle.dumps(Malice(path)))


def send_bytes(content):
    """Answer with what is no message at all, past the code that makes messages."""
    for number in range(3, 10):
        try:
            os.write(number, content)
        except OSError:
            continue
    os._exit(0)


def start_another(path):
    """Start a process that would outlive this one, and hang."""
    import subprocess

    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"])
    Path(path).touch()
    time.sleep(300)
    return child.pid


ACTS = {
    "echo": echo,
    "loop": loop,
    "burn": burn,
    "sleep": sleep,
    "allocate": allocate,
    "allocate_and_let_go": allocate_and_let_go,
    "allocate_natively": allocate_natively,
    "raise": raise_error,
    "recurse": recurse,
    "leave": leave,
    "interrupt": interrupt,
    "abort": os.abort,
    "kill": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "segfault": segfault,
    "pid": os.getpid,
    "print": print_much,
    "answer": answer_much,
    "read_input": read_input,
    "write_file": write_file,
    "open_files": open_files,
    "environment": environment,
    "pickle": send_pickle,
    "bytes": send_bytes,
    "start_another": start_another,
    "die_if_used": die_if_used,
    "once": once,
    "leave_one_behind": leave_one_behind,
}


# ── in the place of what examines received files ─────────────────────────────────────────────────────────────────


def examiner(**keywords):
    """Return a function that does what the name of the file says, and examines all others."""
    from xltrack.checking.deadlines import Deadline
    from xltrack.intake.sandbox import pack
    from xltrack.pipeline import examining
    from xltrack.pipeline.model import Answer, Placed

    examine = examining.examiner(**keywords)

    def liar(file):
        result = examining.read(file, load_schemas()).result
        return pack(Answer(replace(result, path=Path("other.xlsx"), sha256="0" * 64)), Answer)

    def inventor(file):
        result = examining.read(file, load_schemas()).result
        return pack(Answer(replace(result, findings=(Finding("XLT999"),))), Answer)

    def prophet(file):
        result = examining.read(file, load_schemas()).result
        coming = Placed(0, Deadline(Finding("XLT999"), date(2025, 11, 29)))
        return pack(Answer(result, (coming,)), Answer)

    own = {"liar": liar, "inventor": inventor, "prophet": prophet}

    def act(asked):
        file = asked.file
        name, *arguments = file.path.stem.split(" ")
        if name in own:
            return own[name](file)
        given = [int(one) if one.isdecimal() else one for one in arguments]
        return behave((name, *given)) if name in ACTS else examine(asked)

    return act


def ungated(**_keywords):
    """Return a function that gives a file to the reader of values without the gate."""
    import python_calamine

    def read(file):
        with python_calamine.load_workbook(io.BytesIO(file.content)) as book:
            rows = [row for tab in book.sheet_names for row in book.get_sheet_by_name(tab).to_python()]
        return Parcel(json.dumps(len(rows)).encode())

    return read
