// The lab's environment, read here and nowhere else.
import os from "node:os";
import path from "node:path";

export interface LabEnv {
  port: number;
  sites: number;
  dataDir: string;
}

const DEFAULT_PORT = 8790;
const DEFAULT_SITES = 4;
const MAX_SITES = 64; // all of them share one process

function integer(name: string, raw: string | undefined, range: { fallback: number; min: number; max: number }): number {
  if (raw === undefined || raw.trim() === "") return range.fallback;
  const value = /^\d{1,6}$/.test(raw.trim()) ? Number(raw) : Number.NaN;
  if (!(value >= range.min && value <= range.max)) {
    throw new Error(`${name} must be a whole number from ${range.min} to ${range.max}, not "${raw.slice(0, 40)}"`);
  }
  return value;
}

/** Throws an error that names the variable when a value is unusable. */
export function readLabEnv(env: Record<string, string | undefined> = process.env): LabEnv {
  return {
    port: integer("LAB_PORT", env.LAB_PORT, { fallback: DEFAULT_PORT, min: 0, max: 65_535 }),
    sites: integer("LAB_SITES", env.LAB_SITES, { fallback: DEFAULT_SITES, min: 1, max: MAX_SITES }),
    dataDir: path.resolve(env.DATA_DIR?.trim() || ".data"),
  };
}

/**
 * What git gets: no configuration of the person who runs the lab, no proxy (everything is on loopback), and none of the
 * GIT_* variables that a surrounding hook may have set.
 */
export function gitEnvironment(env: Record<string, string | undefined> = process.env): Record<string, string> {
  return {
    PATH: env.PATH ?? "/usr/local/bin:/usr/bin:/bin",
    HOME: os.tmpdir(),
    LC_ALL: "C",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: os.devNull,
    GIT_TERMINAL_PROMPT: "0",
  };
}
