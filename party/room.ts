// The PartyKit room: connect, parse, dispatch, broadcast. It holds presence and a delivery cursor, never truth;
// what it cannot know it reads from D1, and it writes nothing there.
import { type ConnectionContext, Server, type WSMessage } from "partyserver";
import type { AgentHello, MeasuredSlice } from "../protocol/agent.ts";
import type { CallRequest } from "../protocol/call.ts";
import type { DurableEvent } from "../protocol/event.ts";
import { CloseCode, type DownMessage, PING, PONG, RoomRole } from "../protocol/room.ts";
import { TIMINGS } from "../protocol/timings.ts";
import { MIN_PROTOCOL_VERSION, PROTOCOL_VERSION } from "../protocol/version.ts";
import { type CallOptions, createCalls } from "./calls.ts";
import { planDelivery } from "./delivery.ts";
import { createEphemeralLane } from "./ephemeral-lane.ts";
import { FILL_BATCH, readEvents, readHead, replay } from "./feed.ts";
import { parseFrame, send, sendFrame, TRY_AGAIN } from "./frames.ts";
import { createMonitorLane } from "./monitor-lane.ts";
import { answerers, initialState, isAgent, isDead, isMonitor, type RoomSocket, retireOthers, type SocketState } from "./sockets.ts";

export interface RoomEnv extends Cloudflare.Env {
  DB: D1Database;
}

/** More than this and a reload from REST is cheaper than a replay; the client is told so. */
const MAX_REPLAY = 500;
const MAX_MONITOR_REPLAY = 5_000; // a monitor cannot ask REST for what it missed, and its messages are short
const SWEEP_MS = 15_000; // how late an event may be whose announcement was lost
const CURSOR = "cursor";

export class Room extends Server<RoomEnv> {
  static override options = { hibernate: true };

  /** Subscriptions and deliveries run one after the other: a replay and a live event can never overtake each other. */
  #turn: Promise<void> = Promise.resolve();
  #calls = createCalls();
  #ephemeral = createEphemeralLane({
    subscribers: () => this.#listeners().filter((socket) => !isMonitor(socket)),
    presence: () => this.presence(),
    pingedAt: (socket) => this.#pingedAt(socket),
  });
  #lane = createMonitorLane({
    db: this.env.DB,
    monitors: () => this.#listeners().filter(isMonitor),
    cursor: () => this.#cursor(),
    inTurn: (work) => this.#inTurn(work),
  });

  constructor(ctx: DurableObjectState, env: RoomEnv) {
    super(ctx, env);
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(PING, PONG));
  }

  override async onConnect(connection: RoomSocket, { request }: ConnectionContext): Promise<void> {
    const role = RoomRole.safeParse(request.headers.get("x-principal-role"));
    if (!role.success) {
      connection.close(CloseCode.forbidden, "no role");
      return;
    }
    const since = request.headers.get("x-principal-monitor");
    connection.setState(initialState(role.data, request.headers));
    this.#ephemeral.presenceChanged();
    await this.#scheduleSweep();
    if (since === null) return;
    const from = since === "now" ? null : Number(since);
    await this.#inTurn(() => this.#openMonitor(connection, from)).catch(() => connection.close(TRY_AGAIN, "not now"));
  }

  override onClose(connection: RoomSocket): void {
    this.#calls.lost(connection.id);
    this.#ephemeral.gone(connection.id);
    this.#ephemeral.presenceChanged();
  }

  override onError(connection: RoomSocket, error: unknown): void {
    this.onClose(connection);
    this.onException(error);
  }

  override async onMessage(connection: RoomSocket, raw: WSMessage): Promise<void> {
    const state = connection.state;
    if (state?.monitor === true) return; // some makes greet; nothing is asked of this side
    const message = parseFrame(raw, state?.role ?? "viewer");
    if (message === null || state === null) return connection.close(CloseCode.badFrame, "not a message of this protocol");
    if ("spoiled" in message) return this.#calls.spoiled(connection.id, message.spoiled);
    if (message.type === "hello") return this.#greet(connection, message.hello);
    if (message.type !== "subscribe") {
      if (state.role !== "agent") return connection.close(CloseCode.forbidden, "agents answer calls and log");
      if (message.type === "logs") return this.#ephemeral.logs(connection, message.lines);
      return this.#calls.take(connection.id, message);
    }
    if (state.role === "agent") return connection.close(CloseCode.forbidden, "agents do not subscribe");
    await this.#inTurn(() => this.#subscribe(connection, message)).catch(() => connection.close(TRY_AGAIN, "not now"));
  }

  override onRequest(): Response {
    return new Response("not found", { status: 404 });
  }

  override onException(error: unknown): void {
    console.error("room", error);
  }

  override async onAlarm(): Promise<void> {
    this.#closeDead();
    if (this.#sockets().length === 0) return;
    await this.ctx.storage.setAlarm(Date.now() + SWEEP_MS); // first: a database that fails now must not end the sweeps
    await this.#inTurn(async () => {
      if (this.#listeners().length > 0) await this.#deliver(await readHead(this.env.DB), null);
    }).catch(() => undefined); // it is logged; the next sweep tries again
  }

  /** RPC from the worker, after the commit. Idempotent: an event that was delivered before is not delivered again. */
  async publish(events: DurableEvent[], wake: boolean): Promise<void> {
    if (wake) this.#toAgents({ type: "wake" });
    const last = events.reduce((max, event) => Math.max(max, event.seq), 0);
    if (last > 0) await this.#inTurn(() => this.#deliver(last, events));
  }

  /** RPC from the worker: somebody wants a job stopped. The flag in D1 is the truth, this only saves the agent a poll. */
  cancel(jobId: string): void {
    this.#toAgents({ type: "cancel", jobId });
  }

  /** RPC from the worker: what was just measured, to whoever looks. Nothing of it is kept, and nobody is told what was missed. */
  metrics(measured: MeasuredSlice[]): void {
    this.#ephemeral.metrics(measured);
  }

  /** RPC for health: how many sockets of each kind. */
  presence(): { viewers: number; agents: number } {
    const sockets = this.#sockets();
    const agents = sockets.filter(isAgent).length;
    return { viewers: sockets.length - agents, agents };
  }

  /** RPC from the worker: asks a connected agent. NDJSON of CallEvent with empty lines between: pieces, then exactly one end or failure. */
  call(request: CallRequest, options: CallOptions): ReadableStream<Uint8Array> {
    return this.#calls.open(request, options, answerers(this.#sockets()));
  }

  /** RPC from the worker: to cancel the stream is not enough, as that is noticed late. */
  cancelCall(callId: string): void {
    this.#calls.cancel(callId);
  }

  #greet(connection: RoomSocket, hello: AgentHello): void {
    const state = connection.state;
    if (state?.role !== "agent") return connection.close(CloseCode.forbidden, "not an agent");
    if (hello.protocol < MIN_PROTOCOL_VERSION)
      return connection.close(CloseCode.protocolTooOld, `protocol ${MIN_PROTOCOL_VERSION} or newer`);
    for (const id of retireOthers(connection, hello, this.#sockets())) this.#calls.lost(id);
    connection.setState({ ...state, instanceId: hello.instanceId });
    send(connection, { type: "ready", serverTime: new Date().toISOString(), timings: TIMINGS, protocol: PROTOCOL_VERSION });
  }

  async #subscribe(connection: RoomSocket, { since, logs = false }: { since: number; logs?: boolean | undefined }): Promise<void> {
    if (connection.state === null) return;
    const cursor = await this.#catchUp();
    const missed = await replay(this.env.DB, { since, upTo: cursor, limit: MAX_REPLAY });
    connection.setState({ ...connection.state, subscribed: true, logs });
    send(connection, { type: "subscribed", recovered: missed !== null, head: cursor, events: missed ?? [] });
  }

  /** The same for a monitor: it is told the state first, then what came after `since`, one message a frame. */
  async #openMonitor(connection: RoomSocket, since: number | null): Promise<void> {
    const state = connection.state;
    if (state === null) return;
    const cursor = await this.#catchUp();
    const missed = await replay(this.env.DB, { since: since ?? cursor, upTo: cursor, limit: MAX_MONITOR_REPLAY });
    await this.#lane.open(connection, { seq: missed === null ? cursor : (since ?? cursor), missed });
    connection.setState({ ...state, subscribed: true });
  }

  /** Brings all listeners up to the head and answers where they are. */
  async #catchUp(): Promise<number> {
    const head = await readHead(this.env.DB);
    // Before the first listener nobody was owed anything. Later, who has read D1 may know more than was announced so far:
    // the others are brought up to it first, so that nobody is told to have missed something by knowing more.
    if (this.#listeners().length === 0) await this.#moveCursor(head);
    else await this.#deliver(head, null);
    return Math.min(await this.#cursor(), head);
  }

  async #deliver(upTo: number, announced: DurableEvent[] | null): Promise<void> {
    const listeners = this.#listeners();
    if (listeners.length === 0) return; // the next one sets the cursor anew
    const cursor = await this.#cursor();
    const plan = announced === null ? { kind: "fill" as const, after: cursor, upTo } : planDelivery(cursor, announced);
    if (plan.kind === "nothing" || upTo <= cursor) return;
    if (plan.kind === "send") return this.#broadcastEvents(listeners, plan.events, upTo);
    for (let { after } = plan; after < plan.upTo; ) {
      const events = await readEvents(this.env.DB, { after, upTo: plan.upTo, limit: FILL_BATCH });
      after = events.at(-1)?.seq ?? plan.upTo;
      await this.#broadcastEvents(listeners, events, after);
    }
  }

  async #broadcastEvents(listeners: RoomSocket[], events: DurableEvent[], upTo: number): Promise<void> {
    await this.#moveCursor(upTo);
    if (events.length === 0) return;
    const frame = JSON.stringify({ type: "events", events } satisfies DownMessage);
    for (const socket of listeners) if (!isMonitor(socket)) sendFrame(socket, frame);
    const monitors = listeners.filter(isMonitor);
    if (monitors.length > 0) await this.#lane.tell(monitors, events);
  }

  async #cursor(): Promise<number> {
    return (await this.ctx.storage.get<number>(CURSOR)) ?? 0;
  }

  /** Unconfirmed on purpose: after a lost write some events come twice, and every client drops what it has. */
  async #moveCursor(seq: number): Promise<void> {
    await this.ctx.storage.put(CURSOR, seq, { allowUnconfirmed: true });
  }

  #sockets(): RoomSocket[] {
    return [...this.getConnections<SocketState>()];
  }

  /** Whoever is owed durable events. */
  #listeners(): RoomSocket[] {
    return this.#sockets().filter((socket) => socket.state?.subscribed === true);
  }

  #toAgents(message: DownMessage): void {
    for (const socket of this.#sockets()) if (isAgent(socket)) send(socket, message);
  }

  /** Ms since the epoch, 0 for never. */
  #pingedAt(socket: RoomSocket): number {
    return this.ctx.getWebSocketAutoResponseTimestamp(socket)?.getTime() ?? 0;
  }

  #closeDead(): void {
    for (const socket of this.#sockets().filter((candidate) => isDead(candidate, this.#pingedAt(candidate)))) {
      this.#calls.lost(socket.id); // its answer to the close may never come
      socket.close(CloseCode.dead, "no ping");
    }
  }

  async #scheduleSweep(): Promise<void> {
    if ((await this.ctx.storage.getAlarm()) === null) await this.ctx.storage.setAlarm(Date.now() + SWEEP_MS);
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch((error: unknown) => this.onException(error)); // one failure must not stop the next
    return turn;
  }
}
