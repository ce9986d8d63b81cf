import { ApiError, noAnswer, problem, sessionEnded } from "./client";

/**
 * Has the browser download what the server generates at an address, under name or the server's own name. It asks with HEAD first, so that a refusal becomes
 * an ApiError with a message, and not just a failed download.
 */
export async function saveMade(address: string, name = ""): Promise<void> {
  const asked = await answerTo(address, "HEAD");
  if (!asked.ok) throw await refusal(address, asked);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
}

/** The error of a refusal, with its message, which the answer to HEAD lacks. */
async function refusal(address: string, asked: Response): Promise<ApiError> {
  const answer = await answerTo(address, "GET");
  if (answer.status === 401) sessionEnded.dispatchEvent(new Event("ended"));
  if (answer.ok) {
    await answer.body?.cancel(); // it works by now
    return problem(asked.status, undefined);
  }
  return problem(answer.status, await answer.json().catch(() => undefined), answer.headers.get("Retry-After"));
}

async function answerTo(address: string, method: "GET" | "HEAD"): Promise<Response> {
  try {
    return await fetch(address, { method });
  } catch {
    throw new ApiError(0, noAnswer);
  }
}
