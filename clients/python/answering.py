"""A server that answers as a test defines, and a client for it."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from granary_client import AuthenticatedClient

PROBLEM = b'{"type":"about:blank","title":"Not found","status":404,"detail":"There is no /f.","requestId":"1"}'

SENT = bytes(range(256)) * 4096  # a megabyte: more than one part


@contextmanager
def serving(answer):
    """Runs a server that passes every request to answer, and yields its address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            answer(self)

        do_POST = do_PUT = do_DELETE = do_GET

        def log_message(self, *args):
            pass

        def reply(self, status, content=b"", kind="application/json"):
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def client_of(origin, token="token", **settings):
    return AuthenticatedClient(base_url=origin, token=token, **settings)
