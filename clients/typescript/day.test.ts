// A day's work with the client: ada's project shares a dataset with bob's, he reads it, and no longer when she ends that.
// TestGeneratedClients of e2e runs it against a server on which there are ada, bob and sam.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { answered, asBytes, asContent, asPart, connect, contentOf, Failed, streamOf } from "./index.js";

function setting(name: string): string {
  const value = process.env[name];
  assert.ok(value, `${name} is not set`);
  return value;
}

test("a day's work", async () => {
  const ada = connect(setting("GRANARY_URL"), setting("GRANARY_TOKEN_ADA"));
  const bob = connect(setting("GRANARY_URL"), setting("GRANARY_TOKEN_BOB"));

  const maps = answered(await ada.POST("/api/v1/projects", { body: { name: "maps" } }));
  assert.equal(maps.path, "/Projects/maps");
  answered(
    await ada.PUT("/api/v1/projects/{project}/members/{user}", {
      params: { path: { project: "maps", user: "sam" } },
      body: { role: "scientist" },
    }),
  );
  answered(await bob.POST("/api/v1/projects", { body: { name: "vision" } }));

  const tiles = answered(
    await ada.POST("/api/v1/projects/{project}/datasets", {
      params: { path: { project: "maps" } },
      body: { path: "/Projects/maps/tiles", create: true },
    }),
  );
  const path = "/Projects/maps/tiles/1.png";
  answered(await ada.PUT("/api/v1/fs/create", { params: { query: { path } }, ...asBytes, body: "a tile" }));

  const share = answered(
    await ada.POST("/api/v1/datasets/{id}/shares", {
      params: { path: { id: tiles.id } },
      body: { project: "vision", level: "read" },
    }),
  );
  const accepted = answered(
    await bob.POST("/api/v1/shares/{id}/accept", { params: { path: { id: share.id } }, body: {} }),
  );
  assert.equal(accepted.mount, "/Projects/vision/Shared/maps.tiles");
  const read = await bob.GET("/api/v1/fs/open", {
    params: { query: { path: `${accepted.mount}/1.png` } },
    parseAs: "text",
  });
  assert.equal(answered(read), "a tile");

  const why = answered(
    await ada.GET("/api/v1/access/explain", { params: { query: { path, action: "read", user: "bob" } } }),
  );
  assert.ok(why.allowed);
  assert.equal(why.steps.at(-1)?.by, `share:${share.id}`);

  answered(await ada.DELETE("/api/v1/shares/{id}", { params: { path: { id: share.id } } }));
  const refused = await bob.GET("/api/v1/fs/open", { params: { query: { path } }, parseAs: "text" });
  assert.throws(
    () => answered(refused),
    (failure) => failure instanceof Failed && failure.problem.status === 404,
  );
});

test("content is bytes", async () => {
  const ada = connect(setting("GRANARY_URL"), setting("GRANARY_TOKEN_ADA"));
  const all = Uint8Array.from({ length: 256 }, (_, i) => i);
  for (const [path, body] of [["/user/ada/all", all], ["/user/ada/all.blob", new Blob([all])], ["/user/ada/none", new Uint8Array()]] as const) {
    answered(await ada.PUT("/api/v1/fs/create", { params: { query: { path } }, ...asBytes, body }));
    const open = { params: { query: { path } } };
    const content: Blob = contentOf(await ada.GET("/api/v1/fs/open", { ...open, ...asContent }));
    assert.deepEqual(new Uint8Array(await content.arrayBuffer()), path.endsWith("none") ? new Uint8Array() : all);
    const streamed = streamOf(await ada.GET("/api/v1/fs/open", { ...open, parseAs: "stream" }));
    assert.ok(streamed instanceof ReadableStream);
    assert.deepEqual(new Uint8Array(await new Response(streamed).arrayBuffer()), path.endsWith("none") ? new Uint8Array() : all);
  }
  const missing = await ada.GET("/api/v1/fs/open", { params: { query: { path: "/user/ada/missing" } }, ...asContent });
  assert.throws(() => contentOf(missing), (e) => e instanceof Failed && e.problem.status === 404);
  const refused = await ada.GET("/api/v1/fs/open", { params: { query: { path: "/user/ada/missing" } }, parseAs: "stream" });
  assert.throws(() => streamOf(refused), (e) => e instanceof Failed && e.problem.status === 404);
});

test("an upload in parts", async () => {
  const ada = connect(setting("GRANARY_URL"), setting("GRANARY_TOKEN_ADA"));
  const path = "/user/ada/in-parts";
  const begun = answered(
    await ada.POST("/api/v1/uploads", { params: { query: { path }, header: { "Upload-Length": 6 } } }),
  );
  for (const [offset, body] of [[0, "in "], [3, new Blob(["two"], { type: "text/plain" })]] as const) {
    answered(
      await ada.PATCH("/api/v1/uploads/{upload}", {
        params: { path: { upload: begun.id }, header: { "Upload-Offset": offset } },
        ...asPart,
        body,
      }),
    );
  }
  const content = contentOf(await ada.GET("/api/v1/fs/open", { params: { query: { path } }, ...asContent }));
  assert.equal(await content.text(), "in two");
});

test("what is as before has no data, and is no failure", async () => {
  const ada = connect(setting("GRANARY_URL"), setting("GRANARY_TOKEN_ADA"));
  const path = "/user/ada/as-before";
  answered(await ada.PUT("/api/v1/fs/create", { params: { query: { path } }, ...asBytes, body: "x" }));
  const first = await ada.GET("/api/v1/fs/open", { params: { query: { path } }, ...asContent });
  const header = { "If-None-Match": first.response.headers.get("ETag") ?? "" };
  const second = await ada.GET("/api/v1/fs/open", { params: { query: { path }, header }, ...asContent });
  assert.equal(second.response.status, 304);
  assert.equal(answered(second), undefined);
  assert.equal(contentOf(second).size, 0);
});

/** A client of something that is before the service, and answers everything in one way. */
function behind(body: string | null, init: ResponseInit & { headers?: Record<string, string> }) {
  return connect("http://granary.example.org", "token", { fetch: () => Promise.resolve(new Response(body, init)) });
}

function isFailure(status: number, says: string) {
  return (e: unknown) => e instanceof Failed && e.problem.status === status && e.message.includes(says);
}

test("what comes from something before the service is a failure", async () => {
  const empty = { status: 502, statusText: "Bad Gateway", headers: { "Content-Length": "0" } };
  const create = { params: { query: { path: "/tmp/f" } }, ...asBytes, body: "x" };
  const answer = await behind(null, empty).PUT("/api/v1/fs/create", create);
  assert.throws(() => answered(answer), isFailure(502, "Bad Gateway: "));

  const page = { status: 200, headers: { "Content-Type": "Text/HTML; charset=utf-8" } };
  const strange = "is not the service's";
  const open = { params: { query: { path: "/tmp/f" } }, ...asContent };
  await assert.rejects(behind("<h1>Sign in</h1>", page).GET("/api/v1/projects"), isFailure(200, strange));
  await assert.rejects(behind("<h1>Sign in</h1>", page).PUT("/api/v1/fs/create", create), isFailure(200, strange));
  await assert.rejects(behind("<h1>Sign in</h1>", page).GET("/api/v1/fs/open", open), isFailure(200, strange));
  await assert.rejects(behind("ok", { status: 200 }).GET("/api/v1/projects"), isFailure(200, strange));
  await assert.rejects(behind(null, { status: 200 }).GET("/api/v1/projects"), isFailure(200, strange));
  const nothing = { status: 200, headers: { "Content-Type": "application/json", "Content-Length": "0" } };
  await assert.rejects(behind(null, nothing).GET("/api/v1/projects"), isFailure(200, strange));
  const owner = { params: { query: { path: "/tmp/f", owner: "bob" } } };
  answered(await behind(null, { status: 200 }).PUT("/api/v1/fs/set-owner", owner));
});

test("a name leads to no other operation", async () => {
  const came: string[] = [];
  const fetch = (request: Request) => {
    came.push(`${request.method} ${new URL(request.url).pathname}`);
    return Promise.resolve(new Response(null, { status: 204 }));
  };
  const granary = connect("http://granary.example.org", "token", { fetch });
  const remove = (user: string) =>
    granary.DELETE("/api/v1/projects/{project}/members/{user}", { params: { path: { project: "maps", user } } });
  for (const user of ["", ".", ".."]) {
    await assert.rejects(remove(user), /user is "\.{0,2}", which is no name/);
  }
  assert.deepEqual(came, []);
  answered(await remove("a/../é"));
  assert.deepEqual(came, ["DELETE /api/v1/projects/maps/members/a%2F..%2F%C3%A9"]);
});

test("a token may be the line of a file, and is in no message", async () => {
  const came: (string | null)[] = [];
  const fetch = (request: Request) => {
    came.push(request.headers.get("Authorization"));
    return Promise.resolve(new Response(null, { status: 204 }));
  };
  answered(await connect("http://granary.example.org", "gr_secret\n", { fetch }).DELETE("/api/v1/sessions/current"));
  assert.deepEqual(came, ["Bearer gr_secret"]);
  for (const token of ["gr_secret\ngr_secret", "gr_secret\0", "gr_secré"]) {
    assert.throws(
      () => connect("http://granary.example.org", token, { fetch }),
      (e) => e instanceof TypeError && e.message.includes("the token holds") && !e.message.includes("gr_"),
    );
  }
});

test("no redirect is followed", async () => {
  const came: string[] = [];
  const server = createServer((request, response) => {
    came.push(`${request.method} ${request.url}`);
    response.writeHead(request.url === "/sign-in" ? 204 : 302, { Location: "/sign-in" }).end();
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  try {
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const end = { params: { path: { id: 1 } } };
    const answer = await connect(origin, "token").DELETE("/api/v1/shares/{id}", end);
    assert.throws(() => answered(answer), isFailure(302, "is not the service's"));
    assert.deepEqual(came, ["DELETE /api/v1/shares/1"]);
    const followed = await connect(origin, "token", { redirect: "follow" }).DELETE("/api/v1/shares/{id}", end);
    assert.equal(followed.response.status, 204);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
