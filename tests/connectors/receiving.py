"""A tool of a merchant's on loopback, which takes webhooks as its maker would: with the specification's own library."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks import Webhook


class Receiver:
    """Keeps what comes in; answers with `statuses` in turn, then with 200. `secret`: what signatures are checked with."""

    def __init__(self):
        self.came, self.statuses, self.headers, self.secret = [], [], {}, ""
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.came.append((dict(self.headers), body))
                self.send_response(receiver.statuses.pop(0) if receiver.statuses else 200)
                for name, value in receiver.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(b"thank you")

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/hooks?tool=1"

    def events(self):
        """The events that came, each with a signature that holds."""
        return [Webhook(self.secret).verify(body, headers) for headers, body in self.came]

    def ids(self):
        return [{name.lower(): value for name, value in headers.items()}["webhook-id"] for headers, _ in self.came]

    def close(self):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
