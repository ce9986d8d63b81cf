import { ApiError, noAnswer, problem, sessionEnded } from "./client";

/**
 * Has the browser save what the server makes at an address, as name, or under the name that the server gives it. The server is asked first whether it can
 * be made, so that a refusal comes in words, as an ApiError, and not as a download that failed.
 */
export async function saveMade(address: string, name = ""): Promise<void> {
  const asked = await answerTo(address, "HEAD");
  if (!asked.ok) throw await refusal(address, asked);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
}

/** The words of a refusal, which the answer to HEAD has not. */
async function refusal(address: string, asked: Response): Promise<ApiError> {
  const answer = await answerTo(address, "GET");
  if (answer.status === 401) sessionEnded.dispatchEvent(new Event("ended"));
  if (answer.ok) {
    await answer.body?.cancel(); // it can be made by now
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
