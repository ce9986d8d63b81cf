import { useInfiniteQuery } from "@tanstack/react-query";
import { useDeferredValue, type ReactElement } from "react";
import type { components } from "../../../clients/typescript/schema";
import { api, ask, wordsFor } from "../api/client";
import { Icon } from "../parts/Icon";
import { Link } from "../parts/Link";
import { Empty, Failure, Loading } from "../parts/states";
import { toast } from "../parts/toasts";
import { visible } from "../path";
import { go, isAt, useLinked } from "../place";
import { Ask } from "../projects/Ask";
import "../projects/projects.css";
import { useProjects } from "../shell/places";

type Found = components["schemas"]["Found"];

/** Listed projects and datasets of others: public datasets can be opened, access to the rest can be requested. */
export default function Discover(): ReactElement {
  const [text, setText] = useLinked("words");
  const words = useDeferredValue(text.trim());
  const found = useInfiniteQuery({
    queryKey: ["discover", words],
    queryFn: ({ pageParam, signal }) =>
      ask(api.GET("/api/v1/discover", { params: { query: { ...(words === "" ? {} : { query: words }), ...(pageParam === "" ? {} : { after: pageParam }), limit: 50 } }, signal })),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
  });
  const items = found.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className="page">
      <header className="page-head">
        <h1>Discover</h1>
      </header>
      <input
        className="find-field"
        type="search"
        aria-label="Search names and descriptions"
        placeholder="Search names and descriptions"
        spellCheck={false}
        value={text}
        onChange={(e) => setText(e.target.value, true)}
      />
      {found.isPending ? (
        <Loading label="Loading projects and datasets" />
      ) : found.data === undefined ? (
        <Failure error={found.error} retry={() => void found.refetch()} />
      ) : items.length === 0 ? (
        <Empty icon="search" title={words === "" ? "Nothing is listed yet" : "No results"}>
          <p>
            {words === ""
              ? "Projects and datasets appear here when their data owners list them: a project in “Description and listing” on its page, a dataset with the pencil next to it."
              : "A result must contain every word in its name or description. Only listed projects and datasets are searched; press Ctrl K to search everything you can read."}
          </p>
        </Empty>
      ) : (
        <ul className="cards">
          {items.map((item) => (
            <FoundCard key={`${item.project}/${item.dataset ?? ""}`} item={item} />
          ))}
        </ul>
      )}
      {found.hasNextPage && (
        <p>
          <button type="button" disabled={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            Show more
          </button>
        </p>
      )}
    </div>
  );
}

/** Opens a dataset. Search results contain no paths, so its path is requested first. */
async function openDataset(id: number): Promise<void> {
  try {
    const { path } = await ask(api.GET("/api/v1/datasets/{id}", { params: { path: { id } } }));
    if (isAt({ at: "discover" })) go({ at: "files", path }); // the user may have gone elsewhere meanwhile
  } catch (e) {
    toast({ text: wordsFor(e), tone: "bad" });
  }
}

function FoundCard({ item }: { item: Found }): ReactElement {
  const projects = useProjects();
  const { project, dataset, name } = item;
  const member = projects.data?.some((p) => p.name === project) ?? false;
  const readable = dataset !== undefined && (item.public || member);
  const shown = visible(name);
  return (
    <li className="card" aria-label={shown}>
      <Icon name={dataset === undefined ? "project" : "folder"} />
      <div className="grow">
        <h2>
          {dataset === undefined ? (
            <Link to={{ at: "project", project }}>{shown}</Link>
          ) : readable ? (
            <button type="button" className="as-link" onClick={() => void openDataset(dataset)}>
              {shown}
            </button>
          ) : (
            shown
          )}
          {dataset !== undefined && <span className="faint">in {project}</span>}
          {item.public && <span className="tag">public</span>}
          {member && <span className="tag">member</span>}
        </h2>
        <p className="faint">{item.description === "" ? "No description" : item.description}</p>
        {!member && !item.public && projects.data !== undefined && <Ask project={project} {...(dataset === undefined ? {} : { dataset })} what={shown} />}
      </div>
    </li>
  );
}
