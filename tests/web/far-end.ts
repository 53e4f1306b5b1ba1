// The far end of the feed: the REST routes it asks, answered by the model server, and a socket that can be cut, fall silent and lie.
import { createApi } from "../../web/api.ts";
import type { ModelServer } from "./model-server.ts";

export interface FarEnd {
  api: ReturnType<typeof createApi>;
  asked: string[]; // method and path, in order
  signedOut: number;
  down: boolean; // every request fails
  accepted: boolean; // the token
  latencyMs: number; // from reading to answering
}

export function createFarEnd(server: ModelServer): FarEnd {
  const answer = (path: string): unknown => {
    const url = new URL(path, "http://here");
    const number = (name: string) => Number(url.searchParams.get(name));
    const one = /^\/api\/v1\/intents\/(int_\w+)$/.exec(url.pathname)?.[1];
    if (one !== undefined) return server.intent(one);
    const made = /^\/api\/v1\/deployments\/(dep_\w+)$/.exec(url.pathname)?.[1];
    if (made !== undefined) return server.deployments().find(({ deploymentId }) => deploymentId === made);
    switch (url.pathname) {
      case "/api/v1/events":
        return server.events(number("after"), number("limit"));
      case "/api/v1/intents":
        return { intents: server.snapshot(0).intents, nextCursor: null };
      case "/api/v1/deployments":
        return { deployments: server.deployments(), nextCursor: null };
      case "/api/v1/sites":
        return { sites: server.sites() };
      case "/api/v1/agents":
        return { agents: [] };
      case "/api/v1/ticket":
        return { ticket: `ticket-${end.asked.filter((ask) => ask === "POST /api/v1/ticket").length}`, expiresInMs: 60_000 };
      default:
        return undefined;
    }
  };
  const end: FarEnd = {
    asked: [],
    signedOut: 0,
    down: false,
    accepted: true,
    latencyMs: 0,
    api: createApi({
      token: "t",
      onUnauthenticated: () => {
        end.signedOut += 1;
      },
      fetch: async (input, init) => {
        end.asked.push(`${init?.method ?? "GET"} ${String(input)}`);
        if (end.down) throw new TypeError("fetch failed");
        if (!end.accepted) return new Response("", { status: 401 });
        const body = answer(String(input));
        if (end.latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, end.latencyMs));
        return body === undefined ? new Response("", { status: 404 }) : new Response(JSON.stringify(body));
      },
    }),
  };
  return end;
}

/** What PartySocket opens in a browser. The test is the server: it accepts, speaks and closes. */
export class FakeSocket extends EventTarget {
  static opened: FakeSocket[] = [];
  readonly url: string;
  readonly sent: string[] = [];
  readyState = 0;
  binaryType = "blob";

  constructor(url: string) {
    super();
    this.url = url;
    FakeSocket.opened.push(this);
  }

  send(data: string): void {
    this.sent.push(data);
  }

  close(): void {
    this.readyState = 3;
  }

  accept(): void {
    this.readyState = 1;
    this.dispatchEvent(new Event("open"));
  }

  say(data: unknown): void {
    this.dispatchEvent(new MessageEvent("message", { data: typeof data === "string" ? data : JSON.stringify(data) }));
  }

  cut(code = 1006, reason = ""): void {
    this.readyState = 3;
    this.dispatchEvent(Object.assign(new Event("close"), { code, reason }));
  }
}
