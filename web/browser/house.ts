import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { chromium, type Browser, type BrowserContext, type LaunchOptions, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, inject } from "vitest";
import { granary } from "./server";

/** Everybody's password in tests. */
export const password = "correct horse battery staple";

const data = inject("data");

/** The server's address. */
export const url = inject("url");

let browser: Browser;
let open: BrowserContext[] = [];
const complaints: string[] = [];

/** Starts a Chromium. */
export function launch(options: LaunchOptions = {}): Promise<Browser> {
  const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
  if (!existsSync(executablePath)) throw new Error(`there is no ${executablePath}: on Debian, apt-get install chromium; CHROMIUM names another one`);
  return chromium.launch({
    executablePath,
    args: [
      "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync",
    ],
    ...options,
  });
}

beforeAll(async () => {
  browser = await launch();
});

afterAll(() => browser.close());

/** Whatever a page complains of, or asks somebody else for, fails the test that opened it. */
afterEach(async () => {
  // A request that is still under way when a test has seen enough fails in whatever the test put in its way.
  await Promise.all(open.flatMap((context) => context.pages()).map((page) => page.unrouteAll({ behavior: "ignoreErrors" })));
  await Promise.all(open.map((context) => context.close()));
  open = [];
  expect(complaints.splice(0)).toEqual([]);
});

/** What tests expect to be complained of: answers of the server that are failures, by their status. */
export interface Expected {
  failures?: readonly number[];
  offline?: boolean;
  /** Content that the page's policy, or the sandbox of a frame, keeps from running, which browsers tell on the console. */
  blocked?: boolean;
  /** Another way to the server, which is its origin for the page. */
  origin?: string;
  /** The origin of an OpenID provider, whose pages are its own affair. */
  provider?: string;
}

type Options = Parameters<Browser["newContext"]>[0];

async function tab(expected: Expected, options: Options): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: "reduce", acceptDownloads: true, ...options });
  open.push(context);
  const page = await context.newPage();
  watch(page, expected);
  return page;
}

/** Opens a browser of its own, which nobody is signed in to. */
export async function visit(path = "/", expected: Expected = {}, options: Options = {}): Promise<Page> {
  const page = await tab(expected, options);
  await page.goto((expected.origin ?? url) + path);
  return page;
}

function watch(page: Page, expected: Expected): void {
  page.on("pageerror", (e) => complaints.push(`an error: ${e.message}`));
  const elsewhere = () => expected.provider !== undefined && page.url().startsWith(expected.provider);
  page.on("console", (m) => {
    if (m.type() !== "error" || elsewhere()) return;
    const status = /status of (\d+)/.exec(m.text())?.[1];
    if (status !== undefined && (status === "401" || expected.failures?.includes(Number(status)))) return;
    if (expected.blocked && /Content Security Policy directive.*has been blocked|Blocked script execution/s.test(m.text())) return;
    if (expected.offline && m.text().includes("net::ERR_")) return;
    complaints.push(`on the console: ${m.text()} ${m.location().url}`);
  });
  page.on("request", (r) => {
    const known = [url, expected.origin, expected.provider, "blob:", "data:"].some((start) => start !== undefined && r.url().startsWith(start));
    if (!known && !elsewhere()) complaints.push(`a request to ${r.url()}`);
  });
}

/** Runs a command of the program on a server's data: that of all tests, unless another is named. */
export function command(args: readonly string[], input = "", of = data): string {
  return execFileSync(granary, [...args, "--data", of], { input, encoding: "utf8", stdio: ["pipe", "pipe", "pipe"] });
}

/** A word that no other test uses. */
export function fresh(word: string): string {
  return `${word}${randomBytes(4).toString("hex")}`;
}

/** Makes a user who signs in with the password of all. */
export function person(name = fresh("u")): string {
  command(["user", "add", name, "--password-stdin"], password);
  return name;
}

/** Makes a project with its datasets. */
export function project(owner: string, name = fresh("P")): string {
  command(["project", "create", name, "--owner", owner]);
  return name;
}

/** Opens a browser in which user is signed in, without the form. */
export async function as(user: string, path = "/", expected: Expected = {}, options: Options = {}): Promise<Page> {
  const page = await tab(expected, options);
  const origin = expected.origin ?? url;
  const answer = await page.request.post(`${origin}/api/v1/sessions`, { data: { user, password }, headers: { "X-XSRF-HEADER": "test" } });
  expect(answer.status()).toBe(201);
  await page.goto(origin + path);
  return page;
}

/** Opens the page of a directory, in which user is signed in, and returns once the page is told of what others change there. */
export async function live(user: string, path: string, expected: Expected = {}): Promise<Page> {
  const page = await as(user, "/", expected);
  await Promise.all([page.waitForResponse((r) => r.url().endsWith("/events/stream")), page.goto((expected.origin ?? url) + path)]);
  return page;
}

/** Asks the server as user, past the browser. */
export class Caller {
  #token: string;

  constructor(user: string) {
    this.#token = command(["token", "create", "--user", user, "--expires", "1h"]).trim();
  }

  async #ask(method: string, path: string, query: Record<string, string>, body?: BodyInit): Promise<Response> {
    const answer = await fetch(`${url}/api/v1/${path}?${new URLSearchParams(query)}`, {
      method,
      headers: { Authorization: `Bearer ${this.#token}`, ...(typeof body === "string" ? { "Content-Type": "application/json" } : {}) },
      ...(body === undefined ? {} : { body }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  }

  async put(path: string, content: Uint8Array<ArrayBuffer> | string): Promise<void> {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    await this.#ask("PUT", "fs/create", { path, createparent: "true", overwrite: "true" }, new Blob([bytes]));
  }

  async append(path: string, content: Uint8Array<ArrayBuffer>): Promise<void> {
    await this.#ask("POST", "fs/append", { path }, new Blob([content]));
  }

  async get(path: string): Promise<Buffer> {
    return Buffer.from(await (await this.#ask("GET", "fs/open", { path })).arrayBuffer());
  }

  async mkdirs(path: string): Promise<void> {
    await this.#ask("PUT", "fs/mkdirs", { path });
  }

  /** Bounds what lies below a directory, in bytes; for superusers. */
  async setQuota(path: string, bytes: number): Promise<void> {
    await this.#ask("PUT", "fs/set-quota", { path, storagespacequota: String(bytes) });
  }

  /** Does an operation that changes something and answers nothing, by its name in the API. */
  async change(operation: string, query: Record<string, string>): Promise<void> {
    await this.#ask("PUT", `fs/${operation}`, query);
  }

  /** Asks for anything else of the API, with a body of JSON, and returns what it answers. */
  async rest(method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await this.#ask(method, path, {}, body === undefined ? undefined : JSON.stringify(body));
    return answer.status === 204 ? undefined : answer.json();
  }

  async setMember(project: string, user: string, role: string): Promise<void> {
    await this.#ask("PUT", `projects/${project}/members/${user}`, {}, JSON.stringify({ role }));
  }

  /** Offers the dataset at a path, and returns the share's id. */
  async share(project: string, path: string, offer: Record<string, string>): Promise<number> {
    const { items } = (await (await this.#ask("GET", `projects/${project}/datasets`, {})).json()) as { items: { id: number; path: string }[] };
    const id = items.find((d) => d.path === path)?.id ?? 0;
    return ((await (await this.#ask("POST", `datasets/${id}/shares`, {}, JSON.stringify(offer))).json()) as { id: number }).id;
  }

  async accept(share: number): Promise<void> {
    await this.#ask("POST", `shares/${share}/accept`, {}, "{}");
  }

  /** The entries of an ACL, as HDFS writes them. */
  async acl(path: string): Promise<string[]> {
    const answer = (await (await this.#ask("GET", "fs/get-acl-status", { path })).json()) as { AclStatus: { entries: string[] } };
    return answer.AclStatus.entries;
  }

  /** The mode of what is at a path, in octal. */
  async mode(path: string): Promise<string> {
    const answer = (await (await this.#ask("GET", "fs/get-file-status", { path })).json()) as { FileStatus: { permission: string } };
    return answer.FileStatus.permission;
  }

  async names(path: string): Promise<string[]> {
    const answer = (await (await this.#ask("GET", "fs/list-status", { path })).json()) as { FileStatuses: { FileStatus: { pathSuffix: string }[] } };
    return answer.FileStatuses.FileStatus.map((s) => s.pathSuffix);
  }

  async batchWrite(path: string, archive: Blob): Promise<void> {
    await this.#ask("POST", "fs/batch-write", { path }, archive);
  }

  async endSessions(): Promise<void> {
    await this.#ask("DELETE", "sessions", {});
  }
}

/** Asks the server as the superuser that it began with. */
export function superuser(): Caller {
  return new Caller("admin");
}
