// The audit of who did what. Its entries are written by the unit that carries the command's effect, see unit.ts.
import { and, desc, eq, lt } from "drizzle-orm";
import { audit } from "../../drizzle/schema.ts";
import type { AuditPage, AuditQuery } from "../../protocol/audit.ts";
import type { Deps } from "../deps.ts";

/** Newest first. */
export async function listAudit(deps: Deps, { who, target, limit, cursor }: AuditQuery): Promise<AuditPage> {
  const rows = await deps.db
    .select()
    .from(audit)
    .where(
      and(
        who === undefined ? undefined : eq(audit.who, who),
        target === undefined ? undefined : eq(audit.target, target),
        cursor === undefined ? undefined : lt(audit.seq, cursor),
      ),
    )
    .orderBy(desc(audit.seq))
    .limit(limit + 1);
  const page = rows.slice(0, limit);
  return {
    entries: page.map(({ at, ...row }) => ({ ...row, at: new Date(at).toISOString() })),
    nextCursor: rows.length > limit ? (page.at(-1)?.seq ?? null) : null,
  };
}
