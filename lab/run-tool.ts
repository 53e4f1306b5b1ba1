// Runs a build tool on this Node, with a bound, and keeps what it printed for the case that it fails.
import { spawn } from "node:child_process";

export interface Tool {
  name: string;
  args: string[]; // of node
  cwd: string;
  env: Record<string, string>;
  signal: AbortSignal;
}

const TOOL_TIMEOUT_MS = 180_000; // a cold Vite build on one busy core stays far below
const OUTPUT_LIMIT = 1024 * 1024; // characters kept of either stream; worker options are a few kB
const SHOWN_LINES = 40; // of a failed tool

/** Answers what it wrote to stdout. Throws an error that carries the end of its output. */
export function runTool(tool: Tool): Promise<string> {
  const signal = AbortSignal.any([tool.signal, AbortSignal.timeout(TOOL_TIMEOUT_MS)]);
  return new Promise((resolve, reject) => {
    let stdout = "";
    let stderr = "";
    const child = spawn(process.execPath, tool.args, { cwd: tool.cwd, env: tool.env, stdio: ["ignore", "pipe", "pipe"], signal });
    child.stdout.on("data", (chunk: Buffer) => {
      stdout = (stdout + chunk.toString()).slice(-OUTPUT_LIMIT);
    });
    child.stderr.on("data", (chunk: Buffer) => {
      stderr = (stderr + chunk.toString()).slice(-OUTPUT_LIMIT);
    });
    child.once("error", (cause) => reject(new Error(`${tool.name} was stopped: ${cause.message}`, { cause })));
    child.once("close", (code, how) => {
      if (code === 0) return resolve(stdout);
      const shown = `${stdout}\n${stderr}`.trim().split("\n").slice(-SHOWN_LINES).join("\n");
      reject(new Error(`${tool.name} failed (${how ?? `exit code ${code}`}):\n${shown}`));
    });
  });
}
