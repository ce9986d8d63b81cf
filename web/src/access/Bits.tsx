import { useState, type ReactElement } from "react";
import { useMe } from "../session";
import { Box } from "./Box";
import { bitSeen, classes, nextOf, octal, rights, stickySeen, withBit, withOctal, type AccessState, type Class, type Draft, type Right } from "./draft";
import { Owners } from "./Owners";

export interface EditProps {
  states: readonly AccessState[];
  draft: Draft;
  onChange: (draft: Draft) => void;
  /** The user may change nothing here. */
  fixed: boolean;
}

/** The name of a right, which differs between files and folders. */
export function rightName(right: Right, directories: boolean, files: boolean): string {
  const names = { r: ["list", "read"], w: ["change", "write"], x: ["enter", "execute"] } as const;
  const [ofDirectory, ofFile] = names[right];
  return directories && files ? `${ofFile} / ${ofDirectory}` : directories ? ofDirectory : ofFile;
}

/** The heads of the columns of rights. */
export function RightHeads({ directories, files }: { directories: boolean; files: boolean }): ReactElement {
  return (
    <>
      {rights.map((right) => (
        <th key={right} scope="col">
          {rightName(right, directories, files)}
        </th>
      ))}
    </>
  );
}

const heads: Readonly<Record<Class, string>> = { owner: "Owner", group: "Group", others: "Others" };

/** The permission bits, as a matrix and in octal, with the owner and the group that they apply to. */
export function Bits({ states, draft, onChange, fixed }: EditProps): ReactElement {
  const me = useMe();
  const [directories, files] = [states.some((s) => s.directory), states.some((s) => !s.directory)];
  const sticky = draft.bits["sticky"] ?? stickySeen(states);
  return (
    <section aria-label="Permission bits" className="access-bits">
      <table>
        <thead>
          <tr>
            <td />
            <RightHeads directories={directories} files={files} />
            <td className="end" />
          </tr>
        </thead>
        <tbody>
          {classes.map((name, row) => (
            <tr key={name}>
              <th scope="row">
                <span className="class">{heads[name]}</span>
                {name === "others" ? <span className="faint">everyone else with access to the folder</span> : <Owners of={name} states={states} draft={draft} onChange={onChange} fixed={fixed} me={me} />}
              </th>
              {rights.map((right, column) => {
                const seen = bitSeen(states, name, right);
                const bit = `${name} ${right}`;
                const now = draft.bits[bit] ?? seen;
                return (
                  <td key={right} className="box">
                    <Box
                      label={`${heads[name]}: ${rightName(right, directories, files)}`}
                      value={now}
                      touched={bit in draft.bits}
                      disabled={fixed}
                      first={row === 0 && column === 0}
                      onClick={() => onChange(withBit(draft, bit, nextOf(now, seen), seen))}
                    />
                  </td>
                );
              })}
              <td className="end" />
            </tr>
          ))}
        </tbody>
      </table>
      <div className="row bits-ends">
        {directories && (
          <label className="check sticky">
            <Box
              label="Sticky"
              value={sticky}
              touched={"sticky" in draft.bits}
              disabled={fixed}
              onClick={() => onChange(withBit(draft, "sticky", nextOf(sticky, stickySeen(states)), stickySeen(states)))}
            />
            Sticky: only owners can delete or rename items in this folder
          </label>
        )}
        <Octal states={states} draft={draft} onChange={onChange} fixed={fixed} />
      </div>
    </section>
  );
}

function Octal({ states, draft, onChange, fixed }: EditProps): ReactElement {
  const [typed, setTyped] = useState<string | null>(null);
  const now = octal(states, draft);
  const shown = typed ?? now ?? "";
  const bad = typed !== null && !/^[01]?[0-7]{3}$/.test(typed);
  return (
    <label className="octal">
      Octal
      <input
        value={shown}
        placeholder="mixed"
        size={5}
        disabled={fixed}
        inputMode="numeric"
        spellCheck={false}
        aria-invalid={bad}
        title={bad ? "Enter three octal digits, such as 750. Put a 1 in front for sticky." : undefined}
        onChange={(e) => {
          setTyped(e.target.value);
          const next = withOctal(states, draft, e.target.value);
          if (next) onChange(next);
        }}
        onBlur={() => setTyped(null)}
      />
    </label>
  );
}
