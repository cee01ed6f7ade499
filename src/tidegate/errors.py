"""The errors Tidegate raises; each also is the fitting builtin.

TidegateError
├── ConfigError(ValueError)      tidegate.toml or a context file is wrong: file, line and key
├── InputError(ValueError)       a log cannot be read at all: the file, and the line where known
├── LakeError(RuntimeError)      the lake cannot be opened, written, or is of a later version
└── UnitError(TypeError)         a source or a detector declares itself wrongly
"""

from __future__ import annotations

from pathlib import Path


class TidegateError(Exception):
    """Anything a person can put right; the command line prints it without a traceback."""


class _FileError(TidegateError):
    """An error that names the file and, where known, the line (1-based) that caused it."""

    def __init__(self, message: str, *, file: str | Path | None = None, line: int | None = None) -> None:
        self.file, self.line, self.message = file, line, message
        place = "" if file is None else f"{file}: " if line is None else f"{file}:{line}: "
        super().__init__(f"{place}{message}")


class ConfigError(_FileError, ValueError):
    """A setting or a context file is wrong."""


class InputError(_FileError, ValueError):
    """An input cannot be read."""


class LakeError(TidegateError, RuntimeError):
    """The lake cannot be opened or written."""


class UnitError(TidegateError, TypeError):
    """A unit's declaration does not hold."""
