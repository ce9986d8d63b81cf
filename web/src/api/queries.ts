import { QueryClient, type InvalidateOptions, type InvalidateQueryFilters, type QueryKey } from "@tanstack/react-query";

/**
 * A QueryClient that believes no answer to a question that was asked before its queries were invalidated. TanStack's asks again only if the query has data:
 * a first answer that is still on its way would be shown although a change has been made since.
 */
export class Queries extends QueryClient {
  override invalidateQueries<Key extends QueryKey = QueryKey>(filters?: InvalidateQueryFilters<Key>, options: InvalidateOptions = {}): Promise<void> {
    if (options.cancelRefetch !== false && filters?.refetchType === undefined) {
      for (const query of this.getQueryCache().findAll(filters)) {
        if (query.state.data !== undefined || query.state.fetchStatus === "idle") continue;
        // Who still shows it waits for the next answer, which super asks for. What nobody shows is as if it had not been asked.
        void query.cancel(query.isActive() ? { silent: true } : { revert: true });
      }
    }
    return super.invalidateQueries(filters, options);
  }
}
