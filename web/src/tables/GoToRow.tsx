import { useId, useState, type ReactElement } from "react";

/** A field that goes to a row by its number, even if it is not loaded yet. */
export function GoToRow({ first, end, onGo }: { first: number; end: number; onGo: (row: number) => void }): ReactElement {
  const [text, setText] = useState("");
  const id = useId();
  const wanted = Number(text.replace(/[\s,]/g, ""));
  const fault = text !== "" && !(Number.isSafeInteger(wanted) && wanted >= 1);
  return (
    <form
      className="table-go"
      onSubmit={(e) => {
        e.preventDefault();
        if (text !== "" && !fault) onGo(wanted - 1);
      }}
    >
      <label>
        Go to row{" "}
        <input
          type="text"
          inputMode="numeric"
          size={9}
          value={text}
          placeholder={`${(first + 1).toLocaleString("en")}–${end.toLocaleString("en")}`}
          aria-invalid={fault}
          aria-describedby={id}
          onChange={(e) => setText(e.target.value)}
        />
      </label>{" "}
      <span id={id} className="fault" role="alert">
        {fault && "Enter a row number."}
      </span>
    </form>
  );
}
