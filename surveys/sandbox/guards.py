"""What a process that reads a foreign file gives up before it looks at it: memory, time, processes, network, and the rest of the disk.

On Linux by rlimits, no new privileges and no capabilities, Landlock (the file's own folder and Python's own files; nothing else of the
disk, so that not even the server's environment in /proc can be read) and seccomp (no sockets, programs, processes, signals or other
processes' memory). Elsewhere by rlimits alone. What a kernel does not have is left out; `missing` tells, and config/checks.py warns.
"""

import ctypes
import os
import platform
import resource
import struct
import sys
from collections.abc import Iterable
from pathlib import Path

from surveys.sandbox.limits import Limits

_libc = ctypes.CDLL(None, use_errno=True)

OPEN_FILES = 64
_PR_SET_SECCOMP, _PR_GET_SECCOMP, _PR_SET_NO_NEW_PRIVS, _PR_SET_DUMPABLE = 22, 21, 38, 4
_CAPSET = {"x86_64": 126, "aarch64": 91}
_ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
"""What seccomp calls them (linux/audit.h)."""

_REFUSED = {
    # numbers from asm/unistd_64.h and asm-generic/unistd.h; None where an architecture does not have the call
    "socket": (41, 198), "socketpair": (53, 199), "connect": (42, 203), "bind": (49, 200), "listen": (50, 201), "accept": (43, 202),
    "accept4": (288, 242), "sendto": (44, 206), "sendmsg": (46, 211), "sendmmsg": (307, 269),
    "fork": (57, None), "vfork": (58, None), "clone": (56, 220), "clone3": (435, 435), "execve": (59, 221), "execveat": (322, 281),
    "kill": (62, 129), "tkill": (200, 130), "tgkill": (234, 131), "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240),
    "pidfd_open": (434, 434), "pidfd_send_signal": (424, 424), "pidfd_getfd": (438, 438),
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "mount": (165, 40), "umount2": (166, 39), "unshare": (272, 97), "setns": (308, 268), "pivot_root": (155, 41), "chroot": (161, 51),
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282), "memfd_create": (319, 279),
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "open_by_handle_at": (304, 265), "setrlimit": (160, 164),
}  # fmt: skip


def limit_resources(limits: Limits) -> None:
    """Bound memory, processor time, files and their size; first of all, so that what is loaded next counts as well."""
    seconds = max(1, round(limits.seconds))
    for what, most in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, limits.unpacked_bytes),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def close_in(folder: Path) -> None:
    """Give up everything but reading Python's own files, and the folder; after everything that is needed has been loaded."""
    # counted for all processes of the account: none more from now on
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    if sys.platform != "linux":
        return
    _libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    _must(_libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no new privileges")
    if _landlock_version() > 0:
        _lock_disk(folder)
    if platform.machine() in _CAPSET:
        # root in a container has some; without them it is held to its limits and to what belongs to it
        _must(_libc.syscall(_CAPSET[platform.machine()], struct.pack("Ii", 0x20080522, 0), bytes(24)), "no capabilities")
    if _has_seccomp():
        _refuse_calls()


def missing() -> list[str]:
    """Which fences this machine does not have."""
    if sys.platform != "linux":
        return ["landlock", "seccomp"]
    return [name for name, there in (("landlock", _landlock_version() > 0), ("seccomp", _has_seccomp())) if not there]


def _must(status: int, what: str) -> None:
    if status != 0:
        raise OSError(ctypes.get_errno(), f"the reader cannot be fenced in: {what}")


def _has_seccomp() -> bool:
    return platform.machine() in _ARCHITECTURE and _libc.prctl(_PR_GET_SECCOMP, 0, 0, 0, 0) >= 0


# Landlock (linux/landlock.h): three system calls, the same number on every architecture
_CREATE, _ADD, _RESTRICT = 444, 445, 446
_WRITE_FILE, _READ_FILE, _READ_DIR, _REMOVE_DIR, _REMOVE_FILE, _MAKE_DIR, _MAKE_REG = (1 << bit for bit in (1, 2, 3, 4, 5, 7, 8))
_TRUNCATE = 1 << 14


def _landlock_version() -> int:
    """0 or less where there is none."""
    return int(_libc.syscall(_CREATE, None, ctypes.c_size_t(0), 1))


def _lock_disk(folder: Path) -> None:
    version = _landlock_version()
    # every right that this kernel knows is taken; each version of Landlock knows one or two more
    files = (1 << (13 + (version >= 2) + (version >= 3))) - 1 | ((1 << 15) if version >= 5 else 0)
    network, scope = (3 if version >= 4 else 0), (3 if version >= 6 else 0)
    asked = struct.pack("QQQ", files, network, scope)[: 8 if version < 4 else 16 if version < 6 else 24]
    ruleset = _libc.syscall(_CREATE, asked, ctypes.c_size_t(len(asked)), 0)
    if ruleset < 0:
        raise OSError(ctypes.get_errno(), "the reader cannot be fenced in: landlock")
    own = _READ_FILE | _READ_DIR | _WRITE_FILE | _REMOVE_DIR | _REMOVE_FILE | _MAKE_DIR | _MAKE_REG | _TRUNCATE
    _allow(ruleset, [folder], own & files)
    _allow(ruleset, {Path(sys.prefix), Path(sys.base_prefix)}, _READ_FILE | _READ_DIR)
    _must(_libc.syscall(_RESTRICT, ruleset, 0), "landlock")
    os.close(ruleset)


def _allow(ruleset: int, folders: Iterable[Path], rights: int) -> None:
    for folder in folders:
        at = os.open(folder, os.O_PATH | os.O_CLOEXEC)
        _must(_libc.syscall(_ADD, ruleset, 1, struct.pack("=Qi", rights, at), 0), f"landlock for {folder}")
        os.close(at)


# seccomp: a filter in the kernel's own little language (linux/filter.h)
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _ERROR = 0x7FFF0000, 0x00050000
_EPERM = 1
_X32 = 0x40000000
"""System calls of the 32-bit personality of x86-64 are counted from here: another door to the same rooms."""


def _refuse_calls() -> None:
    machine = platform.machine()
    column = ("x86_64", "aarch64").index(machine)
    numbers = sorted(number for both in _REFUSED.values() if (number := both[column]) is not None)
    # each test jumps, where it holds, to the last line of all
    left = len(numbers)
    program = [
        (_LOAD, 0, 0, 4),
        (_EQUAL, 0, left + 3, _ARCHITECTURE[machine]),
        (_LOAD, 0, 0, 0),
        (_AT_LEAST, left + 1, 0, _X32),
        *((_EQUAL, left - at, 0, number) for at, number in enumerate(numbers)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _ERROR | _EPERM),
    ]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in program))
    described = struct.pack("HP", len(program), ctypes.addressof(code))
    _must(_libc.prctl(_PR_SET_SECCOMP, 2, described, 0, 0), "seccomp")
