import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactElement } from "react";
import type { components } from "../../../clients/typescript/schema";
import { api, ask, wordsFor, type Project } from "../api/client";
import { allPages, following } from "../api/pages";
import { NameField } from "../people/NameField";
import { Icon } from "../parts/Icon";
import { Failure, Loading } from "../parts/states";
import { toast } from "../parts/toasts";
import { useMe } from "../session";
import { roles } from "./roles";

type Member = components["schemas"]["Member"];
type Role = NonNullable<Project["role"]>;
const allRoles: readonly Role[] = ["owner", "scientist", "observer"];

/** A change of a member's role; null removes the member, whose role it was. */
interface Change {
  user: string;
  role: Role | null;
  was?: Role;
}

/** The members of a project and their roles, which its data owners can change. */
export function Members({ project, mine }: { project: string; mine: Role | undefined }): ReactElement {
  const me = useMe();
  const queries = useQueryClient();
  const key = ["members", project];
  const members = useQuery({
    queryKey: key,
    queryFn: () => allPages<Member>((after) => ask(api.GET("/api/v1/projects/{project}/members", { params: { path: { project }, query: following(after) } }))),
  });
  const change = useMutation({
    mutationFn: ({ user, role }: Change) =>
      role === null
        ? ask(api.DELETE("/api/v1/projects/{project}/members/{user}", { params: { path: { project, user } } }))
        : ask(api.PUT("/api/v1/projects/{project}/members/{user}", { params: { path: { project, user } }, body: { role } })),
    onError: (e) => toast({ text: wordsFor(e), tone: "bad" }),
    // Not where it is called: there, only the latest call of several would be told of.
    onSuccess: (_, { user, role, was }) => {
      if (role !== null || was === undefined) return;
      toast({ text: `${user} was removed from the project.`, action: { label: "Undo", run: () => change.mutate({ user, role: was }) } });
    },
    // A change of one's own role also changes what one may see and do in the project.
    onSettled: (_, __, { user }) => Promise.all([key, ...(user === me.name ? [["project", project], ["projects"]] : [["requests", project]])].map((queryKey) => queries.invalidateQueries({ queryKey }))),
  });
  if (members.isPending) return <Loading label="Loading members" />;
  if (members.data === undefined) return <Failure error={members.error} />;
  const owner = mine === "owner";
  return (
    <section aria-label="Members">
      <h2>Members</h2>
      <ul className="people">
        {members.data.map((m) => (
          <li key={m.user}>
            <Icon name="people" />
            <span className="grow">{m.user}</span>
            {owner ? (
              <>
                <select
                  aria-label={`Role of ${m.user}`}
                  value={m.role}
                  onChange={(e) => change.mutate({ user: m.user, role: allRoles.find((r) => r === e.target.value) ?? m.role })}
                >
                  {allRoles.map((r) => (
                    <option key={r} value={r}>
                      {roles[r].label}
                    </option>
                  ))}
                </select>
                <button type="button" className="quiet square" aria-label={`Remove ${m.user}`} title={`Remove ${m.user}`} onClick={() => change.mutate({ user: m.user, role: null, was: m.role })}>
                  <Icon name="close" />
                </button>
              </>
            ) : (
              <span className="tag" title={roles[m.role].means}>
                {roles[m.role].label}
              </span>
            )}
          </li>
        ))}
      </ul>
      {owner && <AddMember onAdd={(user, role) => change.mutateAsync({ user, role })} />}
    </section>
  );
}

function AddMember({ onAdd }: { onAdd: (user: string, role: Role) => Promise<unknown> }): ReactElement {
  const [user, setUser] = useState("");
  const [role, setRole] = useState<Role>("scientist");
  const submit = async (e: FormEvent) => {
    e.preventDefault();
    try {
      await onAdd(user.trim(), role);
      setUser((now) => (now === user ? "" : now)); // the next name may have been typed
    } catch {
      // The mutation has shown the error. The name stays in the field, to be corrected.
    }
  };
  return (
    <form className="row" onSubmit={(e) => void submit(e)}>
      <NameField kind="user" label="User to add" placeholder="User name" required value={user} onChange={setUser} />
      <select aria-label="Role" value={role} onChange={(e) => setRole(allRoles.find((r) => r === e.target.value) ?? "scientist")}>
        {allRoles.map((r) => (
          <option key={r} value={r}>
            {roles[r].label}
          </option>
        ))}
      </select>
      <button type="submit">Add</button>
    </form>
  );
}
