// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createRoot } from "react-dom/client";
import { afterEach, expect, test, vi } from "vitest";
import { api } from "../../api/client";
import { listingKey } from "../../listing/useListing";
import { go } from "../../place";
import { Neighbours } from "./Neighbours";

afterEach(() => void vi.restoreAllMocks());

const page = (...names: string[]) => ({
  DirectoryListing: { partialListing: { FileStatuses: { FileStatus: names.map((pathSuffix) => ({ pathSuffix, type: "FILE", length: 1 })) } }, remainingEntries: 0 },
});

test("the images beside one are those of the listing that was read just now, and not of one that is out of date", async () => {
  vi.spyOn(api, "GET").mockImplementation((() => Promise.resolve({ data: page("a.png", "c.png", "d.png"), response: new Response(null, { status: 200 }) })) as never);
  const cases = [["just now", 0, false, "1 of 2"], ["a minute ago", 60_000, false, "1 of 3"], ["before a change", 0, true, "1 of 3"]] as const;
  for (const [when, age, changed, said] of cases) {
    const queries = new QueryClient();
    queries.setQueryData(listingKey("/d"), { pages: [page("a.png", "b.png")], pageParams: [""] }, { updatedAt: Date.now() - age });
    if (changed) await queries.invalidateQueries({ queryKey: listingKey("/d") });
    go({ at: "files", path: "/d/a.png" });
    const place = document.body.appendChild(document.createElement("div"));
    const root = createRoot(place);
    root.render(<QueryClientProvider client={queries}><Neighbours path="/d/a.png" /></QueryClientProvider>);
    await vi.waitFor(() => expect(place.querySelector(".neighbours span")?.textContent, when).toBe(said), 20_000);
    root.unmount();
  }
});
