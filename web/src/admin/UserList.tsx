import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useDeferredValue, type ReactElement } from "react";
import { api, ask, wordsFor } from "../api/client";
import { count, exactMoment, moment } from "../format";
import { Icon } from "../parts/Icon";
import { Menu } from "../parts/Menu";
import { Failure, Loading } from "../parts/states";
import { toast } from "../parts/toasts";
import { useClose, useLinked } from "../place";
import { useMe } from "../session";
import { usersKey, useUsers, type User } from "./asked";
import { Find } from "./Find";
import { NewUser } from "./NewUser";
import { Confirm, GroupsDialog, PasswordDialog } from "./UserDialogs";

/** All users, with a menu of actions for each. */
export function UserList(): ReactElement {
  const [holds, setHolds] = useLinked("find");
  const users = useUsers(useDeferredValue(holds.trim()));
  const [open, setOpen] = useLinked("open");
  const [of, setOf] = useLinked("of");
  const change = useUserChange();
  const show = (which: string, user = "") => {
    setOpen(which);
    setOf(user, true);
  };
  const close = useClose("open", "of");
  const all = users.data?.pages.flatMap((page) => page.items) ?? [];
  const about = all.find((user) => user.name === of);
  return (
    <>
      <div className="row">
        <Find label="Find a user" value={holds} onChange={(text) => setHolds(text, true)} />
        <span className="gap" />
        <button type="button" className="primary" onClick={() => show("new")}>
          <Icon name="plus" /> Add a user
        </button>
      </div>
      {users.isPending ? (
        <Loading label="Loading users" />
      ) : users.data === undefined ? (
        <Failure error={users.error} retry={() => void users.refetch()} />
      ) : all.length === 0 ? (
        <p className="faint">No users match.</p>
      ) : (
        <ul className="people" aria-label="Users">
          {all.map((user) => (
            <One key={user.name} user={user} show={show} change={(what) => change.mutate({ user: user.name, ...what })} />
          ))}
        </ul>
      )}
      {users.hasNextPage && (
        <button type="button" disabled={users.isFetchingNextPage} onClick={() => void users.fetchNextPage()}>
          More users
        </button>
      )}
      {open === "new" && <NewUser onClose={close} />}
      {open === "password" && about !== undefined && <PasswordDialog user={about.name} onClose={close} />}
      {open === "groups" && about !== undefined && <GroupsDialog user={about} onClose={close} />}
      {open === "disable" && about !== undefined && !about.disabled && (
        <Confirm title={`Disable ${about.name}?`} deed="Disable" onClose={close} run={() => change.mutateAsync({ user: about.name, disabled: true })}>
          All sessions of {about.name} end, and every further request is refused. Files, memberships and tokens are kept and work again when {about.name} is enabled.
        </Confirm>
      )}
      {open === "admin" && about !== undefined && !about.admin && (
        <Confirm title={`Make ${about.name} a superuser?`} deed="Make a superuser" onClose={close} run={() => change.mutateAsync({ user: about.name, admin: true })}>
          Superusers can read and change everything in all projects, and manage users.
        </Confirm>
      )}
    </>
  );
}

type Change = { user: string; disabled?: boolean; admin?: boolean };

/** Changes a user and confirms it in a toast. */
function useUserChange() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ user, ...body }: Change) => ask(api.PATCH("/api/v1/admin/users/{user}", { params: { path: { user } }, body })),
    onSuccess: (user, { disabled, admin }) => {
      toast({ text: `${user.name} is now ${disabled === undefined ? (admin === true ? "a superuser" : "an ordinary user") : disabled ? "disabled" : "enabled"}.` });
      return queries.invalidateQueries({ queryKey: usersKey });
    },
    onError: (e) => toast({ text: wordsFor(e), tone: "bad" }),
  });
}

interface OneProps {
  user: User;
  show: (dialog: string, user: string) => void;
  change: (what: Omit<Change, "user">) => void;
}

function One({ user, show, change }: OneProps): ReactElement {
  const me = useMe();
  const myself = user.name === me.name;
  const groups = [...user.groups, ...user.mappedGroups];
  const endSessions = async () => {
    try {
      await ask(api.DELETE("/api/v1/admin/users/{user}/sessions", { params: { path: { user: user.name } } }));
      toast({ text: `All sessions of ${user.name} have ended.` });
    } catch (e) {
      toast({ text: wordsFor(e), tone: "bad" });
    }
  };
  return (
    <li className={user.disabled ? "over" : undefined}>
      <Icon name={user.service ? "code" : "person"} />
      <span className="grow">
        <strong className="wrap">
          <bdi>{user.name}</bdi>
        </strong>
        <span className="faint wrap">
          since <time title={exactMoment(Date.parse(user.created))}>{moment(Date.parse(user.created))}</time>
          {groups.length > 0 && `, ${count(groups.length, "group")}: ${groups.join(", ")}`}
          {!user.password && !user.service && ", no password"}
        </span>
      </span>
      {myself && <span className="tag">you</span>}
      {user.superuser && <span className="tag">superuser</span>}
      {user.service && <span className="tag">service account</span>}
      {user.disabled && <span className="tag">disabled</span>}
      <Menu
        trigger={
          <button type="button" className="quiet square" aria-label={`Actions for ${user.name}`}>
            <Icon name="more" />
          </button>
        }
        items={[
          ...(user.service
            ? []
            : ([
                { label: "Set password…", icon: "key", run: () => show("password", user.name) },
                { label: "Change groups…", icon: "people", run: () => show("groups", user.name) },
                user.admin
                  ? { label: "Remove as superuser", icon: "person" as const, disabled: myself, run: () => change({ admin: false }) }
                  : { label: "Make a superuser…", icon: "person" as const, run: () => show("admin", user.name) },
              ] as const)),
          { label: "End all sessions", icon: "close", run: () => void endSessions() },
          "line",
          user.disabled
            ? { label: "Enable", icon: "check", run: () => change({ disabled: false }) }
            : { label: "Disable…", icon: "lock", danger: true, disabled: myself, run: () => show("disable", user.name) },
        ]}
      />
    </li>
  );
}
