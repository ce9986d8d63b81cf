"""What operations raise. A failure that Granary itself answers is no exception but a models.Problem, as their result; only
granary_client.streaming raises it, as Failed."""

from typing import Any

import httpx

from .models.problem import Problem


class UnexpectedStatus(Exception):
    """The answer is none that the OpenAPI document knows, whatever its status: what answers may be a proxy, or no Granary.

    Attributes:
        status_code: The HTTP status.
        content: All bytes of the answer, of which only the first 1,000 are printed.
    """

    def __init__(self, status_code: int, content: bytes):
        super().__init__(status_code, content)
        self.status_code = status_code
        self.content = content

    def __str__(self) -> str:
        return f"Unexpected answer with status {self.status_code}:\n{self.content[:1000].decode(errors='replace')}"


class Failed(Exception):
    """What Granary answers where it does not do what was asked.

    Attributes:
        problem: The answer, with its status and its words.
    """

    def __init__(self, problem: Problem):
        super().__init__(problem)
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.problem.title}: {self.problem.detail}"


def problem(response: httpx.Response) -> Any:
    """The JSON of a failure that Granary answers, for models.Problem.from_dict.

    Raises:
        UnexpectedStatus: If it does not call itself application/problem+json.
        ValueError: If it is no JSON.
    """
    if response.headers.get("Content-Type", "").partition(";")[0].strip().lower() != "application/problem+json":
        raise UnexpectedStatus(response.status_code, response.content)
    return response.json()


__all__ = ["Failed", "UnexpectedStatus", "problem"]
