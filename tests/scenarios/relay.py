"""Lets a machine reach what another one serves, at its own loopback address: plain http is for loopback only.

python relay.py 10.214.0.1:8001 10.214.0.1:8002   answers at 127.0.0.1:8001 and :8002
"""

import asyncio
import sys
from contextlib import suppress


async def carry(source, target):
    """Hand on until the source ends; then the target has an end too."""
    with suppress(OSError):
        while data := await source.read(65_536):
            target.write(data)
            await target.drain()
    target.close()


def to(host, port):
    """What is done with each connection: it is carried there; one that nobody takes is closed."""

    async def take(near, answer):
        try:
            far, ask = await asyncio.open_connection(host, port)
        except OSError:
            answer.close()
            return
        await asyncio.gather(carry(near, ask), carry(far, answer))

    return take


async def main(addresses):
    """Relay until killed."""
    for address in addresses:
        host, port = address.split(":")
        await asyncio.start_server(to(host, int(port)), "127.0.0.1", int(port))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
