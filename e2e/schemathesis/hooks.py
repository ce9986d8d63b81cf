"""Puts right what schemathesis takes for valid. schemathesis.toml names this file."""

import schemathesis


@schemathesis.hook
def before_call(context, case, kwargs):
    """Quotes ETags. Where it walks through a schema, it makes headers of letters and digits alone, and falls back to 0 where
    the pattern has none such, as that of If-Match."""
    for name in ("If-Match", "If-None-Match"):
        if case.headers and case.headers.get(name) == "0":
            case.headers[name] = '"0"'
