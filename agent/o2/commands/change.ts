// deploy, scale, terminate, rollback: the commands that change the network. Each becomes an intent, or the job of a deployment.
import { setTimeout as sleep } from "node:timers/promises";
import { IntentAccepted, IntentRecord, RollbackAccepted } from "../../../protocol/api.ts";
import { Deployment } from "../../../protocol/deployment.ts";
import { DeploymentId } from "../../../protocol/ids.ts";
import type { Api } from "../client.ts";
import type { Command, Context, Input } from "../command.ts";
import { EXIT, type ExitCode, usage } from "../failure.ts";
import { diffText, outcomeLine, watchAndReport } from "../report.ts";
import { WATCH_TIMEOUT_MS, watchIntent } from "../watch.ts";
import { EXECUTION, executionOf, REQUIREMENTS, requirementsOf, SERVICE_TYPE, SITES } from "./options.ts";

const ROLLBACK_POLL_MS = 500;

/** A sentence, or the same in data with --type. */
async function deploy(context: Context, input: Input): Promise<ExitCode> {
  const [text] = input.words;
  const serviceType = input.text("type");
  const slice = input.text("slice");
  const sites = input.list("site");
  const requirements = requirementsOf(input);
  if (text !== undefined && (serviceType !== undefined || slice !== undefined || Object.keys(requirements).length > 0))
    throw usage("give a sentence, or --type with numbers, not both");
  if (text === undefined && serviceType === undefined)
    throw usage('o2 deploy needs a sentence, e.g. o2 deploy "eMBB slice on edge1 with 200 Mbps"');
  const api = await context.api();
  const body =
    text !== undefined
      ? { text, ...(sites.length === 0 ? {} : { targetSites: sites }) }
      : { serviceType, sites, requirements, ...(slice === undefined ? {} : { slice }) };
  const path = text !== undefined ? "api/v1/intents" : "api/v1/slices";
  return carryOut(context, input, { api, accepted: await api.post(path, { ...body, ...executionOf(input) }, IntentAccepted) });
}

async function scale(context: Context, input: Input): Promise<ExitCode> {
  const requirements = requirementsOf(input);
  if (Object.keys(requirements).length === 0) throw usage("o2 scale needs what to change, e.g. --downlink 400");
  return change(context, input, { action: "scale", body: { requirements } });
}

async function change(context: Context, input: Input, { action, body = {} }: { action: string; body?: object }): Promise<ExitCode> {
  const api = await context.api();
  const path = `api/v1/slices/${encodeURIComponent(input.words[0] ?? "")}/${action}`;
  const accepted = await api.post(path, { sites: input.list("site"), ...body, ...executionOf(input) }, IntentAccepted);
  return carryOut(context, input, { api, accepted });
}

interface Started {
  api: Api;
  accepted: IntentAccepted;
}

/** Also of an intent that a person has carried on. */
export async function carryOut(
  context: Context,
  input: Input,
  { api, accepted }: Started,
  dryRun = input.flag("dry-run"),
): Promise<ExitCode> {
  const { out } = context;
  const { intentId } = accepted;
  const watched = { api, intentId, timeoutMs: input.timeoutMs(WATCH_TIMEOUT_MS) };
  if (input.flag("watch")) {
    if (out.json) out.record(accepted);
    const exitCode = await watchAndReport(context, watched);
    if (dryRun && exitCode === EXIT.ok) out.text(await diffOf(context, api, intentId));
    return exitCode;
  }
  if (!dryRun) {
    if (out.json) out.document(accepted);
    out.text(`${intentId}  ${accepted.status}\n  o2 watch ${intentId}`);
    return EXIT.ok;
  }
  const outcome = await watchIntent(context, { ...watched, show: false });
  if (out.json) out.document(await api.get(`api/v1/intents/${intentId}`, IntentRecord));
  out.text(outcome.exitCode === EXIT.ok ? await diffOf(context, api, intentId) : outcomeLine(out, outcome));
  return outcome.exitCode;
}

async function diffOf({ out }: Context, api: Api, intentId: string): Promise<string> {
  const { diff } = await api.get(`api/v1/intents/${intentId}`, IntentRecord);
  return diffText(out, diff ?? []);
}

async function rollback(context: Context, input: Input): Promise<ExitCode> {
  const name = input.words[0] ?? "";
  if (!DeploymentId.safeParse(name).success) return change(context, input, { action: "rollback" });
  const sites = input.list("site");
  if (sites.length > 1) throw usage("a deployment is taken back at one site or at all of them; name the slice to choose");
  const api = await context.api();
  const [site] = sites;
  const path = `api/v1/deployments/${name}`;
  const accepted = await api.post(`${path}/rollback`, site === undefined ? {} : { site }, RollbackAccepted);
  const { out } = context;
  if (!input.flag("watch")) {
    if (out.json) out.document(accepted);
    out.text(`${accepted.deploymentId}  taking back at ${accepted.sites.join(", ")}`);
    return EXIT.ok;
  }
  const end = performance.now() + input.timeoutMs(WATCH_TIMEOUT_MS);
  for (;;) {
    const deployment = await api.get(path, Deployment, context.signal);
    const left = end - performance.now();
    if (deployment.status !== "reverting" || left <= 0) return told(context, deployment, accepted.sites);
    await sleep(Math.min(left, ROLLBACK_POLL_MS), undefined, { signal: context.signal });
  }
}

function told({ out }: Context, deployment: Deployment, wanted: readonly string[]): ExitCode {
  const sites = deployment.sites.filter(({ site }) => wanted.includes(site));
  const done = sites.every(({ state }) => state === "reverted");
  const exitCode = deployment.status === "reverting" ? EXIT.running : done ? EXIT.ok : EXIT.failed;
  if (out.json) out.document(deployment);
  const lines = sites.map(({ site, state, message }) => `  ${site}  ${state}  ${message}`.trimEnd());
  out.text([`${deployment.deploymentId}  ${done ? "taken back" : deployment.status}`, ...lines].join("\n"));
  return exitCode;
}

const ONE = { min: 1, max: 1 };

export const CHANGE_COMMANDS: readonly Command[] = [
  {
    ...{ name: "deploy", takes: "[TEXT]", min: 0, max: 1, about: "say what the network should do, or --type … in data", run: deploy },
    options: {
      ...SITES,
      ...SERVICE_TYPE,
      slice: { value: "NAME", about: "the name of the new slice, with --type" },
      ...REQUIREMENTS,
      ...EXECUTION,
    },
  },
  {
    ...{ name: "scale", takes: "SLICE", ...ONE, about: "give a live slice more or less", run: scale },
    options: { ...SITES, ...REQUIREMENTS, ...EXECUTION },
  },
  {
    ...{ name: "terminate", takes: "SLICE", ...ONE, about: "remove a live slice" },
    options: { ...SITES, ...EXECUTION },
    run: (context, input) => change(context, input, { action: "terminate" }),
  },
  {
    ...{
      name: "rollback",
      takes: "DEPLOYMENT|SLICE",
      ...ONE,
      about: "take back a deployment, or the latest one of a slice",
      run: rollback,
    },
    options: { ...SITES, ...EXECUTION },
  },
  {
    ...{ name: "rerender", takes: "SLICE", ...ONE, about: "put a live slice's files back as they belong" },
    options: { ...SITES, ...EXECUTION },
    run: (context, input) => change(context, input, { action: "rerender" }),
  },
];
