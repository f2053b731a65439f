"""Bring each seeded bug into a copy of the code and tell which tests see it: `python tests/mutants/report.py [WORDS]`.

With words, only the bugs whose names hold them all. Exit code 0 when every bug was seen, 1 when one was not.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
from tests.mutants.seeded_bugs import BUGS, Bug

ROOT = Path(__file__).parents[2]
LONGEST = 900
PASSED, FAILED = 0, 1
"""Pytest's exit codes; any other says that the tests could not be run, which sees no bug."""


def copied(folder: Path) -> Path:
    """Return a copy of every file that is, or would be, under version control, as it stands now."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.split(b"\0")
    for name in filter(None, names):
        source, target = ROOT / name.decode(), folder / name.decode()
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())
    return folder


def tested(folder: Path, tests: tuple[str, ...]) -> tuple[int, list[str]]:
    """Return pytest's exit code and the tests that failed, at most three."""
    command = [sys.executable, "-m", "pytest", "-q", "--maxfail=3", "-p", "no:cacheprovider", "-p", "no:randomly"]
    done = subprocess.run([*command, *tests], cwd=folder, capture_output=True, text=True, timeout=LONGEST, check=False)
    marks = ("FAILED ", "ERROR ")
    names = [line.split(" - ")[0].split(" ", 1)[1] for line in done.stdout.splitlines() if line.startswith(marks)]
    return done.returncode, names


def verdict(folder: Path, bug: Bug) -> tuple[bool, list[str]]:
    """Return whether tests see the bug that pass without it, and which. The copy is as before afterwards."""
    path = folder / bug.file
    sound = path.read_text()
    if sound.count(bug.old) != 1:
        return False, [f"cannot be brought in: the text stands {sound.count(bug.old)} times in {bug.file}"]
    path.write_text(sound.replace(bug.old, bug.new))
    try:
        code, names = tested(folder, bug.tests)
    finally:
        path.write_text(sound)
    if code != FAILED:
        return False, [f"pytest ended with {code}"]
    sound_code, broken = tested(folder, tuple(names))
    return sound_code == PASSED, names if sound_code == PASSED else [f"{name} fails without it too" for name in broken]


def main(words: list[str]) -> int:
    chosen = [bug for bug in BUGS if all(word in bug.name for word in words)]
    with tempfile.TemporaryDirectory(prefix="seeded-bugs-") as name:
        folder = copied(Path(name))
        unseen = 0
        for bug in chosen:
            seen, names = verdict(folder, bug)
            unseen += not seen
            print(f"{'seen  ' if seen else 'UNSEEN'}  {bug.name}: {', '.join(names)}", flush=True)
    print(f"{len(chosen) - unseen} of {len(chosen)} seeded bugs seen")
    return 1 if unseen or not chosen else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
