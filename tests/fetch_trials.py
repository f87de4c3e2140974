"""Fetches a small mailbox in processes that are killed at every step, and says what was left; a program.

`python -m tests.fetch_trials PORT FOLDER FIRST LAST` prints a line of JSON for each trial: what the inbox holds
after the run was repeated. The sandbox and the checks are left out: a trial is what lies between them, files and the
server.
"""

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from tests.letters import SERVER, sender_list
from xltrack.files import replace_file
from xltrack.mail import Inbox, Look
from xltrack.mail import inbox as inbox_module
from xltrack.mail.inbox import Settings
from xltrack.mail.opening import Opened, Raw, look_into
from xltrack.mail.server import Server
from xltrack.mail.sources import Incoming
from xltrack.pipeline import Wanted, fetching, inbox_standings

WANTED = Wanted(settings=Settings(verified_by=SERVER))


def main() -> None:
    """Run the trials, each with the mailbox `kill-N` of the server."""
    port, folder, first, last = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    patch.multiple(fetching, run_all=_opened, _look=no_look).start()
    for number in range(first, last):
        address = f"imap://kill-{number}@127.0.0.1:{port}/INBOX"
        killed = _in_a_child(partial(_killed_at, number, address, folder / str(number)))
        found = _fetch(address, folder / str(number))
        states = sorted((one.message.letter.message_id, one.state) for one in found)
        sys.stdout.write(json.dumps({"killed": killed, "states": states}) + "\n")
        sys.stdout.flush()


def _fetch(address: str, folder: Path) -> Any:
    box = Inbox(folder).make()
    box.senders.write_text(sender_list(), encoding="utf-8")
    fetching.fetch(address, folder, wanted=WANTED)
    return inbox_standings(folder)


def _opened(_order: object, _handle: object, items: Sequence[Incoming]) -> Iterator[Opened]:
    return (look_into(Raw(one.content, one.size, one.name)) for one in items)


def no_look(box: Inbox, _schemas: object, _watch: object) -> None:
    """Record of every workbook that nothing is known of it."""
    for workbook in {one.sha256 for message in box.messages() for one in message.letter.workbooks}:
        if box.look(workbook) is None:
            box.keep_look(workbook, Look(None, None))


def _in_a_child(work: Callable[[], None]) -> bool:
    """Return whether a process that does `work` was killed."""
    child = os.fork()
    if child == 0:
        work()
        os._exit(0)
    return os.waitpid(child, 0)[1] == signal.SIGKILL


def _killed_at(step: int, address: str, folder: Path) -> None:
    left = iter(range(step, -1, -1))

    def counted(do: Callable[..., Any]) -> Callable[..., Any]:
        def done(*given: Any) -> Any:
            _die_at(left)
            result = do(*given)
            _die_at(left)
            return result

        return done

    write = counted(_half_first(replace_file, left))
    patch.object(inbox_module, "replace_file", write).start()
    patch.multiple(Server, read=counted(Server.read), move=counted(Server.move)).start()
    _fetch(address, folder)


def _half_first(write: Callable[..., None], left: Any) -> Callable[..., None]:
    def half_first(path: Path, content: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_name(f".half{path.suffix}")
        half.write_bytes(content[: len(content) // 2])
        _die_at(left)
        half.unlink()
        write(path, content)

    return half_first


def _die_at(left: Any) -> None:
    if next(left, None) == 0:
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main()
