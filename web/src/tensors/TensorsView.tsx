import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useMemo, useState, type ReactElement } from "react";
import { wordsFor } from "../api/client";
import { count, size } from "../format";
import { Refused } from "../look/Guard";
import type { LookProps } from "../look/Look";
import { Failure, Loading } from "../parts/states";
import { visible } from "../path";
import { misfit, parametersText, shapeText, typesOf, Unreadable, type Model } from "./model";
import { readModel } from "./read";
import "../tables/schema.css";

const listed = 500; // most tensors that are listed
const noted = 20; // most notes that are shown
const longest = 300; // characters of a name or a note

const cut = (text: string) => visible(text.length > longest ? `${text.slice(0, longest)}…` : text);

/** The tensors of a model or an array, from the header of the file: names, types and shapes. */
export default function TensorsView({ path, status }: LookProps): ReactElement {
  const read = useQuery({
    queryKey: ["tensors", path, status.fileId, status.modificationTime],
    queryFn: ({ signal }) => readModel(path, signal),
    staleTime: Infinity,
    gcTime: 0,
    structuralSharing: false, // it does not know BigInt
    retry: (failures, e) => !(e instanceof Unreadable) && failures < 1,
  });
  if (read.isPending) return <Loading label="Loading tensors" />;
  if (read.data === undefined) {
    if (read.error instanceof Unreadable) return <Refused path={path} title="This file cannot be shown" words={wordsFor(read.error)} />;
    return <Failure error={read.error} retry={() => void read.refetch()} />;
  }
  return <Tensors model={read.data.model} length={read.data.length} />;
}

function Tensors({ model, length }: { model: Model; length: number }): ReactElement {
  const { counted, tensors, notes, layout } = model;
  const [text, setText] = useState("");
  const wanted = useDeferredValue(text.trim().toLowerCase());
  const found = useMemo(() => (wanted === "" ? tensors : tensors.filter(({ name }) => name.toLowerCase().includes(wanted))), [tensors, wanted]);
  const wrong = misfit(model, length);
  return (
    <section className="look-page" aria-label="Tensors">
      {wrong !== "" && (
        <p className="look-note" role="status">
          {wrong}
        </p>
      )}
      <div className="schema-body">
        <dl className="schema-facts">
          <dt>{counted}</dt>
          <dd>{parametersText(tensors.reduce((n, { elements }) => n + elements, 0n))}</dd>
          <dt>Types</dt>
          <dd>
            {typesOf(tensors).slice(0, noted).map((type) => (
              <div key={type}>{cut(type)}</div>
            ))}
          </dd>
          {layout !== "" && (
            <>
              <dt>Layout</dt>
              <dd>{layout}</dd>
            </>
          )}
          {notes.length > 0 && (
            <>
              <dt>Metadata</dt>
              <dd className="wrap">
                {notes.slice(0, noted).map(([key, value]) => (
                  <div key={key}>
                    <bdi>{cut(key)}</bdi>: <bdi>{cut(value)}</bdi>
                  </div>
                ))}
                {notes.length > noted && <div className="faint">and {count(notes.length - noted, "other")}</div>}
              </dd>
            </>
          )}
        </dl>
        <h2>Tensors</h2>
        {tensors.length > 20 && (
          <input type="search" className="schema-filter" aria-label="Filter tensors" placeholder="Filter by name" value={text} onChange={(e) => setText(e.target.value)} />
        )}
        <div className="schema-scroll" tabIndex={0} role="region" aria-label="List of tensors">
          <table className="schema-table">
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Type</th>
                <th scope="col">Shape</th>
                <th scope="col" className="right">{counted}</th>
                <th scope="col" className="right">Size</th>
              </tr>
            </thead>
            <tbody>
              {found.slice(0, listed).map(({ name, type, shape, elements, bytes }) => (
                <tr key={name}>
                  <th scope="row">
                    <bdi>{cut(name)}</bdi>
                  </th>
                  <td>{cut(type)}</td>
                  <td>{shapeText(shape)}</td>
                  <td className="right">{elements.toLocaleString("en")}</td>
                  <td className="right">{bytes !== undefined && size(Number(bytes))}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        <p className="faint" role="status">
          {found.length > listed
            ? `The first ${listed} of ${count(found.length, "tensor")} are listed.`
            : wanted !== "" && `${count(found.length, "tensor")} of ${tensors.length.toLocaleString("en")}`}
        </p>
      </div>
    </section>
  );
}
