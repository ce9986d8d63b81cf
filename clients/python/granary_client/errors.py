"""Exceptions. An operation does not raise a failure that Granary reports, but returns it as a models.Problem; only
granary_client.streaming raises it, as Failed."""

from typing import Any

import httpx

from .models.problem import Problem


class UnexpectedStatus(Exception):
    """The answer is not one of the OpenAPI document, whatever its status: it may come from a proxy, or not from a Granary.

    Attributes:
        status_code: The HTTP status.
        content: The complete answer, of which only the first 1,000 bytes are printed.
    """

    def __init__(self, status_code: int, content: bytes):
        super().__init__(status_code, content)
        self.status_code = status_code
        self.content = content

    def __str__(self) -> str:
        return f"Unexpected answer with status {self.status_code}:\n{self.content[:1000].decode(errors='replace')}"


class Failed(Exception):
    """A failure that Granary reports.

    Attributes:
        problem: The answer, with its status and its message.
    """

    def __init__(self, problem: Problem):
        super().__init__(problem)
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.problem.title}: {self.problem.detail}"


def is_page(response: httpx.Response) -> bool:
    """Reports whether an answer is a page for a browser, such as a proxy's to sign in. Granary labels nothing as HTML, not even files."""
    return _media_type(response) == "text/html"


def problem(response: httpx.Response) -> Any:
    """Returns the JSON of a failure that Granary reports, for models.Problem.from_dict.

    Raises:
        UnexpectedStatus: If its type is not application/problem+json.
        ValueError: If it is not JSON.
    """
    if _media_type(response) != "application/problem+json":
        raise UnexpectedStatus(response.status_code, response.content)
    return response.json()


def _media_type(response: httpx.Response) -> str:
    return response.headers.get("Content-Type", "").partition(";")[0].strip().lower()


__all__ = ["Failed", "UnexpectedStatus", "is_page", "problem"]
