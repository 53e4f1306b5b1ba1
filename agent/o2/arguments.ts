// From words to a command and its input, by the table. Whatever is wrong is a usage error that names the word. No I/O.
import { parseArgs } from "node:util";
import { type Command, GLOBAL_OPTIONS, type Input, type Options } from "./command.ts";
import { usage } from "./failure.ts";

const UNITS: Record<string, number> = { "": 1_000, s: 1_000, m: 60_000, h: 3_600_000 };
const MAX_TIMEOUT_MS = 24 * 3_600_000;

export function optionsOf(command: Command): Options {
  return { ...command.options, ...GLOBAL_OPTIONS };
}

export function readInput(command: Command, args: readonly string[]): Input {
  const options = optionsOf(command);
  const { values, positionals } = parse(command, options, args);
  const of = (name: string): string[] => {
    if (options[name] === undefined) throw new Error(`${command.name} has no option ${name}`);
    return values.get(name) ?? [];
  };
  const help = of("help").length > 0;
  if (!help && positionals.length < command.min) throw usage(`o2 ${command.name} needs ${command.takes}`);
  if (!help && positionals.length > command.max)
    throw usage(`o2 ${command.name} does not take "${positionals[command.max]}"; quote a sentence`);
  return {
    words: positionals,
    flag: (name) => of(name).length > 0,
    text: (name) => of(name).at(-1),
    all: of,
    list: (name) =>
      of(name).flatMap((value) =>
        value
          .split(",")
          .map((part) => part.trim())
          .filter((part) => part !== ""),
      ),
    number: (name) => numberOf(name, of(name).at(-1)),
    timeoutMs: (fallbackMs) => timeoutOf(of("timeout").at(-1)) ?? fallbackMs,
  };
}

interface Parsed {
  values: Map<string, string[]>;
  positionals: string[];
}

function parse(command: Command, options: Options, args: readonly string[]): Parsed {
  const config = Object.entries(options).map(
    ([name, { value }]) => [name, { type: value === undefined ? ("boolean" as const) : ("string" as const), multiple: true }] as const,
  );
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: Object.fromEntries(config),
      allowPositionals: true,
      strict: true,
    });
    const given = Object.entries(values).map(([name, value]) => [name, [value ?? []].flat().map(String)] as const);
    return { values: new Map(given), positionals };
  } catch (error) {
    const message = error instanceof Error ? error.message.split(". ")[0] : String(error);
    throw usage(`${message}. See: o2 ${command.name} --help`);
  }
}

function numberOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (!Number.isFinite(value)) throw usage(`--${name} takes a number, not "${text}"`);
  return value;
}

function timeoutOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, digits = "", unit = ""] = /^(\d+(?:\.\d+)?)([smh]?)$/.exec(text.trim()) ?? [];
  const ms = Number(digits) * (UNITS[unit] ?? 0);
  if (digits === "" || ms <= 0 || ms > MAX_TIMEOUT_MS) throw usage(`--timeout takes a time such as 90s, 10m or 1h, not "${text}"`);
  return ms;
}
