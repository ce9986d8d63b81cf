import { vi } from "vitest";

// What is waited for comes when a busy machine gets to it. Vitest waits for a second, and has no setting for that, unlike for expect.poll.
const { waitFor } = vi;
vi.waitFor = (callback, options = 20_000) => waitFor(callback, options);
