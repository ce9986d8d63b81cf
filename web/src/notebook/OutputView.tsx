import { useMemo, useState, type ReactElement } from "react";
import { Markdown } from "../look/markdown/Markdown";
import { harmless } from "../look/harmless";
import type { Path } from "../path";
import { runsOf } from "./ansi";
import { cut } from "./cut";
import { OutputImage } from "./OutputImage";
import type { Output } from "./read";

interface OutputProps {
  output: Output;
  /** Identifies the output, as in "1 of cell 3". */
  label: string;
  dir: Path;
}

/** An output of a code cell. */
export function OutputView({ output, label, dir }: OutputProps): ReactElement {
  switch (output.kind) {
    case "text":
      return <Terminal text={output.text} look={output.error ? "cell-output warned" : "cell-output"} label={`Output ${label}`} />;
    case "failure":
      return <Terminal text={output.text} look="cell-output failed" label={`Error ${label}`} />;
    case "image":
      return <OutputImage data={output.data} label={`Output ${label}`} />;
    case "markdown":
      return <Markdown text={cut(output.text)[0]} dir={dir} />;
    case "html":
      return <Html html={output.html} text={output.text} label={label} />;
    case "source":
      return (
        <details className="cell-source-of">
          <summary>{`Output of type ${output.type}, which can only be shown as source`}</summary>
          <Terminal text={output.text} look="cell-output" label={`Source of output ${label}`} />
        </details>
      );
  }
}

function Terminal({ text, look, label }: { text: string; look: string; label: string }): ReactElement {
  const [shown, rest] = useMemo(() => cut(text), [text]);
  const runs = useMemo(() => runsOf(shown), [shown]);
  return (
    <>
      <pre className={look} tabIndex={0} role="region" aria-label={label}>
        {runs.map((run, i) => (run.look === "" ? run.text : <span key={i} className={run.look}>{run.text}</span>))}
      </pre>
      {rest !== "" && <p className="cell-cut">{rest}</p>}
    </>
  );
}

const largest = 1_000_000; // characters of the longest HTML that can be rendered

/** An HTML output: its plain text alternative, or the HTML in a frame that runs no scripts and loads nothing. */
function Html({ html, text, label }: { html: string; text: string; label: string }): ReactElement {
  const [rendered, setRendered] = useState(false);
  const page = useMemo(() => (rendered ? harmless(html) : ""), [rendered, html]);
  return (
    <div className="cell-html">
      {rendered ? (
        <iframe className="html" sandbox="" srcDoc={page} title={`Output ${label}`} referrerPolicy="no-referrer" />
      ) : (
        <Terminal text={text === "" ? html : text} look="cell-output" label={`Output ${label}`} />
      )}
      {html.length <= largest && (
        <button type="button" className="link" onClick={() => setRendered(!rendered)}>
          {rendered ? "Show as text" : "Show as HTML, without scripts and styles"}
        </button>
      )}
    </div>
  );
}
