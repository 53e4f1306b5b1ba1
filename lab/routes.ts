// The lab's routes: what it is, its sites and their fault switches, the agent's configuration, git, and each site's own base path.
import type { IncomingMessage, ServerResponse } from "node:http";
import { stringify } from "yaml";
import type { SiteConfig } from "../protocol/site.ts";
import { NO_FAULTS, parseFaults } from "./faults.ts";
import type { GitBackend } from "./git/backend.ts";
import { BRANCH } from "./git/repository.ts";
import { type Answer, errorAnswer, readBody, send } from "./http.ts";
import type { LabSite } from "./site/site.ts";

const MAX_FAULTS_BYTES = 16 * 1024;
const GIT_PREFIX = "/git/sites.git/";
const SIMULATION =
  "This is a simulation for one machine: no radio, no core network, no Kubernetes. Each site really clones and reads the git repository; " +
  "its cluster, its O2 IMS inventory and its measurements are computed from what it finds there.";

export interface LabRoutes {
  repositoryUrl: string;
  configs: readonly SiteConfig[];
  sites: ReadonlyMap<string, LabSite>;
  git: GitBackend;
}

const NOT_FOUND: Answer = errorAnswer(404, { code: "NOT_FOUND", message: "the lab has no such path" });

async function putFaults(site: LabSite, req: IncomingMessage): Promise<Answer> {
  const text = await readBody(req, MAX_FAULTS_BYTES);
  if (text === null) return errorAnswer(413, { code: "PAYLOAD_TOO_LARGE", message: "a set of faults is small" });
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return errorAnswer(400, { code: "VALIDATION", message: "the body is not JSON", details: [{ field: "body", message: "must be JSON" }] });
  }
  const faults = parseFaults(body);
  if (!faults.ok) {
    const { field, message } = faults.fault;
    return errorAnswer(400, { code: "VALIDATION", message: `${field} ${message}`, details: [{ field, message }] });
  }
  site.setFaults(faults.value);
  return { status: 200, body: { site: site.id, faults: faults.value } };
}

async function faultsAnswer(site: LabSite, req: IncomingMessage): Promise<Answer> {
  if (req.method === "PUT") return putFaults(site, req);
  if (req.method === "GET") return { status: 200, body: { site: site.id, faults: site.view().faults } };
  if (req.method !== "DELETE") return errorAnswer(405, { code: "NOT_FOUND", message: "use GET, PUT or DELETE" });
  site.setFaults(NO_FAULTS);
  return { status: 200, body: { site: site.id, faults: NO_FAULTS } };
}

function fixedAnswer(routes: LabRoutes, path: string): Answer | null {
  switch (path) {
    case "/": {
      const sites = [...routes.sites.keys()];
      return { status: 200, body: { name: "Edge lab", simulation: true, message: SIMULATION, sites, repositoryUrl: routes.repositoryUrl } };
    }
    case "/healthz":
      return { status: 200, body: { status: "ok", simulation: true } };
    case "/sites":
      return { status: 200, body: { sites: [...routes.sites.values()].map((site) => site.view()) } };
    case "/agent.yaml": {
      const file = { repository: { url: routes.repositoryUrl, branch: BRANCH }, sites: routes.configs };
      return { status: 200, type: "application/yaml; charset=utf-8", body: stringify(file, { aliasDuplicateObjects: false }) };
    }
    default:
      return null;
  }
}

/** Answers one request. Rejects only for a fault of the lab itself. */
export async function route(routes: LabRoutes, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const [path = "/", search = ""] = (req.url ?? "/").split("?", 2);
  res.setHeader("x-simulation", "true");
  if (path.startsWith(GIT_PREFIX)) return routes.git.handle(req, res, { subPath: path.slice(GIT_PREFIX.length), search });
  const fixed = fixedAnswer(routes, path);
  if (fixed !== null) {
    const readable = req.method === "GET" || req.method === "HEAD";
    return send(res, readable ? fixed : errorAnswer(405, { code: "NOT_FOUND", message: "use GET" }));
  }
  const [, id = "", subPath = ""] = /^\/sites\/([^/]+)(\/.*)?$/.exec(path) ?? [];
  const site = routes.sites.get(id);
  if (site === undefined)
    return send(res, id === "" ? NOT_FOUND : errorAnswer(404, { code: "UNKNOWN_SITE", message: "the lab has no such site" }));
  if (subPath === "/faults") return send(res, await faultsAnswer(site, req));
  return site.handle(req, res, { subPath, search });
}
