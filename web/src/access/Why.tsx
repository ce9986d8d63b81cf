import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { api, ask, wordsFor } from "../api/client";
import type { components } from "../../../clients/typescript/schema";
import { exactMoment } from "../format";
import { Icon } from "../parts/Icon";
import { PathText } from "../parts/PathText";
import { Loading } from "../parts/states";
import { projectOf, visible, type Path } from "../path";
import { labelOf, recipientOf } from "../shares/levels";

type Explanation = components["schemas"]["Explanation"];
type Step = Explanation["steps"][number];
/** An action that access to a path is checked for. */
export type Action = Explanation["action"];
/** All actions, in the order in which they are offered. */
export const actions: readonly Action[] = ["read", "write", "create", "delete", "manage"];

/** An action in words that follow "can". */
export function actionWords(action: Action, directory: boolean): string {
  const words: Readonly<Record<Action, string>> = {
    read: directory ? "list it" : "read it", write: directory ? "change its contents" : "write to it", create: directory ? "create it" : "replace it", delete: "delete it",
    manage: "change its permissions",
  };
  return words[action];
}

interface WhyProps {
  path: Path;
  directory: boolean;
  user: string;
  action: Action;
}

/** Whether a user may do something with a path, and what decides it, step by step along the path. */
export function Why({ path, directory, user, action }: WhyProps): ReactElement {
  const why = useQuery({
    queryKey: ["access-why", path, user, action],
    queryFn: () => ask(api.GET("/api/v1/access/explain", { params: { query: { path, user, action } } })),
    staleTime: 0,
    retry: false,
  });
  if (why.isPending) return <Loading label="Loading the reason" />;
  if (why.data === undefined) {
    return (
      <p className="fault" role="alert">
        {wordsFor(why.error)}
      </p>
    );
  }
  const { allowed, steps, reason } = why.data;
  const decided = steps.at(-1);
  return (
    <div className="why" role="group" aria-label={`Can ${user} ${actionWords(action, directory)}?`}>
      <p className={allowed ? "verdict" : "verdict no"}>
        <Icon name={allowed ? "check" : "close"} />
        <span>
          <strong>{allowed ? "Yes" : "No"}:</strong> <bdi>{visible(user)}</bdi> {allowed ? "can" : "cannot"} {actionWords(action, directory)}
          {decided === undefined ? "." : <>, because <Because step={decided} user={user} path={path} />.</>}
        </span>
      </p>
      {steps.length > 1 && (
        <details>
          <summary>Show every check, from the top folder down</summary>
          <ol>
            {steps.map((step, i) => (
              <li key={i} className={step.allowed ? undefined : "refused"}>
                <PathText path={step.path} />
                <span>
                  {step.wanted === "---" ? "" : `${wantedWords(step.wanted)}: `}
                  {step.allowed ? "yes" : "no"}, <Because step={step} user={user} path={path} />
                </span>
              </li>
            ))}
          </ol>
        </details>
      )}
      {!allowed && decided === undefined && reason !== undefined && <p className="faint">{visible(reason)}</p>}
    </div>
  );
}

function wantedWords(wanted: string): string {
  const words = [wanted.includes("r") && "to read it", wanted.includes("w") && "to change it", wanted.includes("x") && "to enter it"];
  return words.filter((word) => word !== false).join(" and ");
}

/** The rule that decided a step, in words that follow "because". */
function Because({ step, user, path }: { step: Step; user: string; path: Path }): ReactElement {
  const who = <bdi>{visible(user)}</bdi>;
  const project = visible(projectOf(step.path) ?? projectOf(path) ?? "");
  const at = <PathText path={step.path} />;
  const { by, allowed } = step;
  const share = /^share:(\d+)$/.exec(by)?.[1];
  if (share !== undefined) return <ByShare id={Number(share)} allowed={allowed} masked={step.masked === true} />;
  const entry = /^(user|group):(.*)$/s.exec(by);
  if (step.masked) {
    return entry === null ? (
      <>{who} is in the owning group of {at}, which would allow it, but the mask does not</>
    ) : (
      <>the entry of {entry[1] === "user" ? who : <>the group {visible(entry[2] ?? "")}</>} in the access list of {at} would allow it, but the mask does not</>
    );
  }
  if (entry !== null) {
    return entry[1] === "user" ? (
      <>the access list of {at} has an entry for {who} that {allowed ? "allows it" : "does not allow it"}</>
    ) : (
      <>{who} is in the group {visible(entry[2] ?? "")}, whose entry in the access list of {at} {allowed ? "allows it" : "does not allow it"}</>
    );
  }
  switch (by) {
    case "superuser":
      return <>{who} is a superuser, who may do everything</>;
    case "role:owner":
      return <>{who} is a data owner of {project}, and data owners have full access to their project</>;
    case "role:observer":
      return <>{who} is an observer of {project}, and observers cannot change anything</>;
    case "owner":
      return allowed ? <>{who} owns {at}</> : step.wanted === "---" ? <>{who} does not own {at}</> : <>{who} owns {at}, but its mode does not allow this to the owner</>;
    case "group":
      return <>{who} is in the owning group of {at}, and its mode {allowed ? "allows it" : "does not allow it"} to the group</>;
    case "public":
      return allowed ? <>the dataset is public and everyone can read it</> : <>the dataset is public, which only allows reading</>;
    case "other":
      return allowed ? <>the mode of {at} allows it to everyone</> : <>{who} does not own {at} and is not covered by its group or access list, and its mode does not allow it to others</>;
    case "way to a share":
      return <>{at} leads to something that is shared with {who}</>;
    case "sticky bit":
      return <>the folder that contains {at} is sticky: only owners can delete or rename items in it</>;
    case "token":
      return <>the token in use does not allow it</>;
    case "archived":
      return <>{project} is archived, and nothing in it can change until a data owner unarchives it</>;
    case "shown":
      return <>{at} shows a shared dataset; to remove it, end the share</>;
  }
  return <>of {by}</>;
}

function ByShare({ id, allowed, masked }: { id: number; allowed: boolean; masked: boolean }): ReactElement {
  const share = useQuery({
    queryKey: ["share", id],
    queryFn: () => ask(api.GET("/api/v1/shares/{id}", { params: { path: { id } } })),
    retry: false,
  });
  const data = share.data;
  if (data === undefined) return <>a share of the dataset {allowed ? "allows it" : "does not allow this"}</>;
  const until = data.expires === undefined ? "" : ` until ${exactMoment(Date.parse(data.expires))}`;
  return (
    <>
      the dataset <strong>{visible(data.name)}</strong> is shared with {data.toProject === undefined ? "" : "project "}
      <strong>
        <bdi>{visible(recipientOf(data))}</bdi>
      </strong>{" "}
      ({labelOf(data.level).toLowerCase()}
      {until}){allowed ? "" : masked ? ", but the mask does not allow what the share would" : ", which does not allow this"}
    </>
  );
}
