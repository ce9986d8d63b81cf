import type { ReactElement } from "react";
import { Link } from "../parts/Link";
import { Empty } from "../parts/states";
import { plainView, useLinked } from "../place";
import { useMe } from "../session";
import { ProjectList } from "./ProjectList";
import { Stores } from "./Stores";
import { UserList } from "./UserList";
import "./admin.css";

const tabs = [["users", "Users"], ["projects", "Projects"], ["stores", "Stores"]] as const;

/** The pages for superusers: users, projects, and the state of the service. */
export default function Admin(): ReactElement {
  const me = useMe();
  const [tab] = useLinked("tab");
  if (!me.superuser) {
    return (
      <Empty icon="lock" title="Superusers only">
        <p>
          You are signed in as {me.name}, who is not a superuser. Superusers manage users, projects and stores here. <Link to={{ at: "home" }}>Go to your projects</Link>
        </p>
      </Empty>
    );
  }
  const at = tabs.find(([name]) => name === tab)?.[0] ?? "users";
  return (
    <div className="page admin">
      <header className="page-head">
        <h1>Administration</h1>
      </header>
      <nav className="page-tabs" aria-label="Administration">
        {tabs.map(([name, label]) => (
          <Link key={name} to={{ at: "admin" }} view={name === "users" ? plainView : { ...plainView, more: { tab: name } }} current={name === at}>
            {label}
          </Link>
        ))}
      </nav>
      {at === "users" && <UserList />}
      {at === "projects" && <ProjectList />}
      {at === "stores" && <Stores />}
    </div>
  );
}
