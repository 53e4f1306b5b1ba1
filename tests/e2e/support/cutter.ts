// A way to the worker that can be cut: a TCP relay on loopback that drops all its connections when it is told to, as a bad network does.
import { connect, createServer, type Socket } from "node:net";

export interface Cutter {
  url: string;
  cut(): void;
  close(): Promise<void>;
}

export function startCutter(targetPort: string): Promise<Cutter> {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
  };
  const server = createServer((near) => {
    const far = connect(Number(targetPort), "127.0.0.1");
    for (const socket of [near, far]) keep(socket);
    near.pipe(far).pipe(near);
    near.on("close", () => far.destroy());
    far.on("close", () => near.destroy());
  });
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      if (address === null || typeof address === "string") return reject(new Error("the relay has no port"));
      resolve({
        url: `http://127.0.0.1:${address.port}`,
        cut,
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            cut();
          }),
      });
    });
  });
}
