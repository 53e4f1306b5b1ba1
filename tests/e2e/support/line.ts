// A way to the worker that fails as a browser's line does: its WebSockets only, or all of it, or with sockets that are open and say nothing any more.
import { connect, createServer, type Socket } from "node:net";

export interface Line {
  url: string;
  /** Dropped and refused: WebSockets only, as by a proxy that has no use for them, or everything. */
  cut(what: "sockets" | "all"): void;
  /** As an address translation that forgets: open WebSockets stay open and carry no further byte, everything else is dropped and refused. */
  forget(): void;
  /** From now on new connections get through. What was forgotten stays so. */
  mend(): void;
  close(): Promise<void>;
}

const UPGRADE = /^GET \/parties\//; // a browser opens a connection of its own for a WebSocket

interface Pair {
  near: Socket;
  far: Socket;
  isSocket: boolean;
}

export function startLine(targetPort: string): Promise<Line> {
  const sockets = new Set<Socket>();
  const pairs = new Set<Pair>();
  let broken: "sockets" | "all" | null = null;

  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
  };
  function relay(near: Socket, first: Buffer): void {
    const isSocket = UPGRADE.test(first.toString("latin1"));
    if (broken === "all" || (broken === "sockets" && isSocket)) return void near.destroy();
    const far = connect(Number(targetPort), "127.0.0.1");
    keep(far);
    const pair = { near, far, isSocket };
    pairs.add(pair);
    far.write(first);
    near.pipe(far).pipe(near);
    for (const end of [near, far])
      end.on("close", () => {
        if (pairs.delete(pair)) drop(pair);
      });
  }
  const server = createServer((near) => {
    keep(near);
    if (broken === "all") near.destroy();
    else near.once("data", (first) => relay(near, first));
  });

  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      if (address === null || typeof address === "string") return reject(new Error("the line has no port"));
      resolve({
        url: `http://127.0.0.1:${address.port}`,
        cut(what) {
          broken = what;
          for (const pair of pairs) if (pair.isSocket || what === "all") drop(pair);
        },
        forget() {
          broken = "all";
          for (const pair of pairs) (pair.isSocket ? mute : drop)(pair);
          pairs.clear();
        },
        mend() {
          broken = null;
        },
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            for (const socket of sockets) socket.destroy();
          }),
      });
    });
  });
}

function drop({ near, far }: Pair): void {
  near.destroy();
  far.destroy();
}

function mute({ near, far }: Pair): void {
  near.unpipe(far);
  far.unpipe(near);
  near.pause();
  far.pause();
}
