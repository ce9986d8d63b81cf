import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { api, ask, wordsFor } from "../api/client";
import { Dialog } from "../parts/Dialog";
import { toast } from "../parts/toasts";
import { calledOf } from "./TokenRow";
import { tokensKey } from "./useTokens";
import type { Token } from "./verbs";

/** Asks for confirmation before a token is revoked, which cannot be undone. */
export function RevokeDialog({ token, onClose }: { token: Token; onClose: () => void }): ReactElement {
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => ask(api.DELETE("/api/v1/tokens/{token}", { params: { path: { token: token.id } } })),
    onSuccess: async () => {
      toast({ text: `${calledOf(token)} revoked.` });
      onClose();
      await queries.invalidateQueries({ queryKey: tokensKey });
    },
  });
  return (
    <Dialog title="Revoke this token?" onClose={onClose}>
      <p>
        Programs that use <strong>{calledOf(token)}</strong>, or anything that was issued with it, will be refused from their next request. This cannot be undone. They will need a new token.
      </p>
      <p className="fault" role="alert">
        {revoke.error !== null && wordsFor(revoke.error)}
      </p>
      <div className="ends">
        <button type="button" data-first="" onClick={onClose}>
          Cancel
        </button>
        <button type="button" className="danger solid" disabled={revoke.isPending} onClick={() => revoke.mutate()}>
          Revoke token
        </button>
      </div>
    </Dialog>
  );
}
