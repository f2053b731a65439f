"""Bring each slip into a module while pytest stands by, and tell those that no test sees.

    python tests/mutants/sweep.py [--seconds 12] core/engine/pegs.py core/engine/release.py -- tests/core

The tests are collected and run once; each slip is then tried in a fork of that process by the tests that come to its
lines, quickest first, for so many seconds' worth of them. Slips in class bodies, and constants left out, are not tried.
"""

import argparse
import os
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from types import CodeType, ModuleType

import pytest
from _pytest.runner import runtestprotocol
from coverage import Coverage

sys.path.insert(0, str(Path(__file__).parents[2]))
from tests.mutants.slips import Slip, slips_of

ROOT = Path(__file__).parents[2]
SEEN, UNSEEN = 1, 0
CONSTANTS = (int, float, str, tuple, frozenset, dict, timedelta)
SLACK = 20
"""Seconds that a slip may take beyond ten times what the tests take: it is seen to never end then."""


class Sweep:
    """A plugin of pytest that runs the tests once for each slip."""

    def __init__(self, files: list[Path], seconds: float) -> None:
        self.files, self.seconds = files, seconds
        self.took: dict[str, float] = {}
        self.saw: Counter[str] = Counter()

    def pytest_sessionstart(self) -> None:
        """No example is made smaller: that it fails is enough."""
        from hypothesis import Phase, settings

        phases = (Phase.explicit, Phase.generate)
        settings.register_profile("sweep", deadline=None, database=None, derandomize=True, phases=phases)
        settings.load_profile("sweep")

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run all tests once, then the slips."""
        cov = Coverage(data_file=None, include=[str(file) for file in self.files], config_file=False)
        cov.start()
        for item in session.items:
            cov.switch_context(item.nodeid)
            start = time.process_time()
            if not _passes(item):
                sys.exit(f"{item.nodeid} fails without any slip")
            self.took[item.nodeid] = time.process_time() - start
        cov.stop()
        if self._sees(lambda: None, session.items):
            sys.exit(f"{list(self.saw)} fails in a fork without any slip")
        items = {item.nodeid: item for item in session.items}
        for file in self.files:
            self._sweep(file, items, cov.get_data().contexts_by_lineno(str(file)))
        return True

    def _sweep(self, file: Path, items: dict[str, pytest.Item], ran: dict[int, list[str]]) -> None:
        module = next(one for one in list(sys.modules.values()) if getattr(one, "__file__", None) == str(file))
        name, count, unseen = file.relative_to(ROOT), 0, 0
        for slip in slips_of(file.read_text(), str(file)):
            place = slip.place
            if place.function.endswith(".") or not (place.function or slip.new != "pass"):
                continue
            count += 1
            lines = range(place.first, place.last + 1) if place.function else ran
            come = {test for line in lines for test in ran.get(line, ()) if test}
            chosen = self._chosen([items[test] for test in come])
            if not self._sees(partial(_bring_in, slip, module), chosen):
                unseen += 1
                where = f"{name}:{place.first} {place.function}"
                print(f"{where}: {slip.old}  ->  {slip.new}  ({len(chosen)} of {len(come)} tests)", flush=True)
        print(f"{name}: {count - unseen} of {count} slips seen", flush=True)

    def _chosen(self, items: list[pytest.Item]) -> list[pytest.Item]:
        """Return the quickest tests, those first that have seen most so far."""
        chosen, left = [], self.seconds
        for item in sorted(items, key=lambda one: self.took[one.nodeid]):
            left -= self.took[item.nodeid]
            if left < 0 and chosen:
                break
            chosen.append(item)
        return sorted(chosen, key=lambda one: -self.saw[one.nodeid])

    def _sees(self, bring_in: Callable[[], None], items: list[pytest.Item]) -> bool:
        """Say whether one of these tests fails, or does not end, once something is brought into a fork of this process."""
        told, tell = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                signal.alarm(SLACK + 10 * round(sum(self.took[item.nodeid] for item in items)))
                bring_in()
                _forget()
                failed = next((str(number) for number, item in enumerate(items) if not _passes(item)), "")
                os.write(tell, failed.encode())
                os._exit(SEEN if failed else UNSEEN)
            finally:
                traceback.print_exc()
                os._exit(SEEN)
        os.close(tell)
        with os.fdopen(told) as pipe:
            failed = pipe.read()
        if failed:
            self.saw[items[int(failed)].nodeid] += 1
        return os.waitpid(child, 0)[1] != UNSEEN


def _passes(item: pytest.Item) -> bool:
    return all(report.passed or report.skipped for report in runtestprotocol(item, log=False, nextitem=None))


def _forget() -> None:
    """Forget what tests keep from one to the next: connections do not outlive a fork."""
    for module in [one for name, one in sys.modules.items() if name.startswith("tests.")]:
        for value in vars(module).values():
            if callable(clear := getattr(value, "cache_clear", None)):
                clear()


def _bring_in(slip: Slip, module: ModuleType) -> None:
    """Give the function its slipped code, or the module's constants and all who imported them their new values."""
    if slip.place.function:
        _function(module, slip.place.function.removesuffix("()").split(".")).__code__ = _code(slip)
        return
    changed = {"__name__": module.__name__, "__file__": module.__file__}
    exec(slip.code, changed)
    for name, value in list(vars(module).items()):
        if isinstance(value, CONSTANTS) and name[:2] != "__" and changed[name] != value:
            for other in list(sys.modules.values()):
                if vars(other).get(name) is value:
                    setattr(other, name, changed[name])


def _function(module: ModuleType, path: list[str]):
    found = vars(module)[path[0]]
    for name in path[1:]:
        found = vars(found)[name]
    for inner in ("fget", "func", "__func__", "__wrapped__"):
        found = getattr(found, inner, None) or found
    return found


def _code(slip: Slip) -> CodeType:
    found = slip.code
    for name in slip.place.function.removesuffix("()").split("."):
        found = next(one for one in _codes(found) if one.co_name == name)
    return found


def _codes(code: CodeType) -> Iterator[CodeType]:
    return (one for one in code.co_consts if isinstance(one, CodeType))


def main(words: list[str]) -> int:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--seconds", type=float, default=12)
    reader.add_argument("files", nargs="+", type=lambda name: (ROOT / name).resolve())
    split = words.index("--") if "--" in words else len(words)
    told = reader.parse_args(words[:split])
    sweep = Sweep(told.files, told.seconds)
    return pytest.main(["-q", "-p", "no:cacheprovider", "-p", "no:randomly", *words[split + 1 :]], plugins=[sweep])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
