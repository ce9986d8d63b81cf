import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { api, ask } from "../api/client";
import type { components } from "../../../clients/typescript/schema";
import { count, size } from "../format";
import { Icon } from "../parts/Icon";
import { Moment } from "../parts/Moment";
import { Failure, Loading } from "../parts/states";
import { Meter } from "../storage/Meter";

const glance = 15_000; // milliseconds between refreshes

type Store = components["schemas"]["StoreState"];
type Blocks = components["schemas"]["Blocks"];

/** The state of the service: its block stores, its servers, and pending cleanup. */
export function Stores(): ReactElement {
  const system = useQuery({
    queryKey: ["admin", "system"],
    queryFn: ({ signal }) => ask(api.GET("/api/v1/admin/system", { signal })),
    refetchInterval: glance,
  });
  if (system.isPending) return <Loading label="Loading stores" />;
  if (system.data === undefined) return <Failure error={system.error} retry={() => void system.refetch()} />;
  const { stores, servers, checks, upkeep } = system.data;
  const gone = servers.filter((server) => !server.alive).length;
  return (
    <>
      {stores.map((store) => (
        <One key={store.name} store={store} />
      ))}
      <section aria-label="Servers">
        <h2>Servers</h2>
        <ul className="people">
          {servers.filter((server) => server.alive).map((server) => (
            <li key={server.id}>
              <Icon name="check" />
              <span className="grow">
                <code className="wrap server-id">{server.id}</code>
                <span className="faint">
                  running, last seen <Moment of={server.seen} />
                </span>
              </span>
              {server.answering && <span className="tag">this server</span>}
            </li>
          ))}
          {checks.map((check) => (
            <li key={check.name}>
              <Icon name={check.fault === undefined ? "check" : "close"} />
              <span className="grow">
                {check.name}
                <span className={check.fault === undefined ? "faint" : "fault wrap"}>{check.fault ?? "healthy"}</span>
              </span>
            </li>
          ))}
        </ul>
        {gone > 0 && (
          <p className="faint servers-gone">
            {count(gone, "other server or command was", "other servers or commands were")} seen in the last ten minutes or so and {gone === 1 ? "has" : "have"} stopped.
          </p>
        )}
      </section>
      <section aria-label="Cleanup and background work">
        <h2>Cleanup and background work</h2>
        <p>
          {upkeep.detached === 0
            ? "Everything that was deleted has been purged."
            : `${count(upkeep.detached, "deleted folder is", "deleted folders are")} waiting for the reaper to purge ${upkeep.detached === 1 ? "its" : "their"} contents.`}
          {upkeep.oldestDetached !== undefined && (
            <>
              {" "}
              The oldest has been waiting since <Moment of={upkeep.oldestDetached} />.
            </>
          )}
        </p>
        <p className="faint">
          {count(upkeep.jobs, "job")} queued or running, {count(upkeep.uploads, "unfinished upload")}, {count(upkeep.leases, "file")} being written. To check the blocks
          against the database, run <code>granary fsck</code> on a server.
        </p>
      </section>
    </>
  );
}

function One({ store }: { store: Store }): ReactElement {
  return (
    <section aria-label={`Store ${store.name}`} className="admin-store">
      <h2>
        Store “{store.name}” <span className={store.fault === undefined ? "tag" : "tag ill"}>{store.fault === undefined ? "healthy" : "unhealthy"}</span>
      </h2>
      {store.fault !== undefined && (
        <p className="fault wrap" role="alert">
          {store.fault}
        </p>
      )}
      {store.measured ? (
        <div className="room" data-room="">
          <p>
            <span data-size="">{size(store.remaining)}</span> free of <span data-size="">{size(store.capacity)}</span>
          </p>
          <Meter used={store.capacity - store.remaining} limit={store.capacity} label={`Space used in store ${store.name}`} />
        </div>
      ) : (
        <p className="faint">The free space of this store could not be measured.</p>
      )}
      <table className="admin-blocks">
        <thead>
          <tr>
            <th scope="col">Blocks</th>
            <th scope="col">Count</th>
            <th scope="col">Bytes</th>
            <th scope="col">Oldest</th>
          </tr>
        </thead>
        <tbody>
          <Row name="Live" means="used by files" blocks={store.live} />
          <Row name="Pending" means="being written" blocks={store.pending} />
          <Row name="Garbage" means="deleted by the reaper after a grace period" blocks={store.garbage} />
        </tbody>
      </table>
    </section>
  );
}

function Row({ name, means, blocks }: { name: string; means: string; blocks: Blocks }): ReactElement {
  return (
    <tr>
      <th scope="row">
        {name} <span className="faint">{means}</span>
      </th>
      <td>{blocks.count.toLocaleString("en")}</td>
      <td>{size(blocks.bytes)}</td>
      <td>{blocks.oldest === undefined ? "" : <Moment of={blocks.oldest} />}</td>
    </tr>
  );
}
