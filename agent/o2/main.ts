// Entry of `o2`, the command line over the public API: finds the command, runs it, and turns what happened into an exit code.
import { createRequire } from "node:module";
import * as z from "zod";
import { readInput } from "./arguments.ts";
import { createApi } from "./client.ts";
import type { Context } from "./command.ts";
import { CommandFailure, EXIT, usage } from "./failure.ts";
import { helpOf, overview } from "./help.ts";
import { createOutput, type Output } from "./output.ts";
import { type Environment, readConnection } from "./settings.ts";
import { COMMANDS } from "./table.ts";

const INTERRUPTED = 130; // as shells have it: 128 + SIGINT

const { version } = z.object({ version: z.string() }).parse(createRequire(import.meta.url)("../../package.json"));

function createContext(out: Output, env: Environment, signal: AbortSignal): Context {
  return {
    ...{ out, env, version, signal, stdin: process.stdin },
    api: async () => createApi({ ...(await readConnection(env)), version, newKey: () => crypto.randomUUID() }),
  };
}

async function run(args: readonly string[], context: Context): Promise<number> {
  const { out } = context;
  const [name, ...rest] = args;
  if (name === "--version") {
    out.text(`o2 ${version}`);
    return EXIT.ok;
  }
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    const command = COMMANDS.find((one) => one.name === rest[0]);
    out.text(command === undefined ? overview(COMMANDS) : helpOf(command));
    return name === undefined ? EXIT.usage : EXIT.ok;
  }
  const command = COMMANDS.find((one) => one.name === name);
  if (command === undefined) throw usage(`there is no command "${name}"; o2 --help lists them`);
  const input = readInput(command, rest);
  if (!input.flag("help")) return command.run(context, input);
  out.text(helpOf(command));
  return EXIT.ok;
}

function failed(error: unknown, out: Output, interrupted: boolean): number {
  if (interrupted) return INTERRUPTED;
  const failure = error instanceof CommandFailure ? error : null;
  const message = failure?.message ?? (error instanceof Error ? (error.stack ?? error.message) : String(error));
  const exitCode = failure?.exitCode ?? EXIT.failed;
  if (out.json) out.record({ error: { ...(failure?.details ?? { code: "INTERNAL" }), message, exitCode } });
  else out.note(`o2: ${message}`);
  return exitCode;
}

async function main(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const interrupt = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, () => interrupt.abort());
  // `o2 events --follow | head`: nobody reads on, which is no failure.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? EXIT.ok : EXIT.failed));
  const noColor = (env.NO_COLOR ?? "") !== "" || env.TERM === "dumb";
  const out = createOutput(process, { json: args.includes("--json"), noColor });
  const context = createContext(out, env, interrupt.signal);
  const code = await run(args, context).catch((error: unknown) => failed(error, out, interrupt.signal.aborted));
  await out.flush();
  process.exit(code); // without waiting for the goodbye of a socket
}

await main(process.argv.slice(2), process.env);
