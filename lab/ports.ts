// Ports are settled before anything starts: a child that is restarted comes back on the port it had.
import { randomInt } from "node:crypto";
import { createServer } from "node:net";

const HOST = "127.0.0.1";
/** Below Linux's and macOS's ranges for outgoing connections, so that nobody is handed the port before its child binds it. */
const FREE_PORT_MIN = 20_000;
const FREE_PORT_MAX = 32_000;
const FREE_PORT_TRIES = 50;

/** The port itself when it is free, a free one for 0. Throws one clear line that names the variable. */
export async function settlePort(variable: string, wanted: number): Promise<number> {
  if (wanted !== 0) {
    if (await isFree(wanted)) return wanted;
    throw new Error(`port ${wanted} is in use: stop what listens there, or set ${variable} to another port (0 picks a free one)`);
  }
  for (let tries = 0; tries < FREE_PORT_TRIES; tries += 1) {
    const port = randomInt(FREE_PORT_MIN, FREE_PORT_MAX);
    if (await isFree(port)) return port;
  }
  throw new Error(`found no free port for ${variable}`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ host: HOST, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
