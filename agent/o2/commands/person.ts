// What a person says about an intent: approve, reject, decide, answer, cancel.
import { IntentAccepted, IntentRecord } from "../../../protocol/api.ts";
import { DecisionAction } from "../../../protocol/intent.ts";
import type { Api } from "../client.ts";
import type { Command, Context, Input } from "../command.ts";
import { CommandFailure, EXIT, type ExitCode, usage } from "../failure.ts";
import { askYes } from "../prompt.ts";
import { diffText } from "../report.ts";
import { oneLine } from "../text.ts";
import { carryOut } from "./change.ts";
import { REQUIREMENTS, requirementsOf, SERVICE_TYPE, SITES, WATCH } from "./options.ts";

const pathOf = (input: Input) => `api/v1/intents/${encodeURIComponent(input.words[0] ?? "")}`;

/** Sends the digest of exactly the diff that was shown: what has moved since is refused by the server. */
async function approve(context: Context, input: Input): Promise<ExitCode> {
  const { out } = context;
  const api = await context.api();
  const record = await api.get(pathOf(input), IntentRecord);
  const { digest, status } = record;
  if (status !== "awaiting_approval" || digest === null)
    throw new CommandFailure(EXIT.refused, `${record.intentId} does not wait for an approval: it is ${status}`, { code: "CONFLICT" });
  const wanted = input.text("digest");
  if (wanted !== undefined && wanted !== digest)
    throw new CommandFailure(EXIT.refused, `what would be pushed is ${digest} now; look at it before you approve it`, {
      code: "DIGEST_MISMATCH",
    });
  const reasons = record.approvalReasons.map((reason) => `  ${oneLine(reason)}`);
  out.text([diffText(out, record.diff ?? []), out.paint("bold", oneLine(record.text)), ...reasons, digest].join("\n"));
  if (!input.flag("yes") && !(await askYes(context, `Approve this for ${record.sites.join(", ")}?`))) {
    out.note("not approved");
    return EXIT.person;
  }
  const accepted = await api.post(`${pathOf(input)}/approve`, { digest }, IntentAccepted);
  return carryOut(context, input, { api, accepted }, false);
}

async function say(context: Context, input: Input, { verb, body }: { verb: string; body?: object }): Promise<ExitCode> {
  const api: Api = await context.api();
  const accepted = await api.post(`${pathOf(input)}/${verb}`, body, IntentAccepted);
  return carryOut(context, input, { api, accepted }, false);
}

async function end(context: Context, input: Input, { verb, body }: { verb: string; body?: object }): Promise<ExitCode> {
  const api = await context.api();
  const accepted = await api.post(`${pathOf(input)}/${verb}`, body, IntentAccepted);
  if (context.out.json) context.out.document(accepted);
  context.out.text(`${accepted.intentId}  ${accepted.status}`);
  return EXIT.ok;
}

async function decide(context: Context, input: Input): Promise<ExitCode> {
  const action = DecisionAction.safeParse(input.words[1]);
  if (!action.success) throw usage(`o2 decide takes ${DecisionAction.options.join(", ")}`);
  return say(context, input, { verb: "decide", body: { action: action.data } });
}

async function answer(context: Context, input: Input): Promise<ExitCode> {
  const targetSites = input.list("site");
  const serviceType = input.text("type");
  const requirement = requirementsOf(input);
  const body = {
    ...(targetSites.length === 0 ? {} : { targetSites }),
    ...(serviceType === undefined ? {} : { serviceType }),
    ...(Object.keys(requirement).length === 0 ? {} : { requirement }),
  };
  if (Object.keys(body).length === 0) throw usage("o2 answer needs --site, --type or a number such as --downlink 200");
  return say(context, input, { verb: "answer", body });
}

const ONE = { takes: "INTENT", min: 1, max: 1 };

export const PERSON_COMMANDS: readonly Command[] = [
  {
    ...{ name: "approve", ...ONE, about: "show the diff, ask, and approve exactly that", run: approve },
    options: {
      digest: { value: "DIGEST", about: "only if this is what would be pushed" },
      yes: { about: "do not ask" },
      ...WATCH,
    },
  },
  {
    ...{ name: "reject", ...ONE, about: "refuse what waits for an approval" },
    options: { reason: { value: "TEXT", about: "why" } },
    run: (context, input) => end(context, input, { verb: "reject", body: { reason: input.text("reason") ?? "" } }),
  },
  {
    ...{ name: "decide", takes: "INTENT ACTION", min: 2, max: 2, about: "say what becomes of an intent that could not be judged" },
    options: WATCH,
    words: DecisionAction.options,
    run: decide,
  },
  {
    ...{ name: "answer", ...ONE, about: "answer the questions of an intent", run: answer },
    options: { ...SITES, ...SERVICE_TYPE, ...REQUIREMENTS, ...WATCH },
  },
  {
    ...{ name: "cancel", ...ONE, about: "stop an intent" },
    options: {},
    run: (context, input) => end(context, input, { verb: "cancel" }),
  },
];
