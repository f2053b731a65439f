"""A small IMAP server on loopback: one folder, as much of the protocol as reading reports needs (RFC 3501)."""

import re
import socketserver
import threading
from contextlib import contextmanager


class Folder:
    """Messages by number, which of them were read, and what was asked. `drips`: what an answer that never ends begins with."""

    def __init__(self, *messages):
        self.messages, self.seen, self.asked, self.drips = list(messages), set(), [], {}
        self.over = threading.Event()


class _Handler(socketserver.StreamRequestHandler):
    def say(self, text):
        self.wfile.write(text.encode() if isinstance(text, str) else text)

    def handle(self):
        self.say("* OK ready\r\n")
        while line := self.rfile.readline().decode().strip():
            tag, _, command = line.partition(" ")
            self.server.folder.asked.append(command)
            if not self.answer(tag, command):
                return

    def drip(self, said):
        try:
            self.say(said)
            while not self.server.folder.over.wait(0.02):
                self.say("x")
        except OSError:
            pass
        return False

    def answer(self, tag, command):
        folder, word = self.server.folder, command.upper()
        for begins, said in folder.drips.items():
            if word.startswith(begins):
                return self.drip(said)
        if word.startswith("CAPABILITY"):
            self.say("* CAPABILITY IMAP4rev1\r\n")
        elif word.startswith("LOGIN") and '"right"' not in command:
            self.say(f"{tag} NO [AUTHENTICATIONFAILED] no such user\r\n")
            return True
        elif word.startswith("SELECT"):
            self.say(f"* {len(folder.messages)} EXISTS\r\n")
        elif word.startswith("UID SEARCH"):
            found = [
                n
                for n, raw in enumerate(folder.messages, 1)
                if n not in folder.seen and re.search(rb"(?im)^content-type:.*report", raw)
            ]
            self.say(f"* SEARCH {' '.join(map(str, found))}\r\n")
        elif word.startswith("UID FETCH"):
            number = int(command.split()[2])
            raw = folder.messages[number - 1]
            self.say(f"* {number} FETCH (UID {number} BODY[]<0> {{{len(raw)}}}\r\n")
            self.say(raw + b")\r\n")
        elif word.startswith("UID STORE"):
            folder.seen.add(int(command.split()[2]))
        elif word.startswith("LOGOUT"):
            self.say(f"* BYE\r\n{tag} OK\r\n")
            return False
        self.say(f"{tag} OK done\r\n")
        return True


@contextmanager
def serving(folder):
    """Serve the folder; yields the port."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Handler) as server:
        server.daemon_threads, server.folder = True, folder
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            folder.over.set()
            server.shutdown()
            thread.join()
