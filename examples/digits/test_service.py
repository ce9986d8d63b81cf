"""Tests where the scripts send a token. TestDigitsTLS of e2e runs this."""

import subprocess
import sys

import curves
import fsspec
import pytest
import service


@pytest.fixture
def serving(monkeypatch):
    def at(url):
        monkeypatch.setattr(service, "URL", url)
        monkeypatch.setenv("GRANARY_TOKEN", "e30.e30.c2ln")

    return at


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("https://granary.example.org", "https://granary.example.org:443/webhdfs/v1"),
        ("https://granary.example.org:9871", "https://granary.example.org:9871/webhdfs/v1"),
        ("http://granary.example.org", "http://granary.example.org:80/webhdfs/v1"),
        ("http://127.0.0.1:9870", "http://127.0.0.1:9870/webhdfs/v1"),
    ],
)
def test_where_fsspec_sends_the_token(serving, url, asked):
    serving(url)
    filesystem, path = fsspec.core.url_to_fs(service.uri("/user/bob/f"), **service.storage_options())
    assert (filesystem.url, path) == (asked, "/user/bob/f")
    assert filesystem.pars["delegation"] == service.token()

    # The same in another program, which gets this from its environment.
    show = "import fsspec, sys; f = fsspec.core.url_to_fs(sys.argv[1])[0]; print(f.url, f.pars['delegation'])"
    command = [sys.executable, "-c", show, service.uri("/user/bob/f")]
    said = subprocess.run(command, env=service.environment(), check=True, capture_output=True, text=True)
    assert said.stdout.split() == [asked, service.token()]


def test_tensorboard_may_say_much(serving, tmp_path, monkeypatch):
    serving("http://127.0.0.1:9870")
    (tmp_path / "tensorboard").mkdir()
    (tmp_path / "tensorboard" / "__init__.py").touch()
    (tmp_path / "tensorboard" / "main.py").write_text(
        "import sys\n"
        "print('TensorBoard 2 at http://127.0.0.1:6006/ (Press CTRL+C to quit)', file=sys.stderr, flush=True)\n"
        "print('much\\n' * 1_000_000, file=sys.stderr)\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    process, address = curves.start_tensorboard()
    try:
        assert address == "http://127.0.0.1:6006"
        assert process.wait(timeout=20) == 0
    finally:
        process.kill()
        process.wait()
