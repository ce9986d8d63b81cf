import type { ReactElement } from "react";
import { rightName, type EditProps } from "./Bits";
import { Box } from "./Box";
import { has, nextOf, rights, shared, withRight, type AccessState } from "./draft";

interface MaskProps extends EditProps {
  /** The state after the change, of the one item that is previewed; undefined while it is not known. */
  after: AccessState | undefined;
}

/** The mask of the access list, with an explanation; nothing where there would be no mask. */
export function Mask({ states, draft, onChange, fixed, after }: MaskProps): ReactElement | null {
  const masks = states.flatMap((s) => (s.mask === undefined ? [] : [s.mask]));
  if (masks.length === 0 && after?.mask === undefined) return null;
  const [directories, files] = [states.some((s) => s.directory), states.some((s) => !s.directory)];
  const computed = states.length === 1 && after?.mask !== undefined ? after.mask : undefined;
  const base = computed ?? masks[0] ?? "---";
  return (
    <div className="access-mask" role="group" aria-label="Mask">
      <table className="access-entries">
        <tbody>
          <tr>
            <th scope="row">
              <span className="class">Mask</span>
            </th>
            {rights.map((right) => {
              const seen = computed === undefined ? shared(masks.map((m) => has(m, right))) : has(computed, right);
              const now = draft.mask === "" ? seen : has(draft.mask, right);
              return (
                <td key={right} className="box">
                  <Box
                    label={`Mask: ${rightName(right, directories, files)}`}
                    value={now}
                    touched={draft.mask !== ""}
                    disabled={fixed}
                    onClick={() => onChange({ ...draft, mask: withRight(draft.mask === "" ? base : draft.mask, right, nextOf(now, now) ?? true) })}
                  />
                </td>
              );
            })}
            <td className="end">
              {draft.mask !== "" && (
                <button type="button" className="link" onClick={() => onChange({ ...draft, mask: "" })}>
                  Undo
                </button>
              )}
            </td>
          </tr>
        </tbody>
      </table>
      <p className="faint">
        The mask limits the owning group and everyone on this list, whatever their boxes say.{" "}
        {draft.mask === "" ? "It widens to fit when you change an entry." : "It stays as you set it."} <code>ls</code> and <code>chmod</code> show it in place of the group’s bits.
      </p>
    </div>
  );
}
