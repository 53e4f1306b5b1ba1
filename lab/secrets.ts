// Secrets that an installation makes once and keeps in DATA_DIR, each in a file that only its owner may read.
import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { newId } from "../protocol/ids.ts";
import type { AgentCredential } from "./seed.ts";

const SECRET_BYTES = 32;
const OWNER_ONLY = 0o600;

export function readOrMakeAdminToken(dataDir: string): string {
  return readOrMake(join(dataDir, "admin-token"), () => `adm_${secret()}\n`).trim();
}

export interface LocalAgent extends AgentCredential {
  file: string; // the JSON that the agent reads
}

export function readOrMakeAgentCredential(dataDir: string): LocalAgent {
  const file = join(dataDir, "agent", "credential.json");
  const text = readOrMake(file, () => `${JSON.stringify({ agentId: newId("agt"), credential: `agc_${secret()}` })}\n`);
  const value: unknown = JSON.parse(text);
  if (typeof value === "object" && value !== null && "agentId" in value && "credential" in value) {
    const { agentId, credential } = value;
    if (typeof agentId === "string" && typeof credential === "string") return { agentId, credential, file };
  }
  throw new Error(`${file} does not hold an agent's credential: remove it, and the next start makes a new one`);
}

function secret(): string {
  return randomBytes(SECRET_BYTES).toString("base64url");
}

function readOrMake(file: string, make: () => string): string {
  try {
    const text = readFileSync(file, "utf8");
    chmodSync(file, OWNER_ONLY); // a copied data directory may have lost the mode
    return text;
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
  }
  const text = make();
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text, { mode: OWNER_ONLY, flag: "wx" });
  return text;
}
