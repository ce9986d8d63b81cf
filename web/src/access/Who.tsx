import { useQuery } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import { api, ApiError, ask } from "../api/client";
import { Failure, Loading } from "../parts/states";
import { nameOf, projectOf, visible, type Path } from "../path";
import { useMe } from "../session";
import { Ask } from "./Ask";
import { mayWords, throughWords } from "./words";
import { Why } from "./Why";

/** Who has access to a path, and why. Data owners of the project see everyone; others see only themselves. */
export function Who({ path, directory }: { path: Path; directory: boolean }): ReactElement {
  const me = useMe();
  const [open, setOpen] = useState<string | null>(null);
  const who = useQuery({
    queryKey: ["access-effective", path],
    queryFn: () => ask(api.GET("/api/v1/access/effective", { params: { query: { path } } })),
    staleTime: 0,
    retry: false,
  });
  if (who.isPending) return <Loading label="Loading who has access" />;
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
        <button type="button" className="link" aria-expanded={open === u.user} aria-label={`Why ${visible(u.user)} has access`} onClick={() => setOpen(open === u.user ? null : u.user)}>
          Why
        </button>
      </td>
    </tr>
  );
  return (
    <div className="access who">
      <p>
        {who.data.everyone.may === "---" ? `Only these people can use this ${directory ? "folder" : "file"}.` : `Everyone can use this ${directory ? "folder" : "file"}, and some people can do more.`} Permissions of the folders above it are taken into account.
      </p>
      <table className="access-people">
        <thead>
          <tr>
            <th scope="col">Who</th>
            <th scope="col">Can</th>
            <th scope="col">Reason</th>
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
              Everyone else
            </th>
            <td>{mayWords(everyone.may, directory)}</td>
            <td className="faint">{everyone.may === "---" ? "" : throughWords(everyone.through)}</td>
            <td />
          </tr>
        </tbody>
      </table>
      <p className="faint">{partial ? "Only the first thousand people were checked. " : ""}Superusers can do everything and are not listed.</p>
      <Ask path={path} directory={directory} />
    </div>
  );
}

/** The caller’s own access, for those who may not learn about others. */
function Myself({ path, directory }: { path: Path; directory: boolean }): ReactElement {
  const me = useMe();
  const project = projectOf(path);
  return (
    <div className="access who">
      <p className="notice">
        {project === undefined
          ? "Outside projects, only superusers can see what others can do. This is what you can do, and why."
          : `Only data owners of ${visible(project)} and superusers can see who else has access to ${visible(nameOf(path))}, because that shows who it is shared with. This is what you can do, and why.`}
      </p>
      {(["read", "write", "delete", "manage"] as const).map((action) => (
        <Why key={action} path={path} directory={directory} user={me.name} action={action} />
      ))}
    </div>
  );
}
