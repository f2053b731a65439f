"""How long it takes until something answers, and how much memory that holds, against a Python that only loads Flask.

Run it alone:  PYTHONPATH=. .venv/bin/python tests/benchmarks/bench_start.py [--rounds 3] [--without-cold]

The last row is what a newcomer waits for: `make run` in a copy of what is committed here, without `.venv`; the libraries
come from the package index (or from pip's cache, where there is one), so that row says as much of the network.
"""

import argparse
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import requests
from cryptography.fernet import Fernet

from connectors.database import migrate
from tests.scenarios.processes import ROOT, free_port

FLASK = (sys.executable, "-m", "flask", "--app", "app")
PLAN = """{"as_of": "2026-11-23T09:00:00Z", "stock": [{"sku": "mug", "on_hand": 5}], "orders": [
  {"id": "1", "placed_at": "2026-11-20T10:00:00Z", "lines": [{"id": "1", "sku": "mug", "ordered": 8}]}]}"""
LONGEST = 600


def started(command, settings, folder=ROOT):
    """Start it in a group of its own, so that `make` ends with what it began."""
    return subprocess.Popen(
        command, cwd=folder, env=settings, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
    )


def until_it_ends(command, settings):
    """Return the seconds that a command takes; it holds nothing then."""
    began = time.monotonic()
    _, said = started(command, settings).communicate(timeout=LONGEST)
    if said:
        raise SystemExit(f"{' '.join(command)} said {said.decode()}")
    return time.monotonic() - began, 0.0


def until_it_answers(command, settings, folder=ROOT):
    """Return the seconds until /healthz answers, and the memory that it holds then in MB."""
    began = time.monotonic()
    process = started(command, settings, folder)
    try:
        while time.monotonic() - began < LONGEST and process.poll() is None:
            try:
                requests.get(f"http://127.0.0.1:{settings['PORT']}/healthz", timeout=5)
            except requests.ConnectionError:
                time.sleep(0.02)
            else:
                return time.monotonic() - began, held(process.pid)
        raise SystemExit(f"{' '.join(command)} did not answer")
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)
        process.stderr.close()


def held(process):
    """Return the memory that a process and those that it started hold, in MB."""
    own = Path(f"/proc/{process}/status").read_text().split("VmRSS:")[1].split()[0]
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return int(own) / 1024 + sum(held(int(child)) for child in children)


def runs(folder):
    """Yield each row's name, how it is measured, and its command."""
    plan = folder / "plan.json"
    plan.write_text(PLAN)
    yield "Python that loads Flask", until_it_ends, (sys.executable, "-c", "import flask")
    yield "`--help`", until_it_ends, (*FLASK, "--help")
    yield "`plan FILE`", until_it_ends, (*FLASK, "plan", str(plan))
    yield "`worker --until-idle`", until_it_ends, (*FLASK, "worker", "--until-idle")
    yield "`serve` until it answers", until_it_answers, (*FLASK, "serve")
    yield "`serve --with-worker`", until_it_answers, (*FLASK, "serve", "--with-worker")
    yield "`demo`, as `make run` does", until_it_answers, (*FLASK, "demo")


def cold(folder, settings):
    """Return what the first `make run` of a fresh copy takes."""
    subprocess.run(["git", "archive", "-o", folder / "copy.tar", "HEAD"], cwd=ROOT, check=True)
    copy = folder / "copy"
    copy.mkdir()
    subprocess.run(["tar", "xf", folder / "copy.tar", "-C", copy], check=True)
    return until_it_answers(["make", "run"], settings, copy)


def settings_in(folder):
    """Return the environment of a small installation; compiled files are kept, as on a merchant's machine."""
    url = f"sqlite:///{folder}/books.db"
    migrate.upgrade(url)
    given = {
        "BACKORDER_DATABASE_URL": url, "BACKORDER_SECRET_KEY": "a-secret-for-benchmarks", "PORT": str(free_port()),
        "BACKORDER_ENCRYPTION_KEYS": Fernet.generate_key().decode(), "BACKORDER_LOG_LEVEL": "ERROR",
    }  # fmt: skip
    kept = {name: value for name, value in os.environ.items() if name not in {"PYTHONDONTWRITEBYTECODE", "PYTHONPATH"}}
    return {**kept, **given}


def main():
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--without-cold", action="store_true", help="leave the first `make run` out: it needs a network")
    told = asked.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n")
    print("| | seconds | to the first | MB |\n|---|---|---|---|")
    first = None
    with tempfile.TemporaryDirectory(prefix="bench") as name:
        settings = settings_in(Path(name))
        for what, measured, command in runs(Path(name)):
            # The first round only warms up: it compiles what is not compiled yet.
            found = [measured(command, settings) for _ in range(told.rounds + 1)][1:]
            seconds, memory = (statistics.median(column) for column in zip(*found, strict=True))
            first = first or seconds
            print(
                f"| {what} | {seconds:.2f} | {seconds / first:.1f} | {f'{memory:.0f}' if memory else '–'} |", flush=True
            )
        if not told.without_cold:
            seconds, memory = cold(Path(name), settings)
            print(f"| the first `make run` of a fresh copy | {seconds:.1f} | {seconds / first:.0f} | {memory:.0f} |")


if __name__ == "__main__":
    main()
