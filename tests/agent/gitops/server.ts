// A git server over HTTP for the tests: git's own http-backend behind Basic auth, which can also hang, cut, and lose its answers.
import { spawn } from "node:child_process";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { dirname } from "node:path";
import { onTestFinished } from "vitest";

export interface GitServer {
  url: string;
  /** Authorization headers as they came. */
  seen: string[];
  /** `hang` never answers; `lose` does the work and cuts the line instead of answering; both for pushes only. */
  mode: "ok" | "hang" | "hang-push" | "lose-push" | "unavailable";
  pushes: number;
  fetches: number;
}

export async function gitServer(repositoryPath: string, password?: string): Promise<GitServer> {
  const wanted = password === undefined ? undefined : `Basic ${Buffer.from(`agent:${password}`).toString("base64")}`;
  const state: GitServer = { url: "", seen: [], mode: "ok", pushes: 0, fetches: 0 };
  const server = createServer((request, response) => {
    const isPush = request.method === "POST" && request.url?.endsWith("/git-receive-pack") === true;
    if (isPush) state.pushes += 1;
    if (request.url?.endsWith("/info/refs?service=git-upload-pack") === true) state.fetches += 1;
    if (request.headers.authorization !== undefined) state.seen.push(request.headers.authorization);
    if (state.mode === "hang" || (state.mode === "hang-push" && isPush)) return;
    if (state.mode === "unavailable") return void response.writeHead(503).end();
    if (wanted !== undefined && request.headers.authorization !== wanted) {
      return void response.writeHead(401, { "www-authenticate": 'Basic realm="git"' }).end();
    }
    backend(repositoryPath, request, { response, lose: state.mode === "lose-push" && isPush });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  state.url = `http://127.0.0.1:${address.port}/sites.git`;
  return state;
}

function backend(repositoryPath: string, request: IncomingMessage, { response, lose }: { response: ServerResponse; lose: boolean }): void {
  const url = new URL(request.url ?? "/", "http://127.0.0.1");
  const child = spawn("git", ["-c", "http.receivepack=true", "http-backend"], {
    env: {
      PATH: process.env.PATH,
      GIT_PROJECT_ROOT: dirname(repositoryPath),
      GIT_HTTP_EXPORT_ALL: "1",
      PATH_INFO: url.pathname,
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers["content-type"] ?? "",
      HTTP_CONTENT_ENCODING: request.headers["content-encoding"] ?? "",
      ...(request.headers["git-protocol"] === undefined ? {} : { GIT_PROTOCOL: String(request.headers["git-protocol"]) }),
      REMOTE_USER: "agent",
    },
  });
  request.pipe(child.stdin);
  child.stdin.on("error", () => {});
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.on("close", () => {
    if (lose) return void request.socket.destroy();
    const out = Buffer.concat(chunks);
    const end = out.indexOf("\r\n\r\n");
    const headers = out
      .toString("utf8", 0, end)
      .split("\r\n")
      .map((line) => line.split(": "));
    const status = Number(headers.find(([name]) => name === "Status")?.[1]?.slice(0, 3) ?? 200);
    for (const [name = "", value = ""] of headers) if (name !== "Status") response.setHeader(name, value);
    response.writeHead(status).end(out.subarray(end + 4));
  });
}
