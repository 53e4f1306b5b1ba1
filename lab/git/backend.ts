// Git's smart HTTP over `git http-backend` (CGI), one child per request. No dumb protocol, one repository, no accounts: loopback only.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import path from "node:path";
import type { Writable } from "node:stream";
import { gitEnvironment } from "../env.ts";
import { type Answer, errorAnswer, send } from "../http.ts";
import { createGate } from "../limit.ts";
import { readCgiHead } from "./cgi.ts";
import { MAX_PACK_BYTES } from "./repository.ts";
import { git } from "./run.ts";

const MAX_STREAM_BYTES = 4 * MAX_PACK_BYTES; // git itself refuses a larger pack; beyond this the connection is cut
const RUNNING = 6; // children at once; each is a short burst of CPU
const WAITING = 256; // requests that wait for one; more are told to come back
const IDLE_MS = 60_000; // a client that neither reads nor writes for so long gives its place back
const KILL_GRACE_MS = 2_000; // between TERM (http-backend takes its own children along) and KILL

const SERVICES: Record<string, { method: string; service: "git-upload-pack" | "git-receive-pack" | null }> = {
  "info/refs": { method: "GET", service: null }, // named by the query
  "git-upload-pack": { method: "POST", service: "git-upload-pack" },
  "git-receive-pack": { method: "POST", service: "git-receive-pack" },
};

interface Target {
  subPath: string; // what follows `/git/sites.git/`
  search: string; // the query string
}

export interface GitBackend {
  handle(req: IncomingMessage, res: ServerResponse, target: Target): Promise<void>;
}

export interface GitBackendOptions {
  root: string; // the folder that holds sites.git
  signal: AbortSignal; // ends every child
  onPush(): void; // a receive-pack has ended; whether it moved the branch is for the listener to look up
}

/** `git http-backend` by way of git itself costs one more process per request; so its file is looked up once. */
async function backendCommand(cwd: string, signal: AbortSignal): Promise<[string, string[]]> {
  const execPath = (await git({ cwd, args: ["--exec-path"], signal })).toString("utf8").trim();
  const file = path.join(execPath, "git-http-backend");
  return existsSync(file) ? [file, []] : ["git", ["http-backend"]];
}

function cgiEnvironment(req: IncomingMessage, target: Target, root: string): Record<string, string> {
  const env: Record<string, string> = {
    ...gitEnvironment(),
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: "safe.directory",
    GIT_CONFIG_VALUE_0: "*",
    GIT_PROJECT_ROOT: root,
    GIT_HTTP_EXPORT_ALL: "1",
    GATEWAY_INTERFACE: "CGI/1.1",
    SERVER_PROTOCOL: "HTTP/1.1",
    REQUEST_METHOD: req.method ?? "GET",
    PATH_INFO: `/sites.git/${target.subPath}`,
    QUERY_STRING: target.search,
    REMOTE_ADDR: req.socket.remoteAddress ?? "",
    CONTENT_TYPE: req.headers["content-type"] ?? "",
  };
  const length = req.headers["content-length"];
  if (length !== undefined) env.CONTENT_LENGTH = length;
  const encoding = req.headers["content-encoding"];
  if (encoding !== undefined) env.HTTP_CONTENT_ENCODING = encoding;
  const protocol = req.headers["git-protocol"];
  if (typeof protocol === "string") env.GIT_PROTOCOL = protocol;
  return env;
}

function end(child: ChildProcess): void {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  const killer = setTimeout(() => child.kill("SIGKILL"), KILL_GRACE_MS);
  killer.unref();
  child.once("exit", () => clearTimeout(killer));
}

/** Feeds the request's body to the child. What the child no longer wants is read and dropped, so that the client hears its answer. */
function feed(req: IncomingMessage, stdin: Writable): void {
  let size = 0;
  stdin.on("error", () => req.resume());
  req.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size > MAX_STREAM_BYTES) req.destroy();
  });
  req.pipe(stdin);
}

const failed = () => errorAnswer(500, { code: "INTERNAL", message: "the git backend failed" });
const busy = () => ({ ...errorAnswer(503, { code: "RATE_LIMITED", message: "too many git requests" }), headers: { "retry-after": "1" } });
const tooLarge = () => ({
  ...errorAnswer(413, { code: "PAYLOAD_TOO_LARGE", message: "a git request may have 64 MiB" }),
  headers: { connection: "close" },
});

export async function createGitBackend(options: GitBackendOptions): Promise<GitBackend> {
  const [file, args] = await backendCommand(options.root, options.signal);
  const gate = createGate({ running: RUNNING, waiting: WAITING });

  function serve(req: IncomingMessage, res: ServerResponse, target: Target): Promise<void> {
    return new Promise((resolve) => {
      const child = spawn(file, args, { env: cgiEnvironment(req, target, options.root), stdio: ["pipe", "pipe", "ignore"] });
      let open = 2; // the child and the response
      const oneClosed = () => {
        open -= 1;
        if (open === 0) resolve();
      };
      const stop = () => end(child);
      const answerInstead = (answer: Answer) => {
        if (!res.headersSent && !res.destroyed) send(res, answer);
        else if (!res.writableEnded) res.destroy();
        stop();
      };
      options.signal.addEventListener("abort", stop, { once: true });
      res.once("close", () => {
        stop(); // the client went away, or has everything
        oneClosed();
      });
      child.once("error", () => answerInstead(failed()));
      child.once("close", () => {
        options.signal.removeEventListener("abort", stop);
        if (target.subPath === "git-receive-pack") options.onPush();
        oneClosed();
      });
      feed(req, child.stdin);
      readCgiHead(child.stdout).then((head) => {
        if (res.headersSent || res.destroyed) return;
        if (head === null) return answerInstead(failed());
        res.writeHead(head.status, head.headers);
        res.write(head.rest);
        child.stdout.pipe(res);
      });
    });
  }

  return {
    async handle(req, res, target) {
      const known = Object.hasOwn(SERVICES, target.subPath) ? SERVICES[target.subPath] : undefined;
      const asked = new URLSearchParams(target.search).get("service");
      const service = known?.service ?? (asked === "git-upload-pack" || asked === "git-receive-pack" ? asked : null);
      if (known === undefined || service === null)
        return send(res, errorAnswer(404, { code: "NOT_FOUND", message: "only smart HTTP is served" }));
      if (req.method !== known.method) return send(res, errorAnswer(405, { code: "NOT_FOUND", message: `use ${known.method}` }));
      if (Number(req.headers["content-length"] ?? 0) > MAX_PACK_BYTES) {
        return send(res, tooLarge());
      }
      const gone = new AbortController();
      res.once("close", () => gone.abort());
      const leave = await gate.enter(gone.signal);
      if (leave === null || res.destroyed) {
        leave?.();
        if (!res.destroyed) send(res, busy());
        return;
      }
      const idle = () => req.socket.destroy();
      req.socket.setTimeout(IDLE_MS, idle);
      try {
        await serve(req, res, { subPath: target.subPath, search: known.method === "GET" ? `service=${service}` : "" });
      } finally {
        req.socket.setTimeout(0, idle);
        leave();
      }
    },
  };
}
