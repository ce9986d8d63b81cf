import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { ApiError } from "./api/client";
import { Queries } from "./api/queries";
import { notLoaded } from "./parts/fault";
import "./tokens.css";
import "./base.css";
import "./shell/shell.css";
import "./parts/page.css";
import "./moving/dragged.css";
import "./listing/listing.css";
import "./listing/file.css";
import "./parts/states.css";
import "./parts/dialog.css";
import "./shell/palette.css";
import "./parts/toasts.css";
import "./upload/uploads.css";
import "./sign-in/sign-in.css";

const queries = new Queries({
  defaultOptions: {
    queries: {
      // Only lost connections and an unavailable server are worth a retry; refusals and faults would repeat.
      retry: (failures, e) => e instanceof ApiError && (e.status === 0 || e.status === 503) && failures < 3,
      staleTime: 2_000,
      networkMode: "always", // the server may be on this machine
    },
    mutations: { networkMode: "always" },
  },
});

const app = document.getElementById("app");
if (app === null) throw new Error("index.html has no element #app");
// A Boundary shows parts that could not be loaded. Any other error that it catches is a bug, and is logged.
const onCaughtError = (fault: unknown) => {
  if (!notLoaded(fault)) console.error(fault);
};
createRoot(app, { onCaughtError }).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <App />
    </QueryClientProvider>
  </StrictMode>,
);
