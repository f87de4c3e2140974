"""The command `xltrack`, also as `python -m xltrack`."""

import signal
import sys


class Stopped(KeyboardInterrupt):
    """Ctrl+C came.

    Where Python's own exception has passed through code that is made of text, as that of dataclasses is, a process is
    killed by the signal in the end, whoever has caught it.
    """


def main() -> None:
    """Run the command line; Ctrl+C while its modules are imported ends it as later, without a word."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _stop)
    try:
        from xltrack.cli import main as run  # noqa: PLC0415  # takes a tenth of a second

        run()
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
    finally:
        # While Python takes itself down Ctrl+C would kill it without a word, whatever was done and told.
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def _stop(*_: object) -> None:
    raise Stopped


if __name__ == "__main__":
    main()
