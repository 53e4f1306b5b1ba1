// The way to the control centre: name, address, proxy, health with its latency, the clocks, and whether the credential is accepted.
import { lookup } from "node:dns/promises";
import { Health } from "../../protocol/api.ts";
import { readCredential } from "../credential.ts";
import { OperatorError } from "../env.ts";
import { createWorkerClient } from "../worker-client.ts";
import { type Check, type Finding, fail, ok, warn } from "./check.ts";

const CALL_TIMEOUT_MS = 4_000; // under the bound of a check
const SKEW_WARN_MS = 5_000; // expiries of leases and tickets are seconds; the Date header itself is good to one
const SKEW_FAIL_MS = 5 * 60_000; // TLS and signed tokens begin to fail
const SLOW_MS = 1_500;

/** `source` is read for proxy settings only. */
export interface Way {
  workerUrl: string;
  source: NodeJS.ProcessEnv;
}

export function networkCheck(way: Way): Check {
  return { what: "network", run: (signal) => network(way, signal) };
}

async function network({ workerUrl, source }: Way, signal: AbortSignal): Promise<Finding[]> {
  const url = new URL("health", workerUrl.endsWith("/") ? workerUrl : `${workerUrl}/`);
  const proxy = proxyOf(url, source);
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const address = await lookup(host).then(
    (found) => found.address,
    () => null,
  );
  if (address === null && proxy.state !== "used")
    return [fail("network", `the name ${host} is not known here`, `check WORKER_URL and the DNS of this machine${proxy.hint}`)];
  const started = performance.now();
  const sentAt = Date.now();
  const call = AbortSignal.any([signal, AbortSignal.timeout(CALL_TIMEOUT_MS)]);
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, { signal: call, redirect: "manual" });
    text = await response.text();
  } catch (error) {
    const why = call.aborted ? `gave no answer within ${CALL_TIMEOUT_MS} ms` : `cannot be reached (${causeOf(error)})`;
    return [fail("network", `${url.host} ${why}`, `allow outbound connections to ${url.host}${proxy.hint}`)];
  }
  const latencyMs = Math.round(performance.now() - started);
  const via = proxy.state === "used" ? " through a proxy" : ` at ${address}`;
  return [
    healthOf({ host: url.host, via, latencyMs, hint: proxy.hint }, response.status, text),
    clockOf(response, { middleMs: sentAt + latencyMs / 2, here: isLoopback(address) }),
  ];
}

interface Answered {
  host: string;
  via: string;
  latencyMs: number;
  hint: string;
}

function healthOf({ host, via, latencyMs, hint }: Answered, status: number, text: string): Finding {
  const health = Health.safeParse(parseJson(text));
  if (!health.success)
    return fail(
      "network",
      `${host} answered ${status}, but not as the control centre does`,
      `check WORKER_URL and what stands before it${hint}`,
    );
  const said = `${host}${via}, health ${health.data.status} in ${latencyMs} ms`;
  if (latencyMs > SLOW_MS) return warn("network", `${said}, which is slow`, "look at the way there; work goes on, later than it could");
  return ok("network", said);
}

/** Half of the round trip is taken off. `here`: one machine, one clock; a local worker sends no Date header. */
function clockOf(response: Response, { middleMs, here }: { middleMs: number; here: boolean }): Finding {
  const theirs = Date.parse(response.headers.get("date") ?? "");
  if (Number.isNaN(theirs) && here) return ok("clock", "the control centre is on this machine");
  if (Number.isNaN(theirs))
    return warn("clock", "not tested: the control centre sent no Date header", "compare this machine's clock yourself");
  // The header has whole seconds: half of one is the best guess for the rest.
  const skewMs = Math.round(middleMs - theirs - 500);
  const said = `${(Math.abs(skewMs) / 1_000).toFixed(1)} s ${skewMs < 0 ? "behind" : "ahead of"} the control centre`;
  const fix = "let NTP set the clock of this machine (timedatectl set-ntp true)";
  if (Math.abs(skewMs) > SKEW_FAIL_MS) return fail("clock", said, fix);
  if (Math.abs(skewMs) > SKEW_WARN_MS) return warn("clock", said, fix);
  return ok("clock", Math.abs(skewMs) < 1_000 ? "the same as the control centre's, to the second" : said);
}

function isLoopback(address: string | null): boolean {
  return address === "::1" || address?.startsWith("127.") === true;
}

interface Proxy {
  state: "none" | "ignored" | "used";
  hint: string;
}

/** Node's fetch follows the proxy variables only when it is told to. The value may hold a password and is not shown. */
function proxyOf(url: URL, source: NodeJS.ProcessEnv): Proxy {
  const names = url.protocol === "https:" ? ["https_proxy", "HTTPS_PROXY"] : ["http_proxy", "HTTP_PROXY"];
  const name = names.find((candidate) => (source[candidate] ?? "") !== "");
  const spared = (source.NO_PROXY ?? source.no_proxy ?? "").split(",").some((entry) => spares(entry.trim(), url.hostname));
  if (name === undefined || spared) return { state: "none", hint: "" };
  if (source.NODE_USE_ENV_PROXY === "1") return { state: "used", hint: `, and check ${name}, which is used` };
  return { state: "ignored", hint: `; ${name} is set, but only used with NODE_USE_ENV_PROXY=1` };
}

function spares(entry: string, host: string): boolean {
  const name = entry.replace(/^\*?\./, "").replace(/:\d+$/, "");
  return entry === "*" || (name !== "" && (host === name || host.endsWith(`.${name}`)));
}

function causeOf(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ("code" in at && typeof at.code === "string" && /^[A-Z][A-Z0-9_]+$/.test(at.code)) return at.code;
  }
  return "no connection";
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export interface CredentialPlace {
  workerUrl: string;
  file: string;
  version: string;
  /** Told the secret before it is used, so that it can be kept out of the output. */
  onSecret(secret: string): void;
}

/** One authenticated call: a socket ticket, which is single-use, expires by itself and disturbs no running agent. */
export function credentialCheck(place: CredentialPlace): Check {
  return { what: "credential", run: async (signal) => [await credential(place, signal)] };
}

async function credential({ workerUrl, file, version, onSecret }: CredentialPlace, signal: AbortSignal): Promise<Finding> {
  const enrol = "an admin makes a one-time token under POST /api/v1/agents/enrolments; then `agent enroll --token …`";
  try {
    const own = await readCredential(file);
    onSecret(own.credential);
    const client = createWorkerClient({ baseUrl: workerUrl, credential: own.credential, version, timeoutMs: CALL_TIMEOUT_MS });
    const answer = await client.ticket({}, { signal });
    if (answer.ok) return ok("credential", `${own.agentId}, accepted`);
    const { error } = answer;
    if (error.kind !== "api") return fail("credential", `could not be tried: ${error.message}`, "put the network right first");
    return fail(
      "credential",
      `refused: ${error.message}`,
      error.status === 401 || error.status === 403 ? `remove ${file}; ${enrol}` : "see the message",
    );
  } catch (error) {
    if (error instanceof OperatorError) return fail("credential", error.message, enrol);
    throw error;
  }
}
