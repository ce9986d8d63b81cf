// A day's work with the client: ada's project shares a dataset with bob's, he reads it, and no longer when she ends that.
// TestGeneratedClients of e2e runs it against a server on which there are ada, bob and sam.

import assert from "node:assert/strict";
import { test } from "node:test";
import { answered, asBytes, asContent, connect, contentOf, Failed } from "./index.js";

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
    const content: Blob = contentOf(await ada.GET("/api/v1/fs/open", { params: { query: { path } }, ...asContent }));
    assert.deepEqual(new Uint8Array(await content.arrayBuffer()), path.endsWith("none") ? new Uint8Array() : all);
  }
  const missing = await ada.GET("/api/v1/fs/open", { params: { query: { path: "/user/ada/missing" } }, ...asContent });
  assert.throws(() => contentOf(missing), (e) => e instanceof Failed && e.problem.status === 404);
});

test("what comes from something before the service is a failure", async () => {
  const empty = { status: 502, statusText: "Bad Gateway", headers: { "Content-Length": "0" } };
  const behind = connect("http://granary.example.org", "token", { fetch: () => Promise.resolve(new Response(null, empty)) });
  const answer = await behind.PUT("/api/v1/fs/create", { params: { query: { path: "/tmp/f" } }, ...asBytes, body: "x" });
  assert.throws(() => answered(answer), (e) => e instanceof Failed && e.problem.status === 502 && e.message.startsWith("Bad Gateway: "));
});
