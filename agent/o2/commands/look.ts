// list, slices, show, sites: what there is. Reads only.
import { IntentPage, IntentRecord, SitePage, SlicePage, type SliceView } from "../../../protocol/api.ts";
import { IntentStatus } from "../../../protocol/intent.ts";
import type { Command, Context, Input } from "../command.ts";
import { EXIT, type ExitCode } from "../failure.ts";
import { diffText } from "../report.ts";
import { columns, oneLine } from "../text.ts";

/** `?a=1&b=2` of what was given, or nothing. */
function queryOf(entries: Record<string, string | undefined>): string {
  const given = Object.entries(entries).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as [string, string]]));
  return given.length === 0 ? "" : `?${new URLSearchParams(given)}`;
}

/** `2026-11-20 22:14`, in UTC. */
function minute(at: string): string {
  return at.slice(0, 16).replace("T", " ");
}

async function list(context: Context, input: Input): Promise<ExitCode> {
  const api = await context.api();
  const asked = {
    status: input.text("status"),
    site: input.text("site"),
    q: input.text("search"),
    limit: input.text("limit"),
    cursor: input.text("cursor"),
  };
  const page = await api.get(`api/v1/intents${queryOf(asked)}`, IntentPage, context.signal);
  const { out } = context;
  if (out.json) out.document(page);
  const rows = page.intents.map((intent) => [
    intent.intentId,
    minute(intent.createdAt),
    intent.status,
    intent.slice ?? "",
    intent.sites.join(","),
    intent.text,
  ]);
  out.text(columns(["INTENT", "CREATED (UTC)", "STATUS", "SLICE", "SITES", "TEXT"], rows, out.columns()));
  if (page.nextCursor !== null) out.text(`more: --cursor ${page.nextCursor}`);
  return EXIT.ok;
}

async function slices(context: Context, input: Input): Promise<ExitCode> {
  const api = await context.api();
  const page = await api.get(`api/v1/slices${queryOf({ site: input.text("site") })}`, SlicePage, context.signal);
  const { out } = context;
  if (out.json) out.document(page);
  out.text(columns(["SLICE", "TYPE", "S-NSSAI", "SITES", "ALERTS", "DEPLOYMENT", "BUSY WITH"], page.slices.map(sliceRow), out.columns()));
  return EXIT.ok;
}

function sliceRow({ slice, serviceType, snssai, sites, alerts, latest, busy }: SliceView): string[] {
  const busyWith = busy === null ? "" : `${busy.action} ${busy.intentId}`;
  const names = sites.map(({ site }) => site).join(",");
  return [slice, serviceType, `${snssai.sst}-${snssai.sd}`, names, String(alerts), latest.deploymentId, busyWith];
}

async function show(context: Context, input: Input): Promise<ExitCode> {
  const api = await context.api();
  const record = await api.get(`api/v1/intents/${encodeURIComponent(input.words[0] ?? "")}`, IntentRecord, context.signal);
  const { out } = context;
  if (out.json) out.document(record);
  out.text(describe(record, out.columns()));
  if (input.flag("diff")) out.text(diffText(out, record.diff ?? []));
  return EXIT.ok;
}

export function describe(record: IntentRecord, width: number): string {
  const { deployment, failure, plan } = record;
  const facts: [string, string | null | undefined][] = [
    ["intent", record.intentId],
    ["text", record.text],
    ["status", `${record.status}${record.waitingFor === null ? "" : `, waiting for ${record.waitingFor}`}`],
    ["failure", failure === null ? null : `${failure.reason} at ${failure.stage}: ${failure.message}`],
    ["counter-offer", failure?.counterOffer === undefined ? null : numbers(failure.counterOffer)],
    ["created", `${record.createdAt} by ${record.createdBy}`],
    ["slice", plan === null ? record.slice : `${plan.slice}, ${plan.serviceType}, S-NSSAI ${plan.snssai.sst}-${plan.snssai.sd}`],
    ["waves", plan === null || plan.waves.length < 2 ? null : plan.waves.map((wave) => wave.join(", ")).join(" → ")],
    ["policy", record.policy],
    ["approval", [record.approval, ...record.approvalReasons].join("; ")],
    ["digest", record.digest],
    ["deployment", deployment === null ? null : `${deployment.deploymentId}, ${deployment.status}`],
    ["commit", deployment?.commit],
    ["revert", deployment?.revertCommit],
    ["answer", record.answer?.text],
    ["effects", record.effects.join("; ")],
  ];
  const lines = facts.flatMap(([name, value]) => (value == null || value === "" ? [] : [`${`${name}:`.padEnd(15)}${oneLine(value)}`]));
  const sites = (deployment?.sites ?? []).map(({ site, state, message }) => [site, state, message]);
  const evidence = (deployment?.evidence ?? []).map((entry) => [entry.site, entry.objective, entry.verdict]);
  return [
    ...lines,
    ...(sites.length === 0 ? [] : ["", columns(["SITE", "STATE", "MESSAGE"], sites, width)]),
    ...(evidence.length === 0 ? [] : ["", columns(["SITE", "OBJECTIVE", "VERDICT"], evidence, width)]),
  ].join("\n");
}

function numbers(offer: Record<string, number | undefined>): string {
  return Object.entries(offer)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");
}

async function sites(context: Context): Promise<ExitCode> {
  const api = await context.api();
  const page = await api.get("api/v1/sites", SitePage, context.signal);
  const { out } = context;
  if (out.json) out.document(page);
  const rows = page.sites.map((site) => [
    site.id,
    site.status,
    `${site.components.sync}/${site.components.o2ims}/${site.components.metrics}`,
    `${site.used.downlinkMbps}/${site.capacity.downlinkMbps}`,
    String(site.slices.length),
    site.drift.length === 0 ? "" : String(site.drift.length),
    site.commit?.slice(0, 8) ?? "",
    [site.frozenUntil === null ? "" : `frozen until ${minute(site.frozenUntil)}`, site.message].filter((part) => part !== "").join("; "),
  ]);
  out.text(columns(["SITE", "STATUS", "SYNC/O2IMS/METRICS", "DL MBPS", "SLICES", "DRIFT", "COMMIT", "MESSAGE"], rows, out.columns()));
  return EXIT.ok;
}

const NONE = { takes: "", min: 0, max: 0 };
const AT: Command["options"] = { site: { value: "SITE", about: "only what is at this site" } };

export const LOOK_COMMANDS: readonly Command[] = [
  {
    ...{ name: "list", ...NONE, about: "intents, newest first", run: list },
    options: {
      ...AT,
      status: { value: "STATUS", words: IntentStatus.options, about: "only these" },
      search: { value: "TEXT", about: "only those whose sentence has this" },
      limit: { value: "COUNT", about: "at most so many" },
      cursor: { value: "INTENT", about: "go on after this one" },
    },
  },
  { ...{ name: "slices", ...NONE, about: "live slices", run: slices }, options: AT },
  {
    ...{ name: "show", takes: "INTENT", min: 1, max: 1, about: "everything about one intent", run: show },
    options: { diff: { about: "the files it changes, too" } },
  },
  { ...{ name: "sites", ...NONE, about: "edge sites and how they are", run: sites }, options: {} },
];
