"""Try the installed package: the right one, quick to import, with its command, and in threads."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import threading
from pathlib import Path

import nearpeer as npr

#: The longest that an import may take, in seconds of the processor: others may be at work, too.
LONGEST_IMPORT = 0.15

IMPORT = """
import time
start = time.process_time()
import nearpeer
print(time.process_time() - start)
"""


def main() -> None:
    """Raise where something is amiss."""
    here = Path(__file__).resolve().parents[1]
    place = Path(npr.__file__).resolve()
    if place.is_relative_to(here):
        raise SystemExit(f"this is not the installed package: {place}")
    took = min(
        float(subprocess.check_output([sys.executable, "-c", IMPORT], text=True))  # noqa: S603
        for _ in range(5)
    )
    threaded = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
    has_lock = getattr(sys, "_is_gil_enabled", lambda: True)()
    if threaded and has_lock:
        raise SystemExit("importing nearpeer has switched the GIL on")
    if took > LONGEST_IMPORT:
        raise SystemExit(f"importing takes {took:.3f} s, more than {LONGEST_IMPORT} s")
    script = Path(sysconfig.get_path("scripts")) / "nearpeer"
    said = subprocess.check_output([script, "--version"], text=True)  # noqa: S603
    if said != f"nearpeer {npr.__version__}\n":
        raise SystemExit(f"the command says {said!r}")
    district = npr.synth(students=600, sites=6, seed=7)
    scores = set()

    def match() -> None:
        found = district.program.match(district.mentees, district.mentors, threads=1)
        scores.add((found.certificate.gap, found.covered, found.certificate.objective))

    threads = [threading.Thread(target=match) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(scores) != 1 or next(iter(scores))[0] != 0:
        raise SystemExit(f"threads disagree: {scores}")
    size = sum(file.stat().st_size for file in place.parent.rglob("*") if file.is_file())
    print(  # noqa: T201
        f"nearpeer {npr.__version__} on Python {sys.version.split()[0]}"
        f"{' without GIL' if threaded else ''}: import {took * 1e3:.0f} ms,"
        f" {size / 1e6:.1f} MB installed, 8 threads agree"
    )


if __name__ == "__main__":
    main()
