"""The command ``nearpeer``, and ``python -m nearpeer``."""

from __future__ import annotations

import signal
import sys

from nearpeer._nearpeer import run_command


def main() -> None:
    """Run the command with the arguments of the process."""
    # Python's own handler would wait until the command is done.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.exit(run_command(["nearpeer", *sys.argv[1:]]))


if __name__ == "__main__":
    main()
