import { useQueryClient } from "@tanstack/react-query";
import { useId, useState, type FormEvent, type ReactElement } from "react";
import { api, ask, wordsFor } from "../api/client";
import type { components } from "../../../clients/typescript/schema";
import { Dialog } from "../parts/Dialog";
import { Ends } from "../parts/Ends";
import { tiedTo } from "../parts/tied";
import { pathFault } from "../moving/Destination";
import { namesOf, projectOf, type Path } from "../path";
import { go, useLinked } from "../place";
import { LifeField } from "./LifeField";
import { usualLife } from "./life";
import { MadeToken } from "./MadeToken";
import { ScopeField, type Limits } from "./ScopeField";
import { tokensKey } from "./useTokens";
import { verbsOf, type Verb } from "./verbs";
import { VerbsField } from "./VerbsField";

type Made = components["schemas"]["MadeToken"];

const longestName = 200; // bytes

/** What is wrong, in words, and the field that it is about, if it is known. */
interface Fault {
  field?: "label" | "dir" | "verbs" | "life";
  words: string;
}

/** The project or directory that a token is limited to. */
function whereOf({ project, dir }: Limits): { project?: string; path?: Path } {
  if (project === "") return {};
  const names = namesOf(dir);
  return names.length < 3 ? { project } : { project, path: `/${names.join("/")}` };
}

/** What is wrong with the choices for a token; undefined if nothing is. */
function faultIn(label: string, limits: Limits, verbs: readonly Verb[], life: number): Fault | undefined {
  if (new TextEncoder().encode(label).length > longestName) return { field: "label", words: `The name is longer than ${longestName} bytes.` };
  if (verbs.length === 0) return { field: "verbs", words: "Choose at least one permission." };
  if (life < 1) return { field: "life", words: "The expiry date is in the past." };
  const words = dirFault(limits);
  return words === undefined ? undefined : { field: "dir", words };
}

/** Why a token cannot be limited to a directory, in words; undefined if it can. */
function dirFault({ project, dir }: Limits): string | undefined {
  if (project === "") return undefined;
  return pathFault(dir) ?? (projectOf(dir) === project ? undefined : `The folder must be in /Projects/${project}.`);
}

/**
 * Creates a token. The address may preset the form. The token itself is only in the state of this component, and gone when it closes.
 */
export default function NewToken(): ReactElement {
  const queries = useQueryClient();
  const [inAddress] = useLinked("project");
  const [dirInAddress] = useLinked("dir");
  const [verbsInAddress] = useLinked("verbs");
  const [label, setLabel] = useState("");
  const [limits, setLimits] = useState<Limits>(() => {
    const project = projectOf(dirInAddress) ?? inAddress;
    return { project, dir: dirInAddress === "" ? `/Projects/${project}` : dirInAddress };
  });
  const [verbs, setVerbs] = useState<readonly Verb[]>(() => verbsOf(verbsInAddress));
  const [life, setLife] = useState(usualLife);
  const [made, setMade] = useState<Made>();
  const [refused, setRefused] = useState<Fault>({ words: "" });
  const id = useId();
  const [busy, setBusy] = useState(false);
  const close = () => go({ at: "tokens" }, undefined, true);
  const faultOf = (field: Fault["field"]) => (refused.field === field ? id : undefined);
  const submit = async (e: FormEvent) => {
    e.preventDefault();
    const fault = faultIn(label, limits, verbs, life);
    if (fault !== undefined) {
      setRefused(fault);
      return;
    }
    setBusy(true);
    setRefused({ words: "" });
    try {
      // Not a mutation, which would keep the token in its cache after this is closed.
      setMade(await ask(api.POST("/api/v1/tokens", { body: { label: label.trim(), verbs: [...verbs], expiresIn: life, ...whereOf(limits) } })));
      await queries.invalidateQueries({ queryKey: tokensKey });
    } catch (e) {
      setRefused({ words: wordsFor(e) });
    } finally {
      setBusy(false);
    }
  };
  if (made !== undefined) return <MadeToken made={made} asked={whereOf(limits).path} onClose={close} />;
  return (
    <Dialog title="New token" onClose={close}>
      <form className="form" onSubmit={(e) => void submit(e)}>
        <label>
          Name
          <input required data-first="" {...tiedTo(faultOf("label"))} placeholder="What is it for? For example: training on node 7" autoComplete="off" value={label} onChange={(e) => setLabel(e.target.value)} />
        </label>
        <ScopeField value={limits} onChange={setLimits} faultId={faultOf("dir")} />
        <VerbsField value={verbs} onChange={setVerbs} faultId={faultOf("verbs")} />
        <LifeField value={life} onChange={setLife} faultId={faultOf("life")} />
        <Ends onClose={close} label="Create token" disabled={busy} fault={refused.words} faultId={id} />
      </form>
    </Dialog>
  );
}
