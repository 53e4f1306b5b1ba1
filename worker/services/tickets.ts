// Socket tickets: single use, at most a minute old, bound to who asked, to a role and so to the one room.
import { and, eq, gt, lt } from "drizzle-orm";
import { tickets } from "../../drizzle/schema.ts";
import type { Ticket } from "../../protocol/api.ts";
import type { RoomRole } from "../../protocol/room.ts";
import { newSecret, sha256Hex } from "../auth.ts";
import type { Deps } from "../deps.ts";

const TICKET_TTL_MS = 60_000; // a connect takes seconds; a minute covers a slow network

export async function issueTicket(deps: Deps, who: { subject: string; role: RoomRole }): Promise<Ticket> {
  const ticket = newSecret("tkt");
  await deps.db.batch([
    deps.db.delete(tickets).where(lt(tickets.expiresAt, deps.now())),
    deps.db.insert(tickets).values({ hash: await sha256Hex(ticket), ...who, expiresAt: deps.now() + TICKET_TTL_MS }),
  ]);
  return { ticket, expiresInMs: TICKET_TTL_MS };
}

/** Who the ticket was for; null when it is unknown, used or too old. Gone after this. */
export async function redeemTicket(deps: Deps, ticket: string): Promise<{ subject: string; role: RoomRole } | null> {
  const [row] = await deps.db
    .delete(tickets)
    .where(and(eq(tickets.hash, await sha256Hex(ticket)), gt(tickets.expiresAt, deps.now())))
    .returning({ subject: tickets.subject, role: tickets.role });
  return row ?? null;
}
