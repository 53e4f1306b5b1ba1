// The lab as a library: one HTTP server on loopback, one git repository, N simulated sites. `lab/index.ts` runs it as a process.
import { mkdir } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import path from "node:path";
import { labSiteConfigs, labSiteIds } from "./configs.ts";
import { createGitBackend } from "./git/backend.ts";
import { ensureRepository } from "./git/repository.ts";
import { errorAnswer, send } from "./http.ts";
import { createGate } from "./limit.ts";
import { type LabRoutes, route } from "./routes.ts";
import { createSite, type LabSite } from "./site/site.ts";

export interface LabOptions {
  port: number; // 0 for a free one
  sites: number;
  dataDir: string;
  sampleMs?: number; // between two samples of a slice
  pullMs?: number; // between two looks at the repository; after a push through this lab the sites look at once
  slowMs?: number; // how long a site with the fault "slow" waits before it applies
  onError?(error: unknown): void; // a fault of the lab itself
}

export interface Lab {
  url: string;
  repositoryUrl: string;
  port: number;
  /** Ends every request, child and timer; resolves when nothing of the lab runs any more. */
  close(): Promise<void>;
}

const SAMPLE_MS = 100;
const PULL_MS = 5_000; // Config Sync's own default is 15 s; here it is only the second way to hear of a commit
const SLOW_MS = 3_000;
const FETCHES = 8; // sites that fetch at the same time
const KEEP_ALIVE_MS = 65_000; // longer than the agent's client keeps an idle connection

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      const address = server.address();
      if (address === null || typeof address === "string") reject(new Error("the lab has no port"));
      else resolve(address.port);
    });
  });
}

function createHttpServer(routes: () => LabRoutes | null, onError: (error: unknown) => void): Server {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (req, res) => {
    res.on("error", () => undefined); // a client that left
    const ready = routes();
    if (ready === null) return send(res, errorAnswer(503, { code: "INTERNAL", message: "the lab is starting" }));
    route(ready, req, res).catch((error: unknown) => {
      if (req.errored !== null || res.destroyed) return; // the client cut its own request
      onError(error);
      if (!res.headersSent) send(res, errorAnswer(500, { code: "INTERNAL", message: "the lab failed; its log has the cause" }));
    });
  });
  server.on("clientError", (_error, socket) => socket.destroy());
  return server;
}

export async function startLab(options: LabOptions): Promise<Lab> {
  const stop = new AbortController();
  const gitRoot = path.join(options.dataDir, "lab", "git");
  const onError = options.onError ?? (() => undefined);
  await mkdir(gitRoot, { recursive: true });
  await ensureRepository({ dir: path.join(gitRoot, "sites.git"), siteIds: labSiteIds(options.sites), signal: stop.signal });

  const sites = new Map<string, LabSite>();
  const git = await createGitBackend({
    root: gitRoot,
    signal: stop.signal,
    onPush: () => {
      for (const site of sites.values()) site.look();
    },
  });
  let routes: LabRoutes | null = null;
  const server = createHttpServer(() => routes, onError);
  const port = await listen(server, options.port);
  const url = `http://127.0.0.1:${port}`;
  const repositoryUrl = `${url}/git/sites.git`;
  const configs = labSiteConfigs(url, options.sites);
  const sampleMs = options.sampleMs ?? SAMPLE_MS;
  const fetches = createGate({ running: FETCHES, waiting: options.sites });
  for (const config of configs) {
    const cloneDir = path.join(options.dataDir, "lab", "sites", config.id);
    const baseUrl = `${url}/sites/${config.id}`;
    const slowMs = options.slowMs ?? SLOW_MS;
    sites.set(config.id, createSite({ config, baseUrl, repositoryUrl, cloneDir, sampleMs, slowMs, fetches, signal: stop.signal }));
  }
  routes = { repositoryUrl, configs, sites, git };

  const all = [...sites.values()];
  for (const site of all) site.look();
  const puller = setInterval(() => all.forEach((site) => void site.look()), options.pullMs ?? PULL_MS);
  const sampler = setInterval(() => all.forEach((site) => void site.sample(Date.now())), sampleMs);

  return {
    url,
    repositoryUrl,
    port,
    async close() {
      clearInterval(puller);
      clearInterval(sampler);
      stop.abort();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await Promise.all([closed, ...all.map((site) => site.settled())]);
    },
  };
}
