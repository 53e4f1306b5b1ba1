// What a command of o2 is: its row in the table from which the parser, the help and the completions are made.
import type { Api } from "./client.ts";
import type { ExitCode } from "./failure.ts";
import type { Output } from "./output.ts";
import type { Environment } from "./settings.ts";

export interface Option {
  about: string;
  /** How the value is named in the help; absent: a switch. */
  value?: string;
  /** May be given more than once. */
  many?: true;
  /** The values there are, for the help and the completions; the server has the last word. */
  words?: readonly string[];
}
export type Options = Readonly<Record<string, Option>>;

/** What was typed, already checked against the options of the command. */
export interface Input {
  words: readonly string[];
  flag(name: string): boolean;
  text(name: string): string | undefined;
  /** Every value of an option, split at commas. */
  list(name: string): string[];
  /** Every value as it was given. */
  all(name: string): string[];
  /** A usage error unless it is a number. */
  number(name: string): number | undefined;
  /** The value of --timeout, or the given default. */
  timeoutMs(fallbackMs: number): number;
}

export interface Context {
  /** Reads who is signed in; a usage error when nobody is. */
  api(): Promise<Api>;
  env: Environment;
  version: string;
  out: Output;
  stdin: NodeJS.ReadStream;
  signal: AbortSignal; // Ctrl-C
}

export interface Command {
  name: string;
  /** The positional arguments as the usage line shows them. */
  takes: string;
  min: number;
  max: number;
  about: string;
  options: Options;
  /** Words a positional argument may be, for the completions. */
  words?: readonly string[];
  run(context: Context, input: Input): Promise<ExitCode>;
}

export const GLOBAL_OPTIONS: Options = {
  json: { about: "one JSON document, or one per line when following" },
  timeout: { value: "TIME", about: "the longest wait: 90, 90s, 10m, 1h" },
  help: { about: "what this command takes" },
};
