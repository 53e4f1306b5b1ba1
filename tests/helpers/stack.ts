// A whole running system of a test's own: `lab/start.ts` on free ports and a data directory that is gone afterwards.
// It asks the system from outside only: HTTP, the room's socket, git and the process table.
import { readFileSync } from "node:fs";
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CreateIntentRequest, EventPage, IntentAccepted, IntentRecord, IntentStatusView } from "../../protocol/api.ts";
import { Deployment } from "../../protocol/deployment.ts";
import type { DurableEvent, MonitorStage } from "../../protocol/event.ts";
import type { IntentStatus } from "../../protocol/intent.ts";
import { type Feed, openFeed } from "../e2e/support/feed.ts";
import { leftBehind, signal } from "../e2e/support/processes.ts";
import { type Commit, openRepository, type Repository } from "../e2e/support/repository.ts";
import { startProcess } from "../e2e/support/start-process.ts";
import { until } from "../e2e/support/until.ts";

const READY_MS = 60_000; // a build may come first
const STOP_MS = 25_000; // the graces of all children, one after the other
const TOKEN = "e2e-admin-token-0123456789";
const EVENTS_PER_PAGE = 1000;

/** Where an intent rests: nothing more happens before somebody says something. */
const AT_REST: readonly IntentStatus[] = [
  "completed",
  "failed",
  "rejected",
  "rolled_back",
  "cancelled",
  "needs_decision",
  "needs_clarification",
  "awaiting_approval",
];

export type Part = "agent" | "worker" | "lab";

export interface Answer {
  status: number;
  headers: Headers;
  body: unknown;
}

export interface LabSite {
  id: string;
  commit: string | null;
  phase: string;
  slices: string[];
}

export interface Stack {
  url: string;
  labUrl: string;
  token: string;
  dataDir: string;
  repository: Repository;
  api(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** Switches of a simulated site; what is not named is back at its default. */
  fault(site: string, faults: object): Promise<void>;
  clearFaults(): Promise<void>;
  labSites(): Promise<LabSite[]>;
  pid(part: Part): number;
  kill(part: Part, name?: NodeJS.Signals): void;
  /** Sends a sentence; the id of its intent. */
  deploy(text: string, options?: Partial<Omit<CreateIntentRequest, "text">>): Promise<string>;
  intent(intentId: string): Promise<IntentRecord>;
  deployment(deploymentId: string): Promise<Deployment>;
  /** The full record once it rests: ended, or waiting for a person. */
  settled(intentId: string, timeoutMs?: number): Promise<IntentRecord>;
  status(intentId: string): Promise<IntentStatusView>;
  untilStatus(intentId: string, status: IntentStatus, timeoutMs?: number): Promise<void>;
  untilStage(intentId: string, stage: MonitorStage): Promise<void>;
  events(intentId: string): Promise<DurableEvent[]>;
  /** All events of the installation, page by page. */
  allEvents(): Promise<DurableEvent[]>;
  /** The commits of a job, oldest first. */
  log(jobId: string): Promise<Commit[]>;
  /** A client of the room; it is closed with the stack. `through` names another way to the worker. */
  feed(through?: string): Promise<Feed>;
  /** What worker, lab and agent have written so far. */
  output(): string;
  stop(): Promise<void>;
}

export interface StackOptions {
  sites?: number;
  env?: Record<string, string>;
  kpt?: boolean; // use kpt when it is on PATH; else the embedded runner, which is faster
}

export async function startStack({ sites = 4, env = {}, kpt = false }: StackOptions = {}): Promise<Stack> {
  const dataDir = await realpath(await mkdtemp(join(tmpdir(), "e2e-")));
  const free = { PORT: "0", LAB_PORT: "0", AGENT_PORT: "0" };
  const process_ = startProcess(["lab/start.ts"], {
    ...free,
    DATA_DIR: dataDir,
    ADMIN_TOKEN: TOKEN,
    LAB_SITES: String(sites),
    ...(kpt ? {} : { KPT_BIN: join(dataDir, "no-kpt") }),
    ...("OLLAMA_HOST" in env ? {} : { LLM_DISCOVERY: "off" }), // what this machine happens to run is not asked
    ...env,
  });
  const feeds: Feed[] = [];

  async function end(): Promise<void> {
    for (const feed of feeds) feed.close();
    await process_.stop("SIGINT", STOP_MS);
    const left = leftBehind(dataDir);
    for (const { pid } of left) signal(pid, "SIGKILL");
    await rm(dataDir, { recursive: true, force: true });
    if (left.length > 0) throw new Error(`the stack has left processes behind: ${left.map((entry) => entry.command).join("; ")}`);
  }

  try {
    const ready = await process_.says(/Control Center {2}(http:\S+)[\s\S]*git clone (http:\S+?)\/git\/sites\.git/, READY_MS);
    const [, url = "", labUrl = ""] = ready;
    return { ...createClient({ url, labUrl, dataDir, feeds }), output: process_.output, stop: end };
  } catch (error) {
    const said = process_.output();
    await end().catch(() => undefined);
    throw new Error(`the stack did not start:\n${said}`, { cause: error });
  }
}

interface Place {
  url: string;
  labUrl: string;
  dataDir: string;
  feeds: Feed[];
}

function createClient({ url, labUrl, dataDir, feeds }: Place): Omit<Stack, "output" | "stop"> {
  const repository = openRepository(join(dataDir, "lab/git/sites.git"), `${labUrl}/git/sites.git`);

  async function api(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const json = body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) };
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${TOKEN}`, ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
      signal: AbortSignal.timeout(15_000),
      ...json,
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === "" ? null : JSON.parse(text) };
  }

  async function get(path: string): Promise<unknown> {
    const answer = await api("GET", path);
    if (answer.status !== 200) throw new Error(`GET ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  async function labSites(): Promise<LabSite[]> {
    const { sites }: { sites: LabSite[] } = JSON.parse(await (await fetch(`${labUrl}/sites`)).text());
    return sites;
  }

  async function fault(site: string, faults: object): Promise<void> {
    const response = await fetch(`${labUrl}/sites/${site}/faults`, { method: "PUT", body: JSON.stringify(faults) });
    if (!response.ok) throw new Error(`the lab refused the faults: ${await response.text()}`);
  }

  async function eventsAt(path: string): Promise<DurableEvent[]> {
    const all: DurableEvent[] = [];
    for (;;) {
      const page = EventPage.parse(await get(`${path}?after=${all.at(-1)?.seq ?? 0}&limit=${EVENTS_PER_PAGE}`));
      all.push(...page.events);
      if (page.events.length < EVENTS_PER_PAGE) return all;
    }
  }

  const pid = (part: Part) => Number(readFileSync(join(dataDir, "run", `${part}.pid`), "utf8"));
  const intent = async (id: string) => IntentRecord.parse(await get(`/api/v1/intents/${id}`));
  const status = async (id: string) => IntentStatusView.parse(await get(`/api/v1/intents/${id}/status`));
  const events = (id: string) => eventsAt(`/api/v1/intents/${id}/events`);

  return {
    ...{ url, labUrl, dataDir, repository, api, fault, labSites, pid, intent, status, events },
    token: TOKEN,
    clearFaults: async () => {
      for (const { id } of await labSites()) await fault(id, {});
    },
    kill: (part, name = "SIGKILL") => signal(pid(part), name),
    async deploy(text, options = {}) {
      const answer = await api("POST", "/api/v1/intents", { text, ...options });
      if (answer.status !== 202) throw new Error(`the sentence was refused: ${JSON.stringify(answer.body)}`);
      return IntentAccepted.parse(answer.body).intentId;
    },
    deployment: async (id) => Deployment.parse(await get(`/api/v1/deployments/${id}`)),
    async settled(id, timeoutMs = 30_000) {
      await until(`intent ${id} at rest`, () => status(id), { timeoutMs, holds: (view) => AT_REST.includes(view.status) });
      return until(`the record of ${id}`, () => intent(id), { holds: () => true });
    },
    async untilStatus(id, wanted, timeoutMs = 30_000) {
      await until(`intent ${id} to be ${wanted}`, () => status(id), { timeoutMs, holds: (view) => view.status === wanted });
    },
    async untilStage(id, stage) {
      await until(`stage ${stage} of ${id}`, () => events(id), { holds: (list) => list.some((event) => event.stage === stage) });
    },
    allEvents: () => eventsAt("/api/v1/events"),
    log: async (jobId) => (await repository.commits()).filter((commit) => commit.trailers["Job-Id"] === jobId),
    async feed(through = url) {
      const feed = await openFeed(through, TOKEN);
      feeds.push(feed);
      return feed;
    },
  };
}
