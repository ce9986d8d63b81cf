import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { api, ask, wordsFor } from "../api/client";
import { Dialog } from "../parts/Dialog";
import { toast } from "../parts/toasts";
import { fileOf } from "./LinkRow";
import { linksKey, type DownloadLink } from "./useLinks";

/** Asks for confirmation before a download link is revoked, which cannot be undone. */
export function EndLinkDialog({ link, onClose }: { link: DownloadLink; onClose: () => void }): ReactElement {
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => ask(api.DELETE("/api/v1/tokens/{token}", { params: { path: { token: link.id } } })),
    onSuccess: async () => {
      toast({ text: `The link to ${fileOf(link)} was revoked.` });
      onClose();
      await queries.invalidateQueries({ queryKey: linksKey });
    },
  });
  return (
    <Dialog title="Revoke this link?" onClose={onClose}>
      <p>
        Whoever has the link to <strong>{fileOf(link)}</strong> can no longer download it. This cannot be undone. They will need a new link.
      </p>
      <p className="fault" role="alert">
        {revoke.error !== null && wordsFor(revoke.error)}
      </p>
      <div className="ends">
        <button type="button" data-first="" onClick={onClose}>
          Cancel
        </button>
        <button type="button" className="danger solid" disabled={revoke.isPending} onClick={() => revoke.mutate()}>
          Revoke link
        </button>
      </div>
    </Dialog>
  );
}
