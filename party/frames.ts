// One frame of a socket: how it is written so that one broken socket harms nobody else, and how it is read. What it says is protocol/.
import type { Connection, WSMessage } from "partyserver";
import type { MonitorMessage } from "../protocol/monitor.ts";
import { type DownMessage, MAX_FRAME_BYTES, UpMessage } from "../protocol/room.ts";

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

/** Null for anything but a small text frame with a message of this protocol. */
export function parseFrame(raw: WSMessage): UpMessage | null {
  if (typeof raw !== "string" || raw.length > MAX_FRAME_BYTES) return null;
  try {
    const parsed = UpMessage.safeParse(JSON.parse(raw));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
