// What a fresh installation is given: the admin's token and the local agent's credential. Pure statements; only hashes reach the store.
import { createHash } from "node:crypto";

/** One SQL statement with positional parameters, plain enough to travel over an IPC channel. */
export interface Statement {
  sql: string;
  params: (string | number | null)[];
}

export interface AgentCredential {
  agentId: string;
  credential: string;
}

/** Fixed, so that another ADMIN_TOKEN replaces the first one instead of standing beside it. */
const ADMIN_TOKEN_ID = "tok_0000000000000000000000admn";
const ADMIN_SCOPES = ["read", "operate", "admin"];
const AGENT_NAME = "local";

export function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

/** Running it again changes nothing; a revoked token stays revoked until it is replaced by another. */
export function adminSeed(token: string, now: number): Statement[] {
  return [
    {
      sql: `INSERT INTO tokens (hash, id, name, scopes, created_at) VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT (id) DO UPDATE SET hash = excluded.hash,
              revoked_at = CASE WHEN tokens.hash = excluded.hash THEN tokens.revoked_at END`,
      params: [hashToken(token), ADMIN_TOKEN_ID, "admin", JSON.stringify(ADMIN_SCOPES), now],
    },
  ];
}

/** The agent fills in the rest with its first heartbeat. */
export function agentSeed(agent: AgentCredential, now: number): Statement[] {
  return [
    {
      sql: `INSERT INTO agents (id, name, version, protocol, labels, capabilities, slots, sites, online, created_at)
            VALUES (?1, ?2, '', 0, '{}', '[]', 1, '[]', 0, ?3) ON CONFLICT (id) DO NOTHING`,
      params: [agent.agentId, AGENT_NAME, now],
    },
    {
      sql: `INSERT INTO tokens (hash, id, name, scopes, agent_id, created_at) VALUES (?1, ?2, ?3, '["agent"]', ?4, ?5)
            ON CONFLICT DO NOTHING`,
      params: [hashToken(agent.credential), agent.agentId.replace("agt_", "tok_"), AGENT_NAME, agent.agentId, now],
    },
  ];
}

/** The statement with its parameters written in, for a tool that takes SQL text only. */
export function toSql({ sql, params }: Statement): string {
  const text = sql.replaceAll(/\?(\d+)/g, (_, position: string) => {
    const value = params[Number(position) - 1] ?? null;
    return typeof value === "string" ? `'${value.replaceAll("'", "''")}'` : String(value ?? "NULL");
  });
  return `${text};`;
}
