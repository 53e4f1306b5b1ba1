// An older headless service as a fake: POST /api/v1/intent and GET /health. What it says of a sentence is what a test lets it say.
import { answersJson } from "./behaviour.ts";
import { type Dialect, type FakeModelServer, NOT_FOUND, startHttpFake } from "./http-fake.ts";

export const HEADLESS_VERSION = "1.4.2";

const dialect: Dialect = {
  contentType: "application/json; charset=utf-8",
  route(method, path) {
    const routes = { "POST /api/v1/intent": "chat", "GET /health": "health" } as const;
    return Object.entries(routes).find(([key]) => key === `${method} ${path}`)?.[1] ?? null;
  },
  // One JSON value in pieces: nothing tells its end but the end of the body.
  piece: (text) => text,
  end: () => "",
  errorLine: (error) => JSON.stringify({ error }),
  rawLine: (text) => text,
  absent: () => NOT_FOUND,
  models: () => ({}),
  other: () => ({ status: "healthy", version: HEADLESS_VERSION, uptime: 12_345, services: { claude: "up" } }),
  embed: () => ({}),
};

/** As such a service answers "Deploy an eMBB slice on edge1 with 200 Mbps": no requirements, a profile full of defaults, fields of its own. */
export function headlessAnswer(intent: Record<string, unknown> = {}, rest: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    status: "success",
    intent: {
      ...{ intentId: "intent-1763719200", name: "embb-1", action: "deploy", serviceType: "embb", targetSite: "edge01" },
      serviceProfile: { bandwidth: "200Mbps", latency: "30ms", reliability: "99.9%" },
      ...{ lifecycle: "draft", priority: 5 },
      ...intent,
    },
    metadata: { provider: "claude", processingTime: 2.31 },
    ...rest,
  };
}

export async function startHeadless(): Promise<FakeModelServer> {
  const fake = await startHttpFake(dialect);
  fake.behave(answersJson(headlessAnswer()));
  return fake;
}
