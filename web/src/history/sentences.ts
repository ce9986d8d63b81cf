import { count, size } from "../format";
import { nameOf, parentOf, within, type Path } from "../path";
import { roles } from "../projects/roles";
import { levels } from "../shares/levels";
import type { Entry } from "./entries";

/** A part of a sentence: words, or a path in it. */
export type Part = string | { path: Path };

const inTrash = (path: Path) => path.split("/").includes(".Trash");

/** Verbs for operations that were refused, as in "to read". Others are shown under the server's name for them. */
const wants: Readonly<Record<string, string>> = {
  open: "read", list: "list", checksum: "compute the checksum of", create: "write", append: "append to", truncate: "truncate", mkdirs: "create", delete: "delete", rename: "rename or move", replace: "replace",
  "set permission": "set the mode of", "set owner": "set the owner of", "set ACL": "set the access list of", "modify ACL": "change the access list of", "ACL status": "see the access list of",
  "set quota": "set the quota of", "get labels": "see the description and tags of", "get xattrs": "see the attributes of", "set member": "change the members of", "manage project": "manage",
  "look up": "view", stat: "view", summary: "see the size of", upload: "upload", "begin upload": "upload", audit: "see the history of", events: "follow",
};

/** Verbs for reads, as in "listed". */
const did: Readonly<Record<string, string>> = {
  open: "read", list: "listed", checksum: "computed the checksum of", "ACL status": "viewed the access list of", "get labels": "viewed the description and tags of", "get xattrs": "viewed the attributes of",
  search: "searched in", upload: "uploaded to",
};

function bytes(n: number | undefined): string {
  return n === undefined ? "" : ` (${size(n)})`;
}

/** A rename, which may stand for moving, deleting or restoring. */
function renamed(path: Path, target: Path): Part[] {
  if (inTrash(target) && !inTrash(path)) return ["moved ", { path }, " to the trash"];
  if (inTrash(path) && !inTrash(target)) return ["restored ", { path: target }, " from the trash"];
  if (parentOf(path) === parentOf(target)) return ["renamed ", { path }, ` to ${nameOf(target)}`];
  return ["moved ", { path }, " to ", { path: target }];
}

function limit(n: number, of: (n: number) => string): string {
  return n < 0 ? "no limit" : of(n);
}

function withWhom(entry: Entry): string {
  const share = entry.detail.share;
  if (share?.toProject !== undefined) return `the project ${share.toProject}`;
  return share?.toUser ?? "others";
}

function levelOf(level: string): string {
  return levels.find((l) => l.level === level)?.label.toLowerCase() ?? level;
}

function roleOf(role: string | undefined): string {
  const label = Object.entries(roles).find(([name]) => name === role)?.[1].label.toLowerCase() ?? "member";
  return `${/^[aeiou]/.test(label) ? "an" : "a"} ${label}`;
}

/** A change, as the part of the sentence that follows the user. */
function change(entry: Entry): Part[] {
  const { op, path, target, user, detail: d } = entry;
  const it: Part = { path };
  switch (op) {
    case "create":
      return d.replaced === undefined ? ["created ", it, bytes(d.size)] : ["replaced ", it, bytes(d.size)];
    case "append":
      return [`appended ${d.added === undefined ? "" : `${size(d.added)} `}to `, it];
    case "truncate":
      return ["truncated ", it, d.size === undefined ? "" : ` to ${size(d.size)}`];
    case "concat":
      return [`appended ${count(d.sources?.length ?? 0, "file")} to `, it];
    case "mkdirs":
      return inTrash(path) ? ["prepared a folder in the trash"] : ["created the folder ", it];
    case "rename":
      return target === undefined ? ["renamed ", it] : renamed(path, target);
    case "replace":
      return target === undefined ? ["replaced ", it] : ["replaced ", { path: target }, " with ", it];
    case "delete":
      return ["deleted ", it, inTrash(path) ? " from the trash" : "", " for good", d.dir === true ? ", with everything in it" : bytes(d.size)];
    case "set permission":
      return ["set the mode of ", it, d.mode === undefined ? "" : ` to ${d.mode}`];
    case "set owner":
      return ["gave ", it, " to ", [d.owner, d.group === undefined ? undefined : `the group ${d.group}`].filter((w) => w !== undefined).join(" and ")];
    case "set ACL":
    case "modify ACL":
    case "remove ACL":
    case "remove ACL entries":
    case "remove default ACL":
      return ["changed the access list of ", it, d.acl === undefined || d.acl === "" ? "; it is now empty" : ` to ${d.acl}`];
    case "set times":
      return ["set the times of ", it];
    case "set replication":
      return ["set the replication of ", it, ` to ${d.replication ?? 0}`];
    case "set storage policy":
      return ["set the storage policy of ", it, d.policy === undefined || d.policy === "" ? " to that of the folder above" : ` to ${d.policy}`];
    case "set quota":
      return ["set the quota of ", it, d.quota === undefined ? "" : ` to ${limit(d.quota.space, size)} and ${limit(d.quota.names, (n) => `${n.toLocaleString("en")} files and folders`)}`];
    case "set xattr":
      return [`set the attribute ${d.xattr ?? ""} of `, it];
    case "remove xattr":
      return [`removed the attribute ${d.xattr ?? ""} of `, it];
    case "set labels":
      return ["changed the description or tags of ", it, labels(entry)];
    case "create project":
      return ["created the project ", it];
    case "delete project":
      return ["deleted the project ", it];
    case "restore project":
      return ["restored the project ", it];
    case "drop project":
      return ["deleted the project ", it, " for good"];
    case "change project":
      return [d.archived === true ? "archived " : d.archived === false ? "unarchived " : "changed the description or listing of ", it];
    case "set member":
      return [`made ${d.member ?? "someone"} ${roleOf(d.role)} of `, it];
    case "remove member":
      return d.member === user ? ["left ", it] : [`removed ${d.member ?? "someone"} from `, it];
    case "make dataset":
      return ["made ", it, " a dataset"];
    case "change dataset":
      return d.public === undefined ? ["changed the description or listing of ", it] : ["made ", it, d.public ? " public" : " no longer public"];
    case "end dataset":
      return ["made the dataset ", it, " an ordinary folder"];
    case "offer share":
      return ["offered to share ", it, ` with ${withWhom(entry)}${d.share === undefined ? "" : `: ${levelOf(d.share.level)}`}`];
    case "accept share":
      return ["accepted the share of ", it, ` for ${withWhom(entry)}`];
    case "end share":
      return ["stopped sharing ", it, ` with ${withWhom(entry)}`];
    case "request access":
      return ["requested access to ", it];
    case "end request":
      return d.member === user ? ["withdrew the request for access to ", it] : [`answered ${d.member ?? "someone"}’s request for access to `, it];
    default:
      return deed(entry) ?? [`did “${op}” to `, it];
  }
}

/** The tags that were set and removed. */
function labels({ detail: d }: Entry): string {
  const set = Object.entries(d.tags ?? {}).map(([key, value]) => (value === "" ? key : `${key}=${value}`));
  const gone = (d.untagged ?? []).map((key) => `removed ${key}`);
  const all = [...set, ...gone];
  return all.length === 0 ? "" : `: ${all.join(", ")}`;
}

const credentials: Readonly<Record<string, string>> = { session: "a session", link: "a download link", delegation: "a token for a Hadoop job" };

/** What was done to a user or a credential; undefined for other operations. */
function deed({ op, user, detail: d }: Entry): Part[] | undefined {
  const whom = d.user === undefined || d.user === user ? "" : ` for ${d.user}`;
  const what = credentials[d.kind ?? ""] ?? "a token";
  switch (op) {
    case "sign in":
      return ["signed in"];
    case "create token":
    case "create link":
      return [`created ${what}${whom}`];
    case "revoke token":
      return [`revoked ${what}${whom === "" ? "" : ` of ${d.user ?? ""}`}`];
    case "end sessions":
      return [`ended all sessions of ${d.user ?? ""}`];
    case "add user":
      return [`added the user ${d.user ?? ""}`];
    case "add service account":
      return [`added the service account ${d.user ?? ""}`];
    case "end service account":
      return [`removed the service account ${d.user ?? ""}`];
    case "disable user":
      return [`disabled ${d.user ?? ""}`];
    case "enable user":
      return [`enabled ${d.user ?? ""}`];
    case "set password":
      return [`changed the password of ${d.user ?? ""}`];
    case "set admin":
      return [d.admin === true ? `made ${d.user ?? ""} a superuser` : `made ${d.user ?? ""} an ordinary user`];
    case "set groups":
      return [`changed the groups of ${d.user ?? ""} to ${d.groups?.join(", ") || "none"}`];
    default:
      return undefined;
  }
}

/** What somebody did, as the part of the sentence that follows their name. */
export function sentence(entry: Entry): Part[] {
  const it: Part = { path: entry.path };
  switch (entry.outcome) {
    case "denied":
      return [entry.op === "sign in" ? "was refused sign-in" : `was not allowed to ${wants[entry.op] ?? `“${entry.op}”`} `, ...(entry.op === "sign in" ? [] : [it])];
    case "allowed":
      return [`${did[entry.op] ?? `did “${entry.op}” at`} `, it];
    case "lost":
      return [`${count(entry.lost ?? 0, "earlier read or refused request", "earlier reads and refused requests")} could not be recorded`];
    default:
      return change(entry);
  }
}

/** A path as shown in the history of base: relative to it, if it lies below. */
export function called(path: Path, base: Path): string {
  if (path === base) return nameOf(path) || "/";
  if (base !== "/" && within(path, base)) return path.slice(base.length + 1);
  return path;
}

/** The credential that something was done with, in words; "" if it is not known. */
export function byWhat(entry: Entry): string {
  const label = entry.credentialLabel === undefined || entry.credentialLabel === "" ? "" : ` “${entry.credentialLabel}”`;
  switch (entry.credentialKind) {
    case "session":
      return "in a browser";
    case "personal":
    case "token":
      return `with a token${label}`;
    case "delegation":
      return "by a Hadoop job";
    case "link":
      return `with a download link${label}`;
    default:
      return entry.credential === undefined ? "" : "with a token";
  }
}

const sameDay = new Intl.DateTimeFormat("en", { weekday: "long", month: "long", day: "numeric" });
const otherYear = new Intl.DateTimeFormat("en", { weekday: "long", year: "numeric", month: "long", day: "numeric" });

/** The day of a moment in words, such as "Today". */
export function dayOf(at: number, now = Date.now()): string {
  const day = new Date(at);
  const back = (days: number) => {
    const then = new Date(now);
    then.setDate(then.getDate() - days);
    return then.toDateString();
  };
  if (day.toDateString() === back(0)) return "Today";
  if (day.toDateString() === back(1)) return "Yesterday";
  return (day.getFullYear() === new Date(now).getFullYear() ? sameDay : otherYear).format(day);
}

/** Entries by the day on which they happened, the newest first. */
export function byDay(entries: readonly Entry[], now = Date.now()): { day: string; entries: Entry[] }[] {
  const days: { day: string; entries: Entry[] }[] = [];
  for (const entry of entries) {
    const day = dayOf(Date.parse(entry.at), now);
    const last = days.at(-1);
    if (last?.day === day) last.entries.push(entry);
    else days.push({ day, entries: [entry] });
  }
  return days;
}
