// An older understanding service behind its own address: POST /api/v1/intent answers with a whole understanding, GET /health with how it
// is. It understands and does nothing else: it takes no prompt, does not chat, and tells no tokens.
import * as z from "zod";
import type { Provider } from "../port.ts";
import { UNKNOWN_COST } from "./answer.ts";
import { createBackend } from "./backend.ts";
import { type HttpProviderConfig, shownAddress } from "./config.ts";
import { failed, quotable } from "./failure.ts";
import { draftOf, HeadlessAnswer } from "./headless-answer.ts";

const MAX_ANSWER_BYTES = 256 * 1024; // one understanding has some kB
const MAX_VERSION = 80; // characters
const UNNAMED = "default"; // whoever answers behind it

const Health = z.object({ status: z.string().nullish(), version: z.string().nullish().catch(null) });

// Degraded is up: our own worker is so as soon as one site is not seen.
const WELL = new Set(["ok", "up", "healthy", "pass", "degraded"]);

export function createHeadless(config: HttpProviderConfig): Provider {
  const { id, kind, configured } = config;
  const name = config.name ?? id;
  const backend = createBackend({ name, url: new URL(config.url), secret: config.secret, bounds: config.bounds });

  return {
    ...{ id, kind, name, configured, address: shownAddress(config.url), capabilities: ["understand"] },
    probe: (signal) =>
      backend.run(signal, async (call) => {
        const { status, version } = await backend.json(call, { path: "health" }, { schema: Health, maxBytes: MAX_ANSWER_BYTES });
        if (!WELL.has((status ?? "ok").toLowerCase())) throw failed("overloaded", `${name} is not healthy${quotable(status ?? "", [])}`);
        return { models: [], version: version?.slice(0, MAX_VERSION) ?? null };
      }),
    read: ({ text, context, targetSites }, signal) =>
      backend.run(signal, async (call) => {
        const body = {
          text,
          ...(Object.keys(context).length > 0 ? { context } : {}), // the oldest take nothing but the text
          ...(targetSites.length > 0 ? { target_sites: targetSites } : {}),
        };
        const request = { path: "api/v1/intent", body, asked: [text, ...Object.values(context)] };
        const answer = await backend.json(call, request, { schema: HeadlessAnswer, maxBytes: MAX_ANSWER_BYTES });
        const model = answer.metadata?.provider ?? UNNAMED;
        return { value: draftOf(text, answer), model, usage: null, cost: UNKNOWN_COST };
      }),
    close: async () => backend.close(),
  };
}
