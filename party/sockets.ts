// What the room remembers of a socket, in the socket itself so that it survives hibernation, and which sockets are which.
import type { Connection } from "partyserver";
import type { AgentHello } from "../protocol/agent.ts";
import { PING_INTERVAL_MS, type RoomRole } from "../protocol/room.ts";
import type { Answerer } from "./calls.ts";
import { send } from "./frames.ts";

export interface SocketState {
  role: RoomRole;
  subscribed: boolean;
  logs: boolean; // has asked for log lines
  monitor: boolean; // of another make: subscribed by its address, sends nothing, is sent messages of monitor.ts
  connectedAt: number;
  agentId: string | null; // of an agent's socket
  instanceId: string | null; // once the agent has said hello: from then on it can be asked
}

export type RoomSocket = Connection<SocketState>;

const SLACK_MS = 5_000; // a ping may be on its way
const LATE_AFTER_MS = PING_INTERVAL_MS + SLACK_MS; // one missed ping
const DEAD_AFTER_MS = 2 * PING_INTERVAL_MS + SLACK_MS; // two missed pings

/** Of a socket that has just come; party/route.ts has written the headers. */
export function initialState(role: RoomRole, headers: Headers): SocketState {
  const agentId = role === "agent" ? headers.get("x-principal-subject") : null;
  const monitor = headers.has("x-principal-monitor");
  return { role, subscribed: false, logs: false, monitor, connectedAt: Date.now(), agentId, instanceId: null };
}

export function isMonitor(socket: RoomSocket): boolean {
  return socket.state?.monitor === true;
}

export function isAgent(socket: RoomSocket): boolean {
  return socket.state?.role === "agent";
}

/**
 * An agent has one socket; others of it have not noticed yet that they are cut. They stay open, in case they are not, and are
 * not asked any more. Returns their ids.
 */
export function retireOthers(socket: RoomSocket, hello: AgentHello, all: readonly RoomSocket[]): string[] {
  return all.flatMap((other) => {
    const state = other.state;
    if (other.id === socket.id || state?.agentId !== socket.state?.agentId || state?.instanceId == null) return [];
    if (state.instanceId > hello.instanceId) return []; // a newer process of this agent
    other.setState({ ...state, instanceId: null });
    return [other.id];
  });
}

/** It has missed a ping: cut, asleep or too slow, so that what may be lost is not put on top. The runtime does not tell what waits on a socket. */
export function isLate(socket: RoomSocket, pingedAt: number): boolean {
  return Date.now() - Math.max(pingedAt, socket.state?.connectedAt ?? 0) > LATE_AFTER_MS;
}

/** Not every monitor pings; one that does is held to it. `pingedAt` is 0 for never. */
export function isDead(socket: RoomSocket, pingedAt: number): boolean {
  if (pingedAt === 0 && isMonitor(socket)) return false;
  return Date.now() - Math.max(pingedAt, socket.state?.connectedAt ?? 0) > DEAD_AFTER_MS;
}

/** The sockets that can be asked: of each agent those of its newest process. */
export function answerers(sockets: readonly RoomSocket[]): Answerer[] {
  const greeted = sockets.flatMap((socket) => {
    const { agentId, instanceId } = socket.state ?? {};
    return agentId == null || instanceId == null ? [] : [{ socket, agentId, instanceId }];
  });
  const current = greeted.filter((one) => !greeted.some((other) => other.agentId === one.agentId && other.instanceId > one.instanceId));
  return current.map(({ socket, agentId }) => ({ socketId: socket.id, agentId, send: (message) => send(socket, message) }));
}
