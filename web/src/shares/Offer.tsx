import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactElement } from "react";
import { api, ask, wordsFor, type Dataset, type Share } from "../api/client";
import { NameField } from "../people/NameField";
import { toast } from "../parts/toasts";
import { EndField } from "./EndField";
import { endOfDay } from "./ends";
import { LevelField } from "./LevelField";
import { recipientOf } from "./levels";

/** Offers a dataset to a project or to a person. */
export function Offer({ dataset, project }: { dataset: Dataset; project: string }): ReactElement {
  const queries = useQueryClient();
  const [kind, setKind] = useState<"project" | "user">("project");
  const [name, setName] = useState("");
  const [level, setLevel] = useState<Share["level"]>("read");
  const [end, setEnd] = useState("");
  const offer = useMutation({
    mutationFn: (recipient: string) =>
      ask(
        api.POST("/api/v1/datasets/{id}/shares", {
          params: { path: { id: dataset.id } },
          body: {
            level,
            ...(kind === "project" ? { project: recipient.trim() } : { user: recipient.trim() }),
            ...(end === "" ? {} : { expires: new Date(endOfDay(end)).toISOString() }),
          },
        }),
      ),
    onSuccess: (share, recipient) => {
      setName((now) => (now === recipient ? "" : now)); // the next name may have been typed
      toast({ text: share.state === "accepted" ? `Access of ${recipientOf(share)} changed.` : `Share offered to ${recipientOf(share)}. It takes effect when it is accepted.` });
      return Promise.all([["given", project], ["datasets", project]].map((queryKey) => queries.invalidateQueries({ queryKey }))); // datasets tell how many shares they have
    },
  });
  const choose = (k: "project" | "user") => {
    setKind(k);
    if (k === "user" && level === "edit-by-owners") setLevel("edit"); // the level for data owners makes sense for projects only
  };
  const submit = (e: FormEvent) => {
    e.preventDefault();
    offer.mutate(name);
  };
  return (
    <form className="form share-form" onSubmit={submit}>
      <fieldset className="segments">
        <legend>Share with</legend>
        {(["project", "user"] as const).map((k) => (
          <label key={k}>
            <input type="radio" name="kind" checked={kind === k} onChange={() => choose(k)} />
            <span>{k === "project" ? "A project" : "A person"}</span>
          </label>
        ))}
      </fieldset>
      <label>
        {kind === "project" ? "Project name" : "User name"}<NameField kind={kind} label={kind === "project" ? "Project name" : "User name"} value={name} onChange={setName} required first />
      </label>
      <LevelField level={level} onChange={setLevel} person={kind === "user"} />
      <EndField value={end} onChange={setEnd} />
      <p className="fault" role="alert">
        {offer.error !== null && wordsFor(offer.error)}
      </p>
      <div className="ends">
        <button type="submit" className="primary" disabled={offer.isPending || name.trim() === ""}>
          Share
        </button>
      </div>
    </form>
  );
}
