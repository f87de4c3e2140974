"""Run one headless LibreOffice and answer requests about workbooks, one line of JSON each.

This script is started by ``office.py`` under a Python that has ``uno`` (the test environment has not), as
``python office_uno.py SOFFICE PROFILE LOCALE``. A request is ``{"do": NAME, ...arguments}`` on standard input;
the answer on standard output is ``{"ok": RESULT}`` or ``{"error": KIND, "message": TEXT, "cells": [ADDRESS]}``.
LibreOffice lives exactly as long as standard input stays open.
"""

# LibreOffice's own Python on Windows and macOS may be as old as 3.8.
from __future__ import annotations

import importlib
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
import time
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from tests import office_sheets as sheets
    from tests import office_steps as steps
    from tests import office_views as views
else:  # run as a script, this file's directory is on the path
    import office_sheets as sheets
    import office_steps as steps
    import office_views as views

uno: Any = importlib.import_module("uno")
UnoException: Any = uno.getClass("com.sun.star.uno.Exception")
NotListening: Any = uno.getClass("com.sun.star.connection.NoConnectException")
Gone: Any = uno.getClass("com.sun.star.lang.DisposedException")

START_SECONDS = 60
STOP_SECONDS = 10
LOAD = {"Hidden": True, "MacroExecutionMode": 0, "UpdateDocMode": 0}
"""No window, no macro, no update of links: nothing that could ask a question."""
HELD: dict[str, Any] = {}
"""Workbooks that are open between one step and the next, by their paths."""
CSV_OPTIONS = "44,34,76,1,,0,false,true,false,false,false,{sheet}"
"""Comma, double quote, UTF-8, from row 1, cells as shown, the number of the sheet counted from 1."""
PROFILE_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse">\
<value>{locale}</value></prop></item>
</oor:items>
"""


def main(soffice: str, profile: Path, locale: str) -> None:
    """Start LibreOffice, say ``{"ok": "ready"}``, answer requests until standard input ends, stop LibreOffice."""
    requests: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    threading.Thread(target=_read_requests, args=(requests,), daemon=True).start()
    write_settings(profile, locale)
    pipe = f"xltrack{uuid.uuid4().hex}"
    process = start(soffice, profile, pipe)
    try:
        desktop = connect(process, pipe)
        _say({"ok": "ready"})
        for line in iter(requests.get, None):
            _say(answer(desktop, json.loads(line)))
        desktop.terminate()
    finally:
        stop(process)
    shutil.rmtree(profile, ignore_errors=True)


def write_settings(profile: Path, locale: str) -> None:
    """Make the throw-away profile, whose locale decides how typed numbers and dates are read."""
    user = profile / "user"
    user.mkdir(parents=True, exist_ok=True)
    (user / "registrymodifications.xcu").write_text(PROFILE_SETTINGS.format(locale=locale), encoding="utf-8")


def start(soffice: str, profile: Path, pipe: str) -> subprocess.Popen[bytes]:
    """Start soffice without windows, listening on the named pipe; what it prints goes to standard error."""
    command = [soffice, "--headless", "--norestore", "--nologo", "--nodefault", "--nofirststartwizard"]
    command += [
        "--nolockcheck",
        f"--accept=pipe,name={pipe};urp;",
        f"-env:UserInstallation={profile.as_uri()}",
    ]
    environment = dict(os.environ)
    if sys.platform.startswith("linux"):
        environment["SAL_USE_VCLPLUGIN"] = "svp"
    return subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=sys.stderr.buffer, stderr=sys.stderr.buffer, env=environment
    )


def connect(process: subprocess.Popen[bytes], pipe: str) -> Any:
    """The desktop of the LibreOffice just started. Raises RuntimeError if it ends or stays silent."""
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"soffice ended at once with exit code {process.returncode}")
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NotListening:
            time.sleep(0.1)
        else:
            return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
    raise RuntimeError(f"soffice did not answer within {START_SECONDS} s")


def stop(process: subprocess.Popen[bytes]) -> None:
    """Wait for soffice to end; end it, and whatever it started, if it does not."""
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        kill_everything()


def kill_everything() -> NoReturn:
    """End this process and all it started: soffice runs behind one or two launchers, so its id is not enough."""
    if sys.platform == "win32":
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(os.getpid())], check=False)
    elif os.getpgrp() == os.getpid():
        os.killpg(os.getpgrp(), signal.SIGKILL)
    os._exit(1)


def answer(desktop: Any, request: dict[str, Any]) -> dict[str, Any]:
    """The reply to one request. A failure is an error reply, so that the next request can still be asked."""
    name = request.pop("do")
    path = request.pop("path")
    try:
        if name == "step":
            return {"ok": step(desktop, path, **request)}
        document = open_workbook(desktop, path)
        try:
            return {"ok": OPERATIONS[name](document, **request)}
        finally:
            document.close(True)
    except sheets.Refused as refusal:
        return {"error": "refused", "message": f"{path}: {refusal}", "cells": refusal.cells}
    except Gone:
        raise
    except (UnoException, LookupError, OSError, ValueError) as error:
        return {"error": "failed", "message": f"{name} {path}: {type(error).__name__}: {error}", "cells": []}


def step(desktop: Any, path: str, step: str, **arguments: Any) -> Any:
    """Do one step in the workbook, which stays open until the step "leave"; "save" puts a copy at `out`."""
    document = HELD.setdefault(path, None) or open_workbook(desktop, path)
    HELD[path] = document
    if step == "leave":
        HELD.pop(path).close(True)
        return None
    if step == "save":
        return store(document, arguments["out"], "Calc MS Excel 2007 XML", {})
    return steps.STEPS[step](document, **arguments)


def open_workbook(desktop: Any, path: str) -> Any:
    """The spreadsheet document at `path`, without window. Raises ValueError if it is not one LibreOffice can open."""
    document = desktop.loadComponentFromURL(uno.systemPathToFileUrl(path), "_blank", 0, _properties(LOAD))
    if document is None:
        raise ValueError("LibreOffice could not open the file (damaged, or protected by a password)")
    if not document.supportsService("com.sun.star.sheet.SpreadsheetDocument"):
        document.close(True)
        raise ValueError("LibreOffice does not see a workbook in the file")
    return document


def store(document: Any, out: str, filter_name: str, options: dict[str, Any]) -> None:
    """Write a copy of the document to `out` through the export filter of that name."""
    settings = dict(options, FilterName=filter_name, Overwrite=True)
    document.storeToURL(uno.systemPathToFileUrl(out), _properties(settings))


def fill(document: Any, entries: sheets.Entries, out: str, filter_name: str, obey: bool) -> None:
    """Type `entries` and save to `out`; with `obey`, nothing stays in `out` that a validation would have stopped."""
    sheets.type_in(document, entries)
    store(document, out, filter_name, {})
    stopped = sheets.stopped_entries(document, entries) if obey else []
    if stopped:
        Path(out).unlink()
        raise sheets.Refused("the validation of the cell does not allow what was typed", stopped)


def save_as(document: Any, out: str, filter_name: str) -> None:
    """Write the workbook to `out` in another format."""
    store(document, out, filter_name, {})


def save_csv(document: Any, out: str, tab: str) -> None:
    """Write what one sheet shows to `out`: UTF-8, comma, quotes where needed."""
    number = sheets.sheet_of(document, tab).RangeAddress.Sheet + 1
    options = {"FilterOptions": CSV_OPTIONS.format(sheet=number)}
    store(document, out, "Text - txt - csv (StarCalc)", options)
    # LibreOffice puts the name of the sheet into the name of the file.
    Path(out).with_name(f"{Path(out).stem}-{tab}.csv").replace(out)


def print_sheet(document: Any, tab: str, out: str) -> None:
    """Print one visible sheet to the PDF `out`."""
    sheets.show_only(document, tab)
    store(document, out, "calc_pdf_Export", {})


OPERATIONS: dict[str, Any] = {
    "fill": fill,
    "inspect": views.inspect,
    "cells": views.cells,
    "choices": sheets.choices,
    "invalid_cells": sheets.invalid_cells,
    "pivots": views.pivots,
    "print_sheet": print_sheet,
    "save_as": save_as,
    "save_csv": save_csv,
}


def _properties(values: dict[str, Any]) -> Any:
    return tuple(_property(name, value) for name, value in values.items())


def _property(name: str, value: Any) -> Any:
    made = uno.createUnoStruct("com.sun.star.beans.PropertyValue")
    made.Name, made.Value = name, value
    return made


def _read_requests(requests: queue.SimpleQueue[str | None]) -> None:
    """Queue what is asked. When the asker has gone, allow a tidy end, then end even a LibreOffice that hangs."""
    for line in sys.stdin:
        requests.put(line)
    requests.put(None)
    time.sleep(2 * STOP_SECONDS)
    kill_everything()


def _say(reply: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(reply) + "\n")
    sys.stdout.flush()


def _arguments() -> list[str]:
    if len(sys.argv) != 4:
        raise SystemExit("usage: office_uno.py SOFFICE PROFILE LOCALE")
    return sys.argv[1:]


if __name__ == "__main__":
    _soffice, _profile, _locale = _arguments()
    main(_soffice, Path(_profile), _locale)
