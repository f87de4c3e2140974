"""Runs `process` on a mailbox, killed again and again at any moment, until a run comes to its end.

`python -m tests.killed_desk FOLDER PORT TRIALS` prints a line of JSON for each trial; the server on PORT and the
certificate named by SSL_CERT_FILE are those of the caller.
"""

import json
import os
import random
import signal
import sys
import time
import traceback
from pathlib import Path

from tests.letters import SERVER, attach, delivered, sender_list, workbook, written
from xltrack.mail import Inbox
from xltrack.mail.delivery import Sending
from xltrack.mail.inbox import Settings
from xltrack.mail.relay import Relay
from xltrack.pipeline import Desk, Mailing, Wanted, process

ME = "ban@bokhcn.example"
KILLS = 3
"""So often a trial is killed before it may come to its end."""


def messages(trial: int) -> dict[str, bytes]:
    """Return a mailbox of which every message is to be answered, by its id."""
    made = [
        attach(written("T34-01"), workbook("T34-01"), "Báo cáo.xlsx"),
        attach(written("T34-24"), workbook("T34-24")[:3_000], "hỏng.xlsx"),
        attach(written("T34-01", subject="gửi lại"), workbook("T34-01"), "Báo cáo.xlsx"),
        written("T34-24", subject="quên đính kèm"),
    ]
    return {
        f"<{trial}.{at}@so.example>": delivered(
            message, at, more=[("Message-ID", f"<{trial}.{at}@so.example>")]
        )
        for at, message in enumerate(made)
    }


def desk_at(folder: Path, port: int) -> Desk:
    """Return where the work of one trial is done."""
    mailing = Mailing(folder / "outbox", ME, sending=Sending(Relay("localhost", port), ME))
    wanted = Wanted(settings=Settings(verified_by=SERVER))
    return Desk(folder / "inbox", folder / "s.duckdb", mailing, wanted)


def trial_in(folder: Path, port: int, trial: int, longest: float, chance: random.Random) -> dict[str, object]:
    """Run one trial, and return how often it was killed and how long the last run took."""
    source = folder / "nguồn"
    source.mkdir(parents=True)
    for at, content in enumerate(messages(trial).values()):
        (source / f"{at}.eml").write_bytes(content)
    Inbox(folder / "inbox").make().senders.write_text(sender_list(), encoding="utf-8")
    killed = 0
    for _ in range(KILLS):
        child = _started(source, folder, port)
        time.sleep(chance.uniform(0, longest))
        os.kill(child, signal.SIGKILL)
        killed += os.WIFSIGNALED(os.waitpid(child, 0)[1])
    began = time.monotonic()
    _, status = os.waitpid(_started(source, folder, port), 0)
    return {"killed": killed, "exit": os.waitstatus_to_exitcode(status), "took": time.monotonic() - began}


def _started(source: Path, folder: Path, port: int) -> int:
    child = os.fork()
    if not child:
        code = 1
        try:
            process(source, desk_at(folder, port))
            code = 0
        finally:
            if code:
                traceback.print_exc()
            os._exit(code)
    return child


def main(folder: Path, port: int, trials: int) -> None:
    """Run the trials; the first tells how long a whole run takes."""
    chance = random.Random(11)  # no secret
    longest: float = 3
    for trial in range(trials):
        told = trial_in(folder / str(trial), port, trial, longest, chance)
        longest = max(longest, float(str(told["took"])))
        sys.stdout.write(f"{json.dumps(told)}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
