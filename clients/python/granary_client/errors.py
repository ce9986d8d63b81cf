"""Exceptions. An operation does not raise a failure that Granary reports, but returns it as a models.Problem; answered raises it as
Failed, and so does granary_client.streaming."""

from typing import Any, TypeVar, cast

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
        retry_after: After how many seconds to try again, if granary_client.streaming raised it and the answer says so; else None.
    """

    def __init__(self, problem: Problem, retry_after: int | None = None):
        super().__init__(problem, retry_after)
        self.problem = problem
        self.retry_after = retry_after

    def __str__(self) -> str:
        return f"{self.problem.title}: {self.problem.detail}"


T = TypeVar("T")


def answered(answer: T | Problem | None) -> T:
    """Returns what an operation has answered, if that is no failure.

    scenes = answered(create_project.sync(client=client, body=NewProject(name="scenes")))

    Raises:
        Failed: If Granary did not do what was asked.
    """
    if isinstance(answer, Problem):
        raise Failed(answer)
    return cast(T, answer)  # None stands for an answer that is empty


def retry_after(response: httpx.Response) -> int | None:
    """Returns after how many seconds to try again, None if the answer does not say so in seconds, as Granary does."""
    said = response.headers.get("Retry-After", "")
    return int(said) if said.isascii() and said.isdigit() else None


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


__all__ = ["Failed", "UnexpectedStatus", "answered", "is_page", "problem", "retry_after"]
