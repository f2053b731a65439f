"""Compare every pinned library with the public list of known weaknesses: `make audit`, where there is a network.

Ends with 0 when all were looked up and none is known to be weak, with 1 and their names when some are, and with 2 when
nothing can be said: a list without pins, a database that was not reached or left something out, or one that does not
even know the weakness of `KNOWN`.
"""

import argparse
import json
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

PINS = tuple(Path(__file__).parents[1] / "requirements" / name for name in ("run.txt", "test.txt"))
PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)", re.MULTILINE)
KNOWN = ("django", "2.2.0")
"""Not pinned here, and known by every such list to be weak since 2019: whoever calls it clean has not looked."""


def pinned(files: list[Path]) -> set[tuple[str, str]]:
    """Return name and version of every pin, whatever machine it is for."""
    return {(name.lower(), version) for file in files for name, version in PIN.findall(file.read_text("utf-8"))}


def looked_up(pins: set[tuple[str, str]], database: str | None) -> dict[tuple[str, str], list[str]]:
    """Return the known weaknesses of each pin that was looked up; raises LookupError with what was in the way."""
    found = {}
    # A name may be pinned twice, for two kinds of machine; in one list that would be a contradiction.
    while pins:
        once = set(dict(pins).items())
        found |= _asked(once, database)
        pins = pins - once
    return found


def _asked(pins: set[tuple[str, str]], database: str | None) -> dict[tuple[str, str], list[str]]:
    words = [sys.executable, "-m", "pip_audit", "--no-deps", "--disable-pip", "--progress-spinner", "off", "-f", "json"]
    with TemporaryDirectory() as folder:
        file = Path(folder, "pins.txt")
        file.write_text("".join(f"{name}=={version}\n" for name, version in pins), "utf-8")
        words += ["-r", str(file), "-s", "osv", *(["--osv-url", database] if database else [])]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
    try:
        rows = [row for row in json.loads(done.stdout)["dependencies"] if "version" in row]
        return {(row["name"].lower(), row["version"]): [weak["id"] for weak in row["vulns"]] for row in rows}
    except (ValueError, KeyError, TypeError):
        said = (done.stderr.strip() or "it said nothing").splitlines()[-1]
        raise LookupError(f"the database was not read (is there a network?): {said[:200]}") from None


def verdict(pins: set[tuple[str, str]], database: str | None = None) -> tuple[int, list[str]]:
    """Return how to end, and the lines that say why."""
    if not pins:
        return 2, ["nothing was compared: there is no pin in the lists"]
    try:
        found = looked_up(pins | {KNOWN}, database)
    except LookupError as problem:
        return 2, [f"nothing was compared: {problem}"]
    if missing := sorted(pins - found.keys()):
        return 2, ["not looked up: " + ", ".join("==".join(pin) for pin in missing)]
    if not found[KNOWN]:
        return 2, [f"nothing was compared: the database calls {'=='.join(KNOWN)} clean, so it knows nothing"]
    weak = {pin: names for pin, names in sorted(found.items()) if names and pin in pins}
    if weak:
        return 1, [f"{'=='.join(pin)}: {', '.join(names)}" for pin, names in weak.items()]
    return 0, [f"{len(pins)} pins were looked up, none is known to be weak"]


def main() -> None:
    """Print what was found and end with what it means."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("files", nargs="*", type=Path, default=list(PINS), help="lists of pins instead of our own")
    ask.add_argument("--database", help="another OSV service than the public one, such as a mirror")
    told = ask.parse_args()
    code, lines = verdict(pinned(told.files), told.database)
    print("\n".join(lines), file=sys.stderr if code else sys.stdout)
    raise SystemExit(code)


if __name__ == "__main__":
    main()
