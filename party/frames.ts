// One frame of a socket: how it is written so that one broken socket harms nobody else, and how it is read. What it says is protocol/.
import type { Connection, WSMessage } from "partyserver";
import type { MonitorMessage } from "../protocol/monitor.ts";
import { type DownMessage, MAX_AGENT_FRAME_BYTES, MAX_FRAME_BYTES, type RoomRole, SpoiledAnswer, UpMessage } from "../protocol/room.ts";

export const TRY_AGAIN = 1011; // RFC 6455 "internal error"; not terminal for our clients

export function send(connection: Connection, message: DownMessage | MonitorMessage): void {
  sendFrame(connection, JSON.stringify(message));
}

/** A socket that has gone away meanwhile must not keep the frame from the others. */
export function sendFrame(connection: Connection, frame: string): void {
  try {
    connection.send(frame);
  } catch {
    connection.close(TRY_AGAIN, "could not be written to");
  }
}

/** Null for anything but a text frame with a message of this protocol, as long as the role may send; of an answer that is none, its call. */
export function parseFrame(raw: WSMessage, role: RoomRole): UpMessage | { spoiled: string } | null {
  const limit = role === "agent" ? MAX_AGENT_FRAME_BYTES : MAX_FRAME_BYTES;
  if (typeof raw !== "string" || raw.length > limit || bytesOf(raw) > limit) return null;
  try {
    const json: unknown = JSON.parse(raw);
    const parsed = UpMessage.safeParse(json);
    if (parsed.success) return parsed.data;
    const answer = SpoiledAnswer.safeParse(json);
    return role === "agent" && answer.success ? { spoiled: answer.data.callId } : null;
  } catch {
    return null;
  }
}

/** As UTF-8; a short text is not counted. */
function bytesOf(text: string): number {
  return text.length * 3 <= MAX_FRAME_BYTES ? text.length : new TextEncoder().encode(text).byteLength;
}
