import { useQuery } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import { api, ApiError, ask } from "../api/client";
import { Failure, Loading } from "../parts/states";
import { nameOf, projectOf, visible, type Path } from "../path";
import { useMe } from "../session";
import { Ask } from "./Ask";
import { mayWords, throughWords } from "./words";
import { Why } from "./Why";

/** Who can do what with a path, and why: everybody for those who own the project, and for others themselves. */
export function Who({ path, directory }: { path: Path; directory: boolean }): ReactElement {
  const me = useMe();
  const [open, setOpen] = useState<string | null>(null);
  const who = useQuery({
    queryKey: ["access-effective", path],
    queryFn: () => ask(api.GET("/api/v1/access/effective", { params: { query: { path } } })),
    staleTime: 0,
    retry: false,
  });
  if (who.isPending) return <Loading label="Who can do what" />;
  if (who.data === undefined) {
    return who.error instanceof ApiError && who.error.status === 403 ? <Myself path={path} directory={directory} /> : <Failure error={who.error} retry={() => void who.refetch()} />;
  }
  const { users, everyone, partial } = who.data;
  const one = (u: (typeof users)[number]) => (
    <tr key={u.user} className={open === u.user ? "open" : undefined}>
      <th scope="row">
        <bdi>{visible(u.user)}</bdi>
        {u.user === me.name && <span className="faint"> (you)</span>}
      </th>
      <td>{mayWords(u.may, directory, u.manages)}</td>
      <td className="faint">{throughWords(u.through)}</td>
      <td className="end">
        <button type="button" className="link" aria-expanded={open === u.user} aria-label={`Why ${visible(u.user)}`} onClick={() => setOpen(open === u.user ? null : u.user)}>
          Why
        </button>
      </td>
    </tr>
  );
  return (
    <div className="access who">
      <p>
        Who can use {directory ? "this directory" : "this file"}, the way to it included: {who.data.everyone.may === "---" ? "nobody but those named here" : "everybody, and some more than others"}.
      </p>
      <table className="access-people">
        <thead>
          <tr>
            <th scope="col">Who</th>
            <th scope="col">Can</th>
            <th scope="col">As</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {users.map((u) =>
            open === u.user ? (
              [
                one(u),
                <tr key={`${u.user} why`} className="why-row">
                  <td colSpan={4}>
                    <Why path={path} directory={directory} user={u.user} action="read" />
                    {(u.may.includes("w") || u.manages) && <Why path={path} directory={directory} user={u.user} action={u.manages ? "manage" : "write"} />}
                  </td>
                </tr>,
              ]
            ) : (
              one(u)
            ),
          )}
          <tr>
            <th scope="row" className="faint">
              Everybody else
            </th>
            <td>{mayWords(everyone.may, directory)}</td>
            <td className="faint">{everyone.may === "---" ? "" : throughWords(everyone.through)}</td>
            <td />
          </tr>
        </tbody>
      </table>
      <p className="faint">{partial ? "There are more than the thousand people that were looked at. " : ""}Superusers can do everything, and are left out.</p>
      <Ask path={path} directory={directory} />
    </div>
  );
}

/** What is told to who may not know of others. */
function Myself({ path, directory }: { path: Path; directory: boolean }): ReactElement {
  const me = useMe();
  const project = projectOf(path);
  return (
    <div className="access who">
      <p className="notice">
        {project === undefined
          ? "Outside of projects only superusers are told what others can do. Here is what you can do, and why."
          : `What others can do with ${visible(nameOf(path))} is told to data owners of ${visible(project)} and to superusers only: it would tell whom it is shared with. Here is what you can do, and why.`}
      </p>
      {(["read", "write", "delete", "manage"] as const).map((action) => (
        <Why key={action} path={path} directory={directory} user={me.name} action={action} />
      ))}
    </div>
  );
}
