"""A worker holds itself to its limits, by the means that each system has."""

import ctypes
import subprocess
import sys
from pathlib import Path

import pytest

from xltrack.intake.sandbox.limits import Limits, own_fence
from xltrack.intake.sandbox.limits.windows import BasicLimits, ExtendedLimits, WindowsFence

ROOT = Path(__file__).resolve().parent.parent
LIMITS = Limits(memory=512 * 2**20)
PROCESS_MEMORY, JOB_TIME, ACTIVE_PROCESS, KILL_ON_CLOSE = 0x100, 0x4, 0x8, 0x2000


class Kernel32:
    """Records what is asked of it, as kernel32 would see it."""

    def __init__(self, refuses=""):
        self.refuses = refuses
        self.asked = []

    def CreateJobObjectW(self, *arguments):  # noqa: N802
        return self._answer("CreateJobObjectW", arguments, 0x7FFF_FFFF_0004)

    def GetCurrentProcess(self):  # noqa: N802
        return -1

    def SetInformationJobObject(self, job, kind, limits, size):  # noqa: N802
        basic = limits._obj.Basic
        seen = (
            basic.LimitFlags,
            basic.ActiveProcessLimit,
            limits._obj.ProcessMemoryLimit,
            basic.PerJobUserTimeLimit,
        )
        return self._answer("SetInformationJobObject", (job, kind, seen, size), 1)

    def AssignProcessToJobObject(self, *arguments):  # noqa: N802
        return self._answer("AssignProcessToJobObject", arguments, 1)

    def QueryInformationJobObject(self, job, kind, limits, size, returned):  # noqa: N802
        limits._obj.PeakProcessMemoryUsed = 123 * 2**20
        return self._answer("QueryInformationJobObject", (job, kind, size, returned), 1)

    def _answer(self, name, arguments, answer):
        self.asked.append((name, *arguments))
        return 0 if name == self.refuses else answer


def test_the_structure_is_laid_out_as_windows_lays_it_out():
    """Offsets and size of JOBOBJECT_EXTENDED_LIMIT_INFORMATION on 64-bit Windows."""
    basic = ExtendedLimits.Basic
    assert (basic.offset, basic.size) == (0, 64)
    offsets = {name: getattr(BasicLimits, name).offset for name, *_ in BasicLimits._fields_}
    assert offsets == {
        "PerProcessUserTimeLimit": 0, "PerJobUserTimeLimit": 8, "LimitFlags": 16, "MinimumWorkingSetSize": 24,
        "MaximumWorkingSetSize": 32, "ActiveProcessLimit": 40, "Affinity": 48, "PriorityClass": 56,
        "SchedulingClass": 60,
    }  # fmt: skip
    assert ExtendedLimits.ProcessMemoryLimit.offset == 112
    assert ExtendedLimits.PeakProcessMemoryUsed.offset == 128
    assert ctypes.sizeof(ExtendedLimits) == 144


def test_on_windows_a_worker_is_limited_before_it_is_put_into_its_job():
    kernel32 = Kernel32()
    WindowsFence(kernel32).close(LIMITS)
    assert [name for name, *_ in kernel32.asked] == [
        "CreateJobObjectW", "SetInformationJobObject", "AssignProcessToJobObject",
    ]  # fmt: skip
    _, job, kind, (flags, processes, memory, _), size = kernel32.asked[1]
    assert (job, kind, size) == (0x7FFF_FFFF_0004, 9, 144)
    assert flags & PROCESS_MEMORY
    assert flags & ACTIVE_PROCESS
    assert flags & KILL_ON_CLOSE
    assert not flags & JOB_TIME
    assert (processes, memory) == (1, 512 * 2**20)
    assert kernel32.asked[2][1:] == (0x7FFF_FFFF_0004, -1)


def test_on_windows_time_is_granted_by_the_item_and_the_other_limits_stay():
    kernel32 = Kernel32()
    fence = WindowsFence(kernel32)
    fence.close(LIMITS)
    fence.grant(1.5)
    fence.grant(20)
    (_, _, _, first, _), (_, _, _, second, _) = kernel32.asked[-2:]
    assert (first[3], second[3]) == (15_000_000, 200_000_000)
    assert first[0] == second[0]
    assert first[0] & JOB_TIME
    assert first[0] & PROCESS_MEMORY
    assert first[2] == 512 * 2**20


def test_on_windows_the_peak_is_what_the_job_tells():
    fence = WindowsFence(Kernel32())
    fence.close(LIMITS)
    assert fence.peak() == 123 * 2**20


@pytest.mark.parametrize("call", ["CreateJobObjectW", "SetInformationJobObject", "AssignProcessToJobObject"])
def test_a_worker_that_windows_will_not_limit_does_not_start(call):
    with pytest.raises(OSError, match="job object"):
        WindowsFence(Kernel32(refuses=call)).close(LIMITS)


def test_on_windows_used_up_time_is_known_by_the_exit_code():
    fence = WindowsFence(Kernel32())
    assert fence.went_over(1816) == "slow"
    assert fence.went_over(1) is None


def run(program):
    return subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=False, timeout=60
    )


@pytest.mark.platform("linux")
def test_where_the_system_does_not_limit_memory_the_worker_watches_itself():
    done = run(
        "from xltrack.intake.sandbox.limits import Limits; from xltrack.intake.sandbox.limits.posix import PosixFence\n"
        "PosixFence(enforces_memory=False).close(Limits(memory=100 * 2**20))\n"
        "import time; kept = bytes(50 * 2**20); time.sleep(0.3); print('so far', flush=True)\n"
        "kept += b'x' * (100 * 2**20); time.sleep(30)"
    )
    assert done.stdout == b"so far\n"
    assert own_fence().went_over(done.returncode) == "memory"


@pytest.mark.platform("linux")
def test_the_peak_is_the_workers_own_and_not_that_of_who_started_it():
    kept = b"x" * (200 * 2**20)
    done = run("from xltrack.intake.sandbox.limits import own_fence; print(own_fence().peak())")
    assert 5 * 2**20 < int(done.stdout) < len(kept) // 2


@pytest.mark.platform("linux")
def test_a_lower_limit_that_holds_already_is_kept():
    done = run(
        "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (20, 20))\n"
        "from xltrack.intake.sandbox.limits import Limits, own_fence\n"
        "own_fence().close(Limits()); print(resource.getrlimit(resource.RLIMIT_NOFILE))"
    )
    assert done.stdout == b"(20, 20)\n"


@pytest.mark.platform("linux")
def test_processor_time_counts_from_the_grant_and_ends_the_process():
    done = run(
        "import time; from xltrack.intake.sandbox.limits import Limits, own_fence\n"
        "fence = own_fence(); fence.close(Limits())\n"
        "for _ in range(3):\n"
        "    fence.grant(1); until = time.process_time() + 0.8\n"
        "    while time.process_time() < until: pass\n"
        "print('three times', flush=True)\n"
        "while True: pass"
    )
    assert done.stdout == b"three times\n"
    assert own_fence().went_over(done.returncode) == "slow"
