import { spawn, type ChildProcess } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  export interface ProvidedContext {
    url: string;
    data: string;
  }
}

/** The program that is tested. */
export const granary = resolve(import.meta.dirname, "../../build/granary");

/** A port of this machine that nobody listens at. */
export function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const server = createServer();
    server.once("error", failed);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => (typeof address === "object" && address !== null ? done(address.port) : failed(new Error("no port"))));
    });
  });
}

/** Makes a data folder, which its PostgreSQL may use as another user. */
export function dataFolder(): string {
  const data = mkdtempSync(join(tmpdir(), "granary-web-"));
  chmodSync(data, 0o755);
  return data;
}

/** Starts a server on a data folder, with more options, and returns once it serves. */
export async function serve(data: string, listen: string, ...options: string[]): Promise<ChildProcess> {
  const server = spawn(granary, ["serve", "--data", data, "--listen", listen, "--log-level", "warn", ...options], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  server.stderr.on("data", (part: Buffer) => {
    said += part.toString();
  });
  await new Promise<void>((done, failed) => {
    let out = "";
    server.stdout.on("data", (part: Buffer) => {
      out += part.toString();
      if (out.includes("granary: serving ")) done();
    });
    server.once("exit", (code) => failed(new Error(`the server ended with ${code}: ${said}`)));
  });
  return server;
}

/** Ends a server and waits until it, and its PostgreSQL, are gone. */
export async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const gone = new Promise((done) => server.once("exit", done));
  server.kill("SIGTERM");
  await gone;
}

/** One server for all tests: each makes users and projects of its own. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const data = dataFolder();
  const listen = `127.0.0.1:${await freePort()}`;
  const server = await serve(data, listen);
  project.provide("url", `http://${listen}`);
  project.provide("data", data);
  return async () => {
    await end(server);
    rmSync(data, { recursive: true, force: true });
  };
}
