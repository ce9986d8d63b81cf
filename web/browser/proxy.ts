import { connect, createServer, type Server, type Socket } from "node:net";

/** A way to the server that can be cut. */
export class Proxy {
  readonly url: string;
  /** Bytes that came from the browser. */
  sent = 0;
  #server: Server;
  #sockets = new Set<Socket>();
  #closed = false;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.url = `http://127.0.0.1:${port}`;
  }

  static open(to: string): Promise<Proxy> {
    const target = new URL(to);
    return new Promise((done) => {
      const server = createServer((from) => {
        if (proxy.#closed) {
          from.destroy();
          return;
        }
        const onward = connect(Number(target.port), target.hostname);
        from.on("data", (part: Buffer) => {
          proxy.sent += part.length;
        });
        for (const [a, b] of [[from, onward], [onward, from]] as const) {
          proxy.#sockets.add(a);
          a.pipe(b);
          a.on("error", () => b.destroy());
          a.on("close", () => {
            proxy.#sockets.delete(a);
            b.destroy();
          });
        }
      });
      let proxy: Proxy;
      server.listen(0, "127.0.0.1", () => {
        const address = server.address();
        proxy = new Proxy(server, typeof address === "object" && address !== null ? address.port : 0);
        done(proxy);
      });
    });
  }

  /** Ends all connections, and lets none through for some milliseconds. */
  async cut(milliseconds: number): Promise<void> {
    this.#closed = true;
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((done) => setTimeout(done, milliseconds));
    this.#closed = false;
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }
}
