// Which Claude CLIs there are on this machine: the stand-in always, the real one when `npm run claude:install` was run. Starts nothing.
import { existsSync } from "node:fs";
import { chmod, writeFile } from "node:fs/promises";
import path from "node:path";

export const CLAUDE_VERSION = "2.1.329"; // what the stand-in was recorded from
export const TOOLS_DIR = path.resolve(import.meta.dirname, "../../../../.tools/claude");
export const REAL_FILE = path.join(TOOLS_DIR, `node_modules/@anthropic-ai/claude-code-${process.platform}-${process.arch}/claude`);

export interface Cli {
  name: string;
  installed: boolean;
  file(dir: string): Promise<string>;
}

export const STAND_IN: Cli = { name: "the stand-in CLI", installed: true, file: standIn };
export const REAL_CLI: Cli = { name: "the real CLI", installed: existsSync(REAL_FILE), file: async () => REAL_FILE };
export const CLIS: readonly Cli[] = [
  STAND_IN,
  REAL_CLI.installed ? REAL_CLI : { ...REAL_CLI, name: "the real CLI (not installed: npm run claude:install)" },
];

/** A program that is called as the CLI is. */
export async function program(dir: string, script: string): Promise<string> {
  const file = path.join(dir, "claude");
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
  return file;
}

function standIn(dir: string): Promise<string> {
  const script = path.join(import.meta.dirname, "stand-in-claude-child.ts");
  return program(dir, `exec '${process.execPath}' '${script}' "$@"`);
}

export const SCHEMA = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  type: "object",
  properties: { replicas: { type: "integer", minimum: 1 } },
  required: ["replicas"],
  additionalProperties: false,
};

/** An environment of its own, as cleared as a test can make it. */
export function cleared(dir: string, url: string): Record<string, string> {
  const key = "sk-ant-test-0001";
  return { PATH: "/usr/bin:/bin", HOME: dir, CLAUDE_CONFIG_DIR: path.join(dir, "config"), ANTHROPIC_API_KEY: key, ANTHROPIC_BASE_URL: url };
}
