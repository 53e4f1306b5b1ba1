// The upgrade into the party room: a ticket first, then the upgrade check, then the room.
import { Hono } from "hono";
import { enterRoom, refuseSocket } from "../../party/route.ts";
import { CloseCode, ROOM_NAME } from "../../protocol/room.ts";
import type { AppEnv } from "../env.ts";
import { AppError } from "../errors.ts";
import { redeemTicket } from "../services/tickets.ts";

export function roomRoutes() {
  return new Hono<AppEnv>().get(`/parties/room/${ROOM_NAME}`, async (c) => {
    const upgrade = c.req.header("upgrade")?.toLowerCase() === "websocket";
    const ticket = c.req.query("ticket");
    if (ticket === undefined || ticket.length > 200) {
      if (upgrade) return refuseSocket(CloseCode.unauthorized, "a ticket is needed");
      throw new AppError("UNAUTHENTICATED", "a ticket is needed");
    }
    if (!upgrade) throw new AppError("VALIDATION", "this address speaks WebSocket only");
    const who = await redeemTicket(c.get("deps"), ticket);
    if (who === null) return refuseSocket(CloseCode.ticketSpent, "the ticket is unknown, used or expired");
    return enterRoom(c.req.raw, c.env.Room, who);
  });
}
