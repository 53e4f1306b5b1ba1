// The environment of `npm start` and `npm run dev`, read here and nowhere else. lab/env.ts is the lab process's own.
import { join, resolve } from "node:path";
import { type LabEnv, readLabEnv } from "./env.ts";

export interface StartEnv {
  root: string; // of the repository
  dataDir: string;
  port: number; // 0: a free one
  agentPort: number;
  lab: LabEnv;
  adminToken: string | null; // null: one is generated and kept
  color: boolean;
  /** What every child inherits. ADMIN_TOKEN is taken out: the children need its hash at most. */
  inherited: Record<string, string>;
}

type Variables = Record<string, string | undefined>;

const DEFAULT_PORT = 8787;
const DEFAULT_AGENT_PORT = 8791;
const ADMIN_TOKEN_MIN_CHARS = 20;
const ADMIN_TOKEN_MAX_CHARS = 200; // a header line still carries it

export function readStartEnv(env: Variables = process.env, isTerminal = process.stdout.isTTY === true): StartEnv {
  const root = resolve(import.meta.dirname, "..");
  const lab = readLabEnv(env);
  return {
    root,
    dataDir: lab.dataDir,
    port: readPort("PORT", env.PORT, DEFAULT_PORT),
    agentPort: readPort("AGENT_PORT", env.AGENT_PORT, DEFAULT_AGENT_PORT),
    lab,
    adminToken: readAdminToken(env.ADMIN_TOKEN),
    color: isTerminal && (env.NO_COLOR ?? "") === "",
    inherited: inherit(env, root),
  };
}

function readPort(name: string, raw: string | undefined, fallback: number): number {
  const text = raw?.trim() ?? "";
  if (text === "") return fallback;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535)) throw new Error(`${name} must be a port number from 0 (a free one) to 65535, not "${text.slice(0, 40)}"`);
  return port;
}

/** The value is a secret: the error names the variable and the rule, never what was given. */
function readAdminToken(raw: string | undefined): string | null {
  if (raw === undefined || raw === "") return null;
  const fits = raw.length >= ADMIN_TOKEN_MIN_CHARS && raw.length <= ADMIN_TOKEN_MAX_CHARS && /^[\x21-\x7e]+$/.test(raw);
  if (!fits) {
    throw new Error(`ADMIN_TOKEN must have ${ADMIN_TOKEN_MIN_CHARS} to ${ADMIN_TOKEN_MAX_CHARS} printable ASCII characters without spaces`);
  }
  return raw;
}

function inherit(env: Variables, root: string): Record<string, string> {
  const inherited: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && name !== "ADMIN_TOKEN") inherited[name] = value;
  }
  // Tools that start `node` by name must get the Node that this project brings, not an older one of the system.
  inherited.PATH = `${join(root, "node_modules", ".bin")}:${env.PATH ?? "/usr/local/bin:/usr/bin:/bin"}`;
  return inherited;
}
