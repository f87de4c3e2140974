"""The command line: arguments, progress, printing, exit codes. The work is done by `xltrack.pipeline`."""

from xltrack.cli.main import cli, main

__all__ = ["cli", "main"]
