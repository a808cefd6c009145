"""Errors that a person can act on. Each says what, where, and how to mend it."""

from __future__ import annotations

import errno


class ClaimwatchError(Exception):
    """Base of every error shown to a person without a traceback."""

    exit_code = 1


class UsageError(ClaimwatchError):
    """The command was asked for something that cannot be: a wrong option, an unknown name."""

    exit_code = 2


class ConfigError(ClaimwatchError):
    """A file of ours or the user's (source, codebook, gazetteer) is wrong; names file, key and valid choices."""

    exit_code = 2


class NoBaseError(ClaimwatchError):
    """There is no published base yet, or what is there cannot be read."""


class BaseTooNewError(ClaimwatchError):
    """The base was written by a newer Claimwatch."""


class BusyError(ClaimwatchError):
    """Another run is going on in this home."""

    exit_code = 11


class BelowExpectedError(ClaimwatchError):
    """A source listed less than its expected volume."""

    exit_code = 12


class DiskFullError(ClaimwatchError):
    """The disk, or the quota, is full; the published base is as it was."""

    exit_code = 13


class DamagedError(ClaimwatchError):
    """A stored file does not hold what the ledger says; names the file and the way to rebuild it."""


FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)  # how the system says that disk, quota or file size is used up
DONE, FAILED, USAGE, WARNINGS, BUSY, BELOW_EXPECTED, DISK_FULL, STOPPED = 0, 1, 2, 10, 11, 12, 13, 130
