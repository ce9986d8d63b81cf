import type { ReactElement } from "react";
import { Icon } from "../parts/Icon";
import { visible } from "../path";
import { AddEntry } from "./AddEntry";
import { RightHeads, rightName, type EditProps } from "./Bits";
import { Box } from "./Box";
import { entryRows, has, nextOf, rights, textOf, withRight, type EntryDraft, type EntryRow, type Right } from "./draft";

interface EntriesProps extends EditProps {
  scope: "access" | "default";
}

const unnamed = { user: "the owner", group: "the owning group", other: "others" } as const;

/** The entries of an access list in one scope: those that any of the items has, and those that the draft adds. */
export function Entries({ scope, states, draft, onChange, fixed }: EntriesProps): ReactElement {
  const rows = entryRows(states, draft, scope);
  const candidates = scope === "default" ? states.filter((s) => s.directory) : states;
  const [directories, files] = [candidates.some((s) => s.directory), candidates.some((s) => !s.directory) && scope === "access"];
  const put = (row: EntryRow | EntryDraft, value: EntryDraft | null | undefined) => {
    const { [textOf(row)]: _, ...rest } = draft.entries;
    onChange({ ...draft, entries: value === undefined ? rest : { ...rest, [textOf(row)]: value } });
  };
  return (
    <>
      {rows.length > 0 && (
        <table className="access-entries">
          <thead>
            <tr>
              <th scope="col">Who</th>
              <RightHeads directories={directories} files={files} />
              <td className="end" />
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Row key={textOf(row)} row={row} of={candidates.length} directories={directories} files={files} fixed={fixed} onPut={(value) => put(row, value)} />
            ))}
          </tbody>
        </table>
      )}
      {!fixed && <AddEntry scope={scope} directories={directories} onAdd={(entry) => put(entry, entry)} taken={(key) => rows.some((row) => textOf(row) === key && row.draft !== null)} />}
    </>
  );
}

interface RowProps {
  row: EntryRow;
  of: number;
  directories: boolean;
  files: boolean;
  fixed: boolean;
  onPut: (value: EntryDraft | null | undefined) => void;
}

function Row({ row, of, directories, files, fixed, onPut }: RowProps): ReactElement {
  const { draft } = row;
  const gone = draft === null;
  const name = row.name === "" ? unnamed[row.type] : visible(row.name);
  const masked = !gone && !draft && row.effective !== undefined && rights.some((r) => row.seen[r] === true && !has(row.effective ?? "", r));
  const touch = (right: Right) => {
    const { default: isDefault, type, name: whose } = row;
    const now = draft ?? { default: isDefault, type, name: whose, may: rights.map((r) => (row.seen[r] === true ? r : "-")).join("") };
    const set = draft ? !has(draft.may, right) : (nextOf(row.seen[right], row.seen[right]) ?? true);
    const may = withRight(now.may, right, set);
    const asSeen = row.on === of && rights.every((r) => row.seen[r] === has(may, r));
    onPut(asSeen ? undefined : { ...now, may });
  };
  return (
    <tr className={gone ? "gone" : undefined}>
      <th scope="row">
        <Icon name={row.type === "user" ? "person" : "people"} />
        <span className="grow">
          <bdi>{name}</bdi> {row.type === "group" && row.name !== "" && <span className="faint">group</span>}
          {of > 1 && row.on > 0 && row.on < of && !draft && <span className="tag">on {row.on} of {of}</span>}
          {draft && row.on < of && <span className="tag">new{of > 1 ? ` on ${of - row.on}` : ""}</span>}
          {masked && (
            <span className="fault masked" title="The mask limits this entry">
              mask: <code>{row.effective}</code>
            </span>
          )}
        </span>
      </th>
      {rights.map((right) => (
        <td key={right} className="box">
          <Box
            label={`${name}: ${rightName(right, directories, files)}`}
            value={gone ? false : draft ? has(draft.may, right) : row.seen[right]}
            touched={draft !== undefined && draft !== null}
            disabled={fixed || gone}
            onClick={() => touch(right)}
          />
        </td>
      ))}
      <td className="end">
        {!fixed &&
          (gone ? (
            <button type="button" className="link" onClick={() => onPut(undefined)} aria-label={`Keep ${name}`}>
              Keep
            </button>
          ) : (
            row.name !== "" && (
              <button type="button" className="quiet square" onClick={() => onPut(row.on === 0 ? undefined : null)} aria-label={`Remove ${name}`} title={`Remove ${name}`}>
                <Icon name="close" />
              </button>
            )
          ))}
      </td>
    </tr>
  );
}
