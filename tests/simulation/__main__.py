"""Run seeds and print what each came to. `PYTHONPATH=. .venv/bin/python -m tests.simulation 17 --trace`."""

import argparse
import logging
import os
import sys
import traceback


def span(words):
    """`17` or `0-99`."""
    first, _, last = words.partition("-")
    return range(int(first), int(last or first) + 1)


def run(told):
    """Run the seeds; return how many failed."""
    # Not before the process is as it must be: what this loads takes the time from the clock of the simulation.
    from tests.simulation.world import simulate

    logging.disable()
    failed = 0
    for seed in (number for words in told.seeds for number in span(words)):
        world, digest, problem = simulate(seed)
        if told.trace:
            print("\n".join(world.trace))
        if problem is None and told.twice and simulate(seed)[1] != digest:
            problem = AssertionError("the same seed took another way")
        print(f"seed {seed}: {'FAILED' if problem else digest} after {len(world.trace)} steps", flush=True)
        if problem is not None:
            failed += 1
            traceback.print_exception(problem)
            print(f"again: PYTHONPATH=. .venv/bin/python -m tests.simulation {seed} --trace", flush=True)
    return failed


def main():
    """Read the command line."""
    if os.environ.get("PYTHONHASHSEED") != "0":
        # Sets are walked in an order that depends on it: the same seed would take another way.
        command = [sys.executable, "-m", "tests.simulation", *sys.argv[1:]]
        os.execve(sys.executable, command, {**os.environ, "PYTHONHASHSEED": "0"})
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("seeds", nargs="+", help="17, or 0-99")
    asked.add_argument("--trace", action="store_true", help="print all that happened")
    asked.add_argument("--twice", action="store_true", help="run each twice and see that the same happens")
    sys.exit(run(asked.parse_args()) > 0)


if __name__ == "__main__":
    main()
