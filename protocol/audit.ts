// Who did what: one entry for each command that took effect.
import * as z from "zod";
import { Timestamp } from "./ids.ts";

export const AuditEntry = z
  .object({
    seq: z.number().int().positive(),
    at: Timestamp,
    who: z.string(), // name of the token
    tokenId: z.string(),
    action: z.string(), // method and path of the command
    target: z.string().nullable(), // id of the intent, alert or site it was about
    requestId: z.string(),
  })
  .meta({ id: "AuditEntry" });
export type AuditEntry = z.infer<typeof AuditEntry>;

export const AuditQuery = z.strictObject({
  who: z.string().min(1).max(200).optional(),
  target: z.string().min(1).max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.coerce.number().int().positive().optional(), // entries before this seq
});
export type AuditQuery = z.infer<typeof AuditQuery>;

export const AuditPage = z.object({ entries: z.array(AuditEntry), nextCursor: z.number().int().nullable() }).meta({ id: "AuditPage" });
export type AuditPage = z.infer<typeof AuditPage>;
