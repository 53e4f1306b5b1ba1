// The agent's one outbound WebSocket: it hears "look now" and "cancel", and carries calls to language models and their answers.
// No job depends on it; without it the agent polls.
import { PartySocket } from "partysocket";
import type { AgentHello } from "../../protocol/agent.ts";
import { DownMessage, isTerminalClose, PING, PING_INTERVAL_MS, PONG, ROOM_NAME, type UpMessage } from "../../protocol/room.ts";
import type { Log } from "../log.ts";
import { type Backoff, backoffMs, classify, pause } from "../retry.ts";
import type { WorkerClient } from "../worker-client.ts";
import type { CallMessage } from "./calls.ts";

const BACKOFF = { baseMs: 500, capMs: 20_000 };
const STABLE_MS = 10_000; // a connection that lived this long has earned a fresh start of the backoff
const MISSES = 2; // unanswered pings that mean a dead socket
const MAX_DOWN_CHARS = 1024 * 1024;
const MAX_UNSENT_BYTES = 32 * 1024 * 1024; // answers that the line has not taken: it is dead, or far too slow
const MAX_BUSY_BYTES = 256 * 1024; // what the line may still have to take when something is only offered
const LOGS_SINCE = 4; // version of the protocol; to a room of an earlier one such a frame is broken, and the socket with it
const PARTY = "room"; // the Durable Object binding, as partyserver routes it

export interface WakeupsDeps {
  workerUrl: string;
  client: Pick<WorkerClient, "ticket">;
  hello: () => AgentHello;
  log: Log;
  /** Also after every connect: a push may have been missed. */
  onWake: () => void;
  onCancel: (jobId: string) => void;
  onCall: (message: CallMessage) => void;
  /** The socket is down: what it carried is lost. */
  onGone: () => void;
  onFatal: (message: string) => void;
  backoff?: Backoff;
  pingIntervalMs?: number;
  maxUnsentBytes?: number;
}

export interface Wakeups {
  run(signal: AbortSignal): Promise<void>;
  /** The room has answered our hello and the socket is up. */
  connected(): boolean;
  /** False when it cannot be said now; nothing is said late. */
  send(message: UpMessage): boolean;
  /** For what may be lost: it never waits behind what may not, and ends no socket. False when it is not taken now, or never by this room. */
  offer(message: Extract<UpMessage, { type: "logs" }>): boolean;
}

export function createWakeups(deps: WakeupsDeps): Wakeups {
  let ready: PartySocket | null = null;
  let protocol = 0; // of the room, once it is ready
  return {
    connected: () => ready !== null,
    send(message) {
      if (ready === null) return false;
      if (ready.bufferedAmount > (deps.maxUnsentBytes ?? MAX_UNSENT_BYTES)) {
        deps.log.warn("the socket takes nothing any more; connecting anew");
        ready.reconnect(); // whoever waits for an answer hears at once that it is lost
        return false;
      }
      ready.send(JSON.stringify(message));
      return true;
    },
    offer(message) {
      if (ready === null || protocol < LOGS_SINCE || ready.bufferedAmount > MAX_BUSY_BYTES) return false;
      ready.send(JSON.stringify(message));
      return true;
    },
    run: (signal) =>
      listen(deps, signal, (socket, spoken) => {
        if (ready !== null && socket === null) deps.onGone();
        ready = socket;
        protocol = spoken;
      }),
  };
}

type SetReady = (ready: PartySocket | null, protocol: number) => void;

function listen(deps: WakeupsDeps, outer: AbortSignal, setReady: SetReady): Promise<void> {
  const { log } = deps;
  const backoff = deps.backoff ?? { ...BACKOFF, random: Math.random };
  const base = new URL(deps.workerUrl);
  const over = new AbortController(); // the outer signal, or a fatal answer
  let attempt = 0;
  let openedAt = 0;
  let unanswered = 0;
  let pinger: NodeJS.Timeout | undefined;

  function fatal(message: string): void {
    if (over.signal.aborted) return;
    over.abort();
    deps.onFatal(message);
  }

  // Called anew for each attempt: a ticket works once. The wait is here because partysocket's own has no jitter.
  async function query(): Promise<{ ticket: string }> {
    if (attempt > 0) await pause(backoffMs(attempt - 1, backoff), over.signal);
    attempt += 1;
    const answer = await deps.client.ticket({}, { signal: over.signal });
    if (answer.ok) return { ticket: answer.value.ticket };
    const { class: kind, why } = classify(answer.error);
    if (kind === "fatal") fatal(`${why} (${answer.error.message})`);
    throw new Error(`no ticket: ${answer.error.message}`);
  }

  const socket = new PartySocket({
    host: base.host,
    protocol: base.protocol === "https:" ? "wss" : "ws",
    basePath: `${base.pathname.replace(/^\/|\/$/g, "")}/parties/${PARTY}/${ROOM_NAME}`.replace(/^\//, ""),
    query,
    maxEnqueuedMessages: 0, // nothing is said late
    minReconnectionDelay: 0,
    maxReconnectionDelay: 0,
    shouldReconnectOnClose: (event) => !over.signal.aborted && !isTerminalClose(event.code),
  });

  function ping(): void {
    if (unanswered >= MISSES) {
      log.info("the socket is dead; connecting anew");
      socket.reconnect();
      return;
    }
    unanswered += 1;
    socket.send(PING);
  }

  socket.addEventListener("open", () => {
    openedAt = performance.now();
    unanswered = 0;
    socket.send(JSON.stringify({ type: "hello", hello: deps.hello() } satisfies UpMessage));
    clearInterval(pinger);
    pinger = setInterval(ping, deps.pingIntervalMs ?? PING_INTERVAL_MS);
  });

  socket.addEventListener("message", (event) => {
    unanswered = 0;
    const data: unknown = event.data;
    if (data === PONG || typeof data !== "string" || data.length > MAX_DOWN_CHARS) return;
    const message = DownMessage.safeParse(parseJson(data));
    if (!message.success) return log.warn("a frame that does not fit the protocol was ignored");
    switch (message.data.type) {
      case "ready":
        setReady(socket, message.data.protocol ?? 0);
        log.info("connected: jobs are pushed");
        return deps.onWake();
      case "wake":
        return deps.onWake();
      case "cancel":
        return deps.onCancel(message.data.jobId);
      case "call":
      case "call.cancel":
        return deps.onCall(message.data);
      default: // presence and events are for people
        return;
    }
  });

  socket.addEventListener("close", (event) => {
    clearInterval(pinger);
    setReady(null, 0);
    if (openedAt > 0) {
      log.info({ code: event.code }, "the socket closed; polling meanwhile");
      if (performance.now() - openedAt >= STABLE_MS) attempt = 1; // not 0: after a restart of the server all come at once
    }
    openedAt = 0;
    if (isTerminalClose(event.code)) fatal(`the room refuses this agent (close code ${event.code} ${event.reason})`);
  });

  socket.addEventListener("error", (event) => log.debug({ error: event.message }, "the socket failed"));

  return new Promise((resolve) => {
    over.signal.addEventListener("abort", () => {
      outer.removeEventListener("abort", onOuterAbort);
      clearInterval(pinger);
      setReady(null, 0);
      socket.close();
      resolve();
    });
    const onOuterAbort = (): void => over.abort();
    outer.addEventListener("abort", onOuterAbort);
    if (outer.aborted) over.abort();
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
