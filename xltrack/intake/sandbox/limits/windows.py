"""Limits of a worker on Windows: a job object around the process, through kernel32 alone."""

import ctypes
from typing import Any

from xltrack.intake.sandbox.limits import Limits, Over

_EXTENDED_LIMITS = 9
_PROCESS_MEMORY, _JOB_TIME, _ACTIVE_PROCESS = 0x100, 0x4, 0x8
_DIE_ON_UNHANDLED_EXCEPTION, _KILL_ON_JOB_CLOSE = 0x400, 0x2000
_TICKS_PER_SECOND = 10_000_000
_NOT_ENOUGH_QUOTA = 1816
"""The exit code of a process that used up its job's time."""


# Sizes are written out, so that the layout is the same wherever it is looked at.
class BasicLimits(ctypes.Structure):
    """JOBOBJECT_BASIC_LIMIT_INFORMATION."""

    _fields_ = (
        ("PerProcessUserTimeLimit", ctypes.c_int64),
        ("PerJobUserTimeLimit", ctypes.c_int64),
        ("LimitFlags", ctypes.c_uint32),
        ("MinimumWorkingSetSize", ctypes.c_size_t),
        ("MaximumWorkingSetSize", ctypes.c_size_t),
        ("ActiveProcessLimit", ctypes.c_uint32),
        ("Affinity", ctypes.c_size_t),
        ("PriorityClass", ctypes.c_uint32),
        ("SchedulingClass", ctypes.c_uint32),
    )


class ExtendedLimits(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION."""

    _fields_ = (
        ("Basic", BasicLimits),
        ("IoInfo", ctypes.c_uint64 * 6),
        ("ProcessMemoryLimit", ctypes.c_size_t),
        ("JobMemoryLimit", ctypes.c_size_t),
        ("PeakProcessMemoryUsed", ctypes.c_size_t),
        ("PeakJobMemoryUsed", ctypes.c_size_t),
    )


class WindowsFence:
    """Puts this process into a job object of its own.

    The job limits committed memory and processor time, forbids further processes, and ends what is in it when its last
    handle closes, which is when this process ends. Jobs nest (Windows 8 and later), so the job in which the launcher of
    a virtual environment puts Python does no harm; a job that also restricted the desktop would not nest.
    """

    def __init__(self, kernel32: Any = None) -> None:
        """Speak to `kernel32`, by default that of the system."""
        self._kernel32 = kernel32 or _kernel32()
        self._job: int | None = None
        self._limits = ExtendedLimits()

    def close(self, limits: Limits) -> None:
        """Limit memory and forbid further processes."""
        self._job = self._kernel32.CreateJobObjectW(None, None)
        _require(self._job)
        self._limits.Basic.LimitFlags = (
            _PROCESS_MEMORY | _ACTIVE_PROCESS | _DIE_ON_UNHANDLED_EXCEPTION | _KILL_ON_JOB_CLOSE
        )
        self._limits.Basic.ActiveProcessLimit = 1
        self._limits.ProcessMemoryLimit = limits.memory
        self._set()
        _require(self._kernel32.AssignProcessToJobObject(self._job, self._kernel32.GetCurrentProcess()))

    def grant(self, seconds: float) -> None:
        """Set the job's limit of time, to which the system adds what has been used already."""
        self._limits.Basic.LimitFlags |= _JOB_TIME
        self._limits.Basic.PerJobUserTimeLimit = round(seconds * _TICKS_PER_SECOND)
        self._set()

    def peak(self) -> int:
        """Return the most memory in bytes that this process has committed so far."""
        found = ExtendedLimits()
        size = ctypes.sizeof(found)
        ask = self._kernel32.QueryInformationJobObject
        _require(ask(self._job, _EXTENDED_LIMITS, ctypes.byref(found), size, None))
        return int(found.PeakProcessMemoryUsed)

    def went_over(self, returncode: int) -> Over | None:
        """Return "slow" if a process that ended with `returncode` used up its time, else None."""
        return "slow" if returncode == _NOT_ENOUGH_QUOTA else None

    def _set(self) -> None:
        limits = self._limits
        change = self._kernel32.SetInformationJobObject
        _require(change(self._job, _EXTENDED_LIMITS, ctypes.byref(limits), ctypes.sizeof(limits)))


def _require(answer: Any) -> None:
    if not answer:
        raise OSError("the job object was refused")


def _kernel32() -> Any:
    """Return kernel32 with the types of what is called, for a handle is wider than an int."""
    library: Any = getattr(ctypes, "WinDLL")("kernel32")  # noqa: B009  # on Windows alone
    handle, pointer, number, truth = ctypes.c_void_p, ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int
    for name, result, arguments in (
        ("CreateJobObjectW", handle, [pointer, ctypes.c_wchar_p]),
        ("GetCurrentProcess", handle, []),
        ("AssignProcessToJobObject", truth, [handle, handle]),
        ("SetInformationJobObject", truth, [handle, ctypes.c_int, pointer, number]),
        ("QueryInformationJobObject", truth, [handle, ctypes.c_int, pointer, number, pointer]),
    ):
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library
