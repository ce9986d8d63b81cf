import pytest

from answering import PROBLEM, serving


@pytest.fixture
def kept():
    """The address of a server that keeps what it receives, each with its Content-Length; /away/… redirects to the rest."""
    came = []

    def answer(request):
        length = request.headers.get("Content-Length")
        if length is not None:
            body = request.rfile.read(int(length))
        else:
            body = b""
            while size := int(request.rfile.readline() or b"-1", 16):
                if size < 0:  # it was broken off
                    request.close_connection = True
                    return
                body += request.rfile.read(size)
                request.rfile.readline()
            request.rfile.readline()
        if request.path.startswith("/away"):
            request.send_response(307)
            request.send_header("Location", request.path.removeprefix("/away"))
            request.send_header("Content-Length", "0")
            request.end_headers()
            return
        came.append((length, body))
        request.reply(201)

    with serving(answer) as origin:
        yield origin, came


@pytest.fixture
def noted():
    """The address of a server that notes each request's peer, and its headers, and what it has noted."""
    heard = []

    def answer(request):
        heard.append((request.client_address, request.headers))
        request.reply(404, PROBLEM, "application/problem+json")

    with serving(answer) as origin:
        yield origin, heard
