import { useState, type ReactElement } from "react";
import { CopyButton } from "../parts/Copyable";
import { Tabs } from "../parts/Tabs";
import { cannot, intoEnvironment, ways, type Piece, type Spot } from "./lines";
import "./tokens.css";

interface LinesProps {
  spot: Spot;
  reads: boolean;
  writes: boolean;
}

/** Code to copy that uses a file or a directory, for one program or library at a time. */
export default function Lines({ spot, reads, writes }: LinesProps): ReactElement | null {
  const offered = ways.filter((way) => reads || (writes && way.write !== undefined));
  const [name, setName] = useState("pandas");
  const way = offered.find((w) => w.name === name) ?? offered[0];
  if (way === undefined) return null;
  const origin = new URL(location.href);
  const fault = cannot(way, spot.path);
  const pieces = [...(reads ? way.read(spot, origin) : []), ...(writes && spot.directory ? (way.write?.(spot.path, origin) ?? []) : [])];
  const once = pieces.filter((piece, i) => pieces.findIndex((p) => p.text === piece.text) === i);
  return (
    <section className="lines" aria-label="Code to copy">
      <p>
        First, put the token into an environment variable, which the code below uses. This command prompts for it, so that it does not end up in the shell’s history.
      </p>
      <Text piece={{ does: "Set the token in the environment", into: "a terminal", text: intoEnvironment }} />
      <Tabs label="Program or library" tabs={offered.map((w) => [w.name, w.name] as const)} shown={way.name} onShow={setName} look="lines-ways" panelLook="lines-way">
        {way.install !== undefined && (
          <p className="faint">
            Requires <code>{way.install}</code>
            {way.besides !== undefined && <>, {way.besides}</>}.
          </p>
        )}
        {fault === undefined ? once.map((piece) => <Text key={piece.text} piece={piece} titled />) : <p className="notice">{fault}</p>}
      </Tabs>
    </section>
  );
}

function Text({ piece, titled = false }: { piece: Piece; titled?: boolean }): ReactElement {
  return (
    <div className="lines-piece">
      {titled && (
        <h3>
          {piece.does} <span className="faint">in {piece.into}</span>
        </h3>
      )}
      <div className="lines-text">
        <pre tabIndex={0} aria-label={piece.does}>
          {piece.text}
        </pre>
        <CopyButton text={piece.text} />
      </div>
    </div>
  );
}
