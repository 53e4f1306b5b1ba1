// The upgrade into the party room: a ticket first, then the upgrade check, then the room.
import { z } from "@hono/zod-openapi";
import { enterRoom, refuseSocket } from "../../party/route.ts";
import { CloseCode, ROOM_NAME } from "../../protocol/room.ts";
import { AppError } from "../errors.ts";
import { createRouter, failures } from "../router.ts";
import { redeemTicket } from "../services/tickets.ts";

export function roomRoutes() {
  const router = createRouter();
  const path = `/parties/room/${ROOM_NAME}`;
  router.openAPIRegistry.registerPath({
    ...{ method: "get", path, tags: ["session"], security: [], summary: "The live socket: events, presence, wake-ups" },
    request: { query: z.object({ ticket: z.string().max(200) }) },
    responses: { 101: { description: "a WebSocket that speaks the messages of protocol/room.ts" }, ...failures },
  });
  router.get(path, async (c) => {
    const upgrade = c.req.header("upgrade")?.toLowerCase() === "websocket";
    const ticket = c.req.query("ticket");
    if (ticket === undefined || ticket.length > 200) {
      if (upgrade) return refuseSocket(CloseCode.unauthorized, "a ticket is needed");
      throw new AppError("UNAUTHENTICATED", "a ticket is needed");
    }
    const who = await redeemTicket(c.get("deps"), ticket);
    if (!upgrade && who === null) throw new AppError("UNAUTHENTICATED", "the ticket is unknown, used or expired");
    if (!upgrade) throw new AppError("VALIDATION", "this address speaks WebSocket only");
    if (who === null) return refuseSocket(CloseCode.ticketSpent, "the ticket is unknown, used or expired");
    return enterRoom(c.req.raw, c.env.Room, who);
  });
  return router;
}
