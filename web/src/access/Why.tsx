import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { api, ask, wordsFor } from "../api/client";
import type { components } from "../../../clients/typescript/schema";
import { exactMoment } from "../format";
import { Icon } from "../parts/Icon";
import { Loading } from "../parts/states";
import { projectOf, visible, type Path } from "../path";
import { labelOf, recipientOf } from "../shares/levels";

type Explanation = components["schemas"]["Explanation"];
type Step = Explanation["steps"][number];
/** What one may want to do with a path. */
export type Action = Explanation["action"];
/** All of them, in the order in which they are offered. */
export const actions: readonly Action[] = ["read", "write", "create", "delete", "manage"];

/** What somebody would do with a path, in words that follow "may". */
export function actionWords(action: Action, directory: boolean): string {
  const words: Readonly<Record<Action, string>> = {
    read: directory ? "list it" : "read it", write: directory ? "change what is in it" : "write it", create: directory ? "make it" : "write it anew", delete: "delete it",
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

/** Whether somebody may do something with a path, and what decides, step by step on the way there. */
export function Why({ path, directory, user, action }: WhyProps): ReactElement {
  const why = useQuery({
    queryKey: ["access-why", path, user, action],
    queryFn: () => ask(api.GET("/api/v1/access/explain", { params: { query: { path, user, action } } })),
    staleTime: 0,
    retry: false,
  });
  if (why.isPending) return <Loading label="Why" />;
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
    <div className="why" role="group" aria-label={`May ${user} ${actionWords(action, directory)}`}>
      <p className={allowed ? "verdict" : "verdict no"}>
        <Icon name={allowed ? "check" : "close"} />
        <span>
          <strong>{allowed ? "Yes" : "No"}:</strong> <bdi>{visible(user)}</bdi> {allowed ? "may" : "may not"} {actionWords(action, directory)}
          {decided === undefined ? "." : <>, because <Because step={decided} user={user} path={path} />.</>}
        </span>
      </p>
      {steps.length > 1 && (
        <details>
          <summary>All that was looked at, from the top</summary>
          <ol>
            {steps.map((step, i) => (
              <li key={i} className={step.allowed ? undefined : "refused"}>
                <code className="wrap">{visible(step.path)}</code>
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
  const words = [wanted.includes("r") && "to read it", wanted.includes("w") && "to change it", wanted.includes("x") && "to go through"];
  return words.filter((word) => word !== false).join(" and ");
}

/** What decided a step, in words that follow "because". */
function Because({ step, user, path }: { step: Step; user: string; path: Path }): ReactElement {
  const who = <bdi>{visible(user)}</bdi>;
  const project = visible(projectOf(step.path) ?? projectOf(path) ?? "");
  const at = <code className="wrap">{visible(step.path)}</code>;
  const { by, allowed } = step;
  const share = /^share:(\d+)$/.exec(by)?.[1];
  if (share !== undefined) return <ByShare id={Number(share)} allowed={allowed} masked={step.masked === true} />;
  const entry = /^(user|group):(.*)$/s.exec(by);
  if (step.masked) {
    return entry === null ? (
      <>{who} is in the owning group of {at}, whose bits would allow it, but the mask takes that away</>
    ) : (
      <>the entry of {entry[1] === "user" ? who : <>the group {visible(entry[2] ?? "")}</>} in the access list of {at} would allow it, but the mask takes that away</>
    );
  }
  if (entry !== null) {
    return entry[1] === "user" ? (
      <>the access list of {at} has an entry for {who} that {allowed ? "allows it" : "does not"}</>
    ) : (
      <>{who} is in the group {visible(entry[2] ?? "")}, whose entry in the access list of {at} {allowed ? "allows it" : "does not"}</>
    );
  }
  switch (by) {
    case "superuser":
      return <>{who} is a superuser, who may do everything</>;
    case "role:owner":
      return <>{who} is a data owner of {project}, and data owners pass all permissions in it</>;
    case "role:observer":
      return <>{who} is an observer of {project}, and observers never change anything</>;
    case "owner":
      return allowed ? <>{who} owns {at}</> : step.wanted === "---" ? <>{who} does not own {at}</> : <>{who} owns {at}, and its mode does not give this to the owner</>;
    case "group":
      return <>{who} is in the owning group of {at}, whose bits {allowed ? "allow it" : "do not"}</>;
    case "public":
      return allowed ? <>the dataset is published: everybody may read it</> : <>the dataset is published to be read, and no more</>;
    case "other":
      return allowed ? <>the mode of {at} allows it to everybody</> : <>{who} is neither the owner of {at} nor named in its access list nor in its groups, and others may not</>;
    case "way to a share":
      return <>{at} is on the way to what is shared with {who}</>;
    case "sticky bit":
      return <>the directory of {at} is sticky: only owners delete or rename what is in it</>;
    case "token":
      return <>the token in use is limited, and this is outside of its limits</>;
    case "archived":
      return <>{project} is archived: nothing in it can be changed until an owner makes it active again</>;
    case "shown":
      return <>{at} shows what is shared; whoever wants it gone ends the share</>;
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
  if (data === undefined) return <>a share of the dataset {allowed ? "allows it" : "does not allow more"}</>;
  const until = data.expires === undefined ? "" : ` until ${exactMoment(Date.parse(data.expires))}`;
  return (
    <>
      the dataset <strong>{visible(data.name)}</strong> is shared with {data.toProject === undefined ? "" : "project "}
      <strong>
        <bdi>{visible(recipientOf(data))}</bdi>
      </strong>{" "}
      ({labelOf(data.level).toLowerCase()}
      {until}){allowed ? "" : masked ? ", though the mask takes away what the share would give" : ", which gives no more"}
    </>
  );
}
