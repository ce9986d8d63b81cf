import type { ReactElement } from "react";
import { Links } from "../links/Links";
import { linksView } from "../links/place";
import { Link } from "../parts/Link";
import { plainView, useLinked } from "../place";
import { TokenList } from "./TokenList";
import "./tokens.css";

const tabs = [["", "Tokens"], ["links", "Download links"]] as const;

/** The page of the caller's tokens, and of their download links. */
export default function Tokens(): ReactElement {
  const [tab] = useLinked("tab");
  const at = tabs.find(([name]) => name === tab)?.[0] ?? "";
  return (
    <div className="page">
      <header className="page-head">
        <h1>Tokens and links</h1>
      </header>
      <nav className="page-tabs" aria-label="Tokens and links">
        {tabs.map(([name, label]) => (
          <Link key={name} to={{ at: "tokens" }} view={name === "links" ? linksView : plainView} current={name === at}>
            {label}
          </Link>
        ))}
      </nav>
      {at === "links" ? <Links /> : <TokenList />}
    </div>
  );
}
