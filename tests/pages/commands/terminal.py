"""The command line as a person uses it: exit codes, one line of error, nothing left behind."""

import os
import re
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[3]
FLASK = Path(sys.executable).parent / "flask"


class Terminal:
    """The commands of one app, run in this process."""

    def __init__(self, made):
        self.app = made
        self.runner = made.test_cli_runner()

    def type(self, *words, given=None):
        """Run a command; anything but a clean exit is a bug."""
        done = self.runner.invoke(args=[str(word) for word in words], input=given)
        assert done.exception is None or isinstance(done.exception, SystemExit), repr(done.exception)
        return done

    def last_line(self, *words):
        done = self.type(*words)
        assert (done.exit_code, done.stderr) == (0, "")
        return done.stdout.splitlines()[-1]

    def refused(self, *words, code=1):
        """Run a command that must fail, and return its one line."""
        done = self.type(*words)
        assert (done.exit_code, done.stdout) == (code, "")
        assert re.fullmatch(r"[^\n]+\n", done.stderr), done.stderr
        return done.stderr.strip()


def command(checkout, *words, **settings):
    """What starts a command there, for `subprocess`."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    # Otherwise Python itself leaves a folder behind.
    kept["PYTHONDONTWRITEBYTECODE"] = "1"
    return {"args": [FLASK, "--app", "app", *words], "cwd": checkout, "env": kept | settings}


@contextmanager
def started(checkout, *words, **settings):
    """A command that runs until it is told to end, and in any case no longer than the test."""
    process = subprocess.Popen(**command(checkout, *words, **settings), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    with process:
        try:
            yield process
        finally:
            process.kill()


def run(checkout, *words, given=b"", **settings):
    done = subprocess.run(
        **command(checkout, *words, **settings), input=given, capture_output=True, timeout=300, check=False
    )
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    return done.returncode, done.stdout.decode(), done.stderr.decode()
