// npm run claude:install: the real Claude CLI for the tests, into a folder that git does not see. Not a dependency: it is 360 MB of binary
// under a licence of its own, and everything is tested with a stand-in where it is missing.
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { CLAUDE_VERSION, REAL_FILE, TOOLS_DIR } from "../agent/llm/claude/binaries.ts";

const INSTALL_TIMEOUT_MS = 10 * 60_000; // 174 MB come from the registry
const VERSION_TIMEOUT_MS = 10_000; // ten milliseconds, unless the disk is cold

mkdirSync(TOOLS_DIR, { recursive: true });
const quiet = ["--no-save", "--no-audit", "--no-fund", "--ignore-scripts"]; // its scripts only copy the binary once more
execFileSync("npm", ["install", "--prefix", TOOLS_DIR, ...quiet, `@anthropic-ai/claude-code@${CLAUDE_VERSION}`], {
  stdio: "inherit",
  timeout: INSTALL_TIMEOUT_MS,
});
const version = execFileSync(REAL_FILE, ["--version"], { encoding: "utf8", timeout: VERSION_TIMEOUT_MS });
process.stdout.write(`${REAL_FILE}: ${version}`);
