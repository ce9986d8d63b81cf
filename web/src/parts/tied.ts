/** The attributes of a field that is told to be wrong by the element with an id; none for undefined. */
export function tiedTo(faultId: string | undefined): { "aria-invalid"?: true; "aria-describedby"?: string } {
  return faultId === undefined ? {} : { "aria-invalid": true, "aria-describedby": faultId };
}
