import { join } from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// The server that `npm run dev` passes requests on to.
const server = process.env["GRANARY_URL"] ?? "http://127.0.0.1:9870";

// What a chunk is called after that is of a package: all of them are called dist or index otherwise. One package has a file for each language.
function packageOf(id: string): string | undefined {
  const [, name, file] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\/(?:.*\/)?([^/]+)\.js$/.exec(id) ?? [];
  if (name === undefined || file === undefined) return undefined;
  return (name === "@codemirror/legacy-modes" ? `${name}-${file}` : name).replace("@", "").replace("/", "-");
}

// Names without hashes: what is committed stays one file through its history, and the server's ETags tell versions apart.
export default defineConfig({
  plugins: [react()],
  // What reads Markdown runs in a worker, where there is no document to look characters up in, as this package's form for browsers does.
  resolve: { alias: { "decode-named-character-reference": join(import.meta.dirname, "node_modules/decode-named-character-reference/index.js") } },
  worker: {
    format: "es",
    rollupOptions: {
      // hyparquet-compressors would compile WebAssembly when it is loaded, which the page's policy forbids and nothing here uses.
      treeshake: { moduleSideEffects: (id: string) => !id.includes("/hyparquet-compressors/") },
      output: { entryFileNames: "assets/[name].js", chunkFileNames: "assets/[name].js" },
    },
  },
  build: {
    target: "es2022",
    modulePreload: { polyfill: false }, // it would be an inline script
    assetsInlineLimit: 0,
    rollupOptions: {
      output: {
        // A page that is open while the server becomes another version loads parts of that. By its letters one function would be taken for another; by its
        // name it is found, or the part is not loaded, which is said.
        minifyInternalExports: false,
        entryFileNames: "assets/[name].js",
        chunkFileNames: ({ name, moduleIds }) => `assets/${packageOf(moduleIds.at(-1) ?? "") ?? name}.js`,
        assetFileNames: "assets/[name][extname]",
      },
    },
  },
  server: { proxy: { "/api": server, "/login": server, "/docs": server } },
});
