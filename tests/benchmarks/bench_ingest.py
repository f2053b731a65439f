"""How fast deliveries are written down, as a share of what the same server can answer at all.

Run it alone:  .venv/bin/python tests/benchmarks/bench_ingest.py [--connections 16] [--seconds 5] [--rounds 3]

Rounds of the two servers take turns, so that a slow minute of the machine hits both; where others use it too, the
ratio of the processor time that an answer costs says more than that of the rates. Each delivery is a signed order of
27 KB under a key of its own; every one that was answered with 200 is counted in the letterbox afterwards.
"""

import argparse
import base64
import hashlib
import hmac
import http.client
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from itertools import count
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SECRET = "app-secret"
SHOP = "bench-store.myshopify.com"
BODY_BYTES = 27_000
NO_OP = """
import sys, waitress
from flask import Flask, request
from pages.commands.running import HOLDING
app = Flask("no-op")
@app.post("/webhooks/shopify")
def door():
    request.get_data()
    return "ok"
waitress.serve(app, host="127.0.0.1", port=int(sys.argv[1]), **HOLDING, _quiet=True)
"""
numbers = count(1)


def body(number: int) -> bytes:
    """Return an order of about 27 KB, different from every other."""
    head = b'{"id": %d, "note": "' % number
    filling = hashlib.sha256(head).hexdigest().encode() * (BODY_BYTES // 64)
    return head + filling + b'"}'


def headers(content: bytes, number: int) -> dict[str, str]:
    """Return what Shopify sends beside such a body."""
    digest = hmac.new(SECRET.encode(), content, hashlib.sha256).digest()
    return {
        "Content-Type": "application/json",
        "X-Shopify-Topic": "orders/updated",
        "X-Shopify-Shop-Domain": SHOP,
        "X-Shopify-Webhook-Id": str(number),
        "X-Shopify-Hmac-Sha256": base64.b64encode(digest).decode(),
    }


class Load:
    """So many connections that post one delivery after another."""

    def __init__(self, server: subprocess.Popen[bytes], port: int, connections: int, seconds: float) -> None:
        self.waits: list[float] = []
        self.refused = 0
        spent = processor_seconds(server.pid)
        self._port = port
        self._until = time.monotonic() + seconds
        threads = [threading.Thread(target=self._post) for _ in range(connections)]
        began = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.rate = len(self.waits) / (time.monotonic() - began)
        self.cost = 1e6 * (processor_seconds(server.pid) - spent) / len(self.waits)

    def _post(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        while time.monotonic() < self._until:
            number = next(numbers)
            content = body(number)
            began = time.monotonic()
            connection.request("POST", "/webhooks/shopify", content, headers(content, number))
            answer = connection.getresponse()
            answer.read()
            if answer.status == 200:
                self.waits.append(time.monotonic() - began)
            else:
                self.refused += 1
        connection.close()

    @property
    def p99(self) -> float:
        """Return the 99th percentile of the answers' times, in milliseconds."""
        return 1000 * statistics.quantiles(self.waits, n=100)[98]


def processor_seconds(process: int) -> float:
    """Return how long the process has kept a processor busy."""
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def served(command: list[str], port: int, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start a server and wait until it answers."""
    server = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, "PYTHONPATH": ".", **environment}, stdout=subprocess.DEVNULL
    )
    for _ in range(300):
        try:
            http.client.HTTPConnection("127.0.0.1", port, timeout=1).connect()
        except OSError:
            time.sleep(0.1)
        else:
            return server
    raise SystemExit("the server did not start")


def prepared(folder: Path, url: str | None) -> dict[str, str]:
    """Return the settings of an installation with one shop in it."""
    sys.path.insert(0, str(ROOT))
    from datetime import UTC, datetime

    from cryptography.fernet import Fernet

    import app as composition
    from core.records import Shop

    environment = {
        "BACKORDER_DATABASE_URL": url or f"sqlite:///{folder}/books.db",
        "BACKORDER_SECRET_KEY": "a-secret-for-benchmarks",
        "BACKORDER_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        "BACKORDER_SHOPIFY_CLIENT_SECRET": SECRET,
        "BACKORDER_ALLOW_PRIVATE_STORES": "1",
        "BACKORDER_LOG_LEVEL": "ERROR",
    }
    house = composition.create_app(environment, instance=str(folder)).extensions["furnish"]()
    with house.books.write() as unit:
        unit.shops.add(
            Shop(
                id="bench", platform="shopify", domain=SHOP, name="Bench store", currency="EUR", timezone="UTC",
                origin=f"https://{SHOP}", connected_at=datetime.now(UTC),
            ),
            {"access_token": "none"},
        )  # fmt: skip
    house.books.close()
    return environment


def synced(folder: Path) -> float:
    """Return how often a second the disk makes a small write durable."""
    file = os.open(folder / "probe", os.O_WRONLY | os.O_CREAT)
    began, done = time.monotonic(), 0
    while time.monotonic() - began < 1.0:
        os.write(file, b"x" * 4096)
        os.fsync(file)
        done += 1
    os.close(file)
    return done / (time.monotonic() - began)


def main() -> None:
    """Print the table of ratios."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--connections", type=int, default=16)
    ask.add_argument("--seconds", type=float, default=5.0)
    ask.add_argument("--rounds", type=int, default=3)
    ask.add_argument("--url", help="a PostgreSQL database instead of a SQLite file")
    told = ask.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        settings = prepared(folder, told.url)
        flask = [sys.executable, "-m", "flask", "--app", "app", "serve"]
        real = served(flask, 8471, {**settings, "PORT": "8471"})
        nothing = served([sys.executable, "-c", NO_OP, "8472"], 8472, {})
        try:
            pairs = [
                (
                    Load(nothing, 8472, told.connections, told.seconds),
                    Load(real, 8471, told.connections, told.seconds),
                )
                for _ in range(told.rounds)
            ]
        finally:
            real.terminate()
            nothing.terminate()
        disk = synced(folder)
        print(f"disk: {disk:.0f} fsync/s")
        for idle, load in pairs:
            print(
                f"no-op {idle.rate:6.0f}/s p99 {idle.p99:5.0f} ms   written down {load.rate:6.0f}/s p99 {load.p99:5.0f} ms"
                f"   ratio {load.rate / idle.rate:.2f}   processor {idle.cost:4.0f} and {load.cost:4.0f} us,"
                f" ratio {idle.cost / load.cost:.2f}   refused {load.refused}"
            )
        print(f"median ratio {statistics.median(load.rate / idle.rate for idle, load in pairs):.2f}")
        each = statistics.median(load.rate for _, load in pairs) / disk
        print(f"{each:.1f} deliveries a second for each fsync that the disk does a second")
        if told.url is None:
            kept = sqlite3.connect(folder / "books.db.letters").execute("select count(*) from letters").fetchone()[0]
            answered = sum(len(load.waits) for _, load in pairs)
            print(f"answered with 200: {answered}, found in the letterbox: {kept}, missing: {max(0, answered - kept)}")


if __name__ == "__main__":
    main()
