// The help texts, made from the table of commands. Pure.
import { optionsOf } from "./arguments.ts";
import type { Command, Option } from "./command.ts";
import { EXIT, EXIT_ABOUT } from "./failure.ts";

export function overview(commands: readonly Command[]): string {
  const rows = commands.map(({ name, takes, about }) => [`${name} ${takes}`.trim(), about] as const);
  const width = Math.max(...rows.map(([left]) => left.length));
  const codes = Object.entries(EXIT).map(([name, code]) => `  ${code}  ${EXIT_ABOUT[name as keyof typeof EXIT]}`);
  return [
    "Usage: o2 COMMAND …        o2 COMMAND --help",
    "",
    ...rows.map(([left, about]) => `  ${left.padEnd(width)}  ${about}`),
    "",
    "Every command takes --json. O2_URL and O2_TOKEN win over what `o2 login` stored.",
    "",
    "Exit codes:",
    ...codes,
  ].join("\n");
}

export function helpOf(command: Command): string {
  const options = Object.entries(optionsOf(command)).map(([name, option]) => [leftOf(name, option), aboutOf(option)] as const);
  const width = Math.max(...options.map(([left]) => left.length));
  return [
    `Usage: o2 ${command.name} ${command.takes}`.trimEnd(),
    "",
    `  ${command.about}`,
    "",
    ...options.map(([left, about]) => `  ${left.padEnd(width)}  ${about}`),
  ].join("\n");
}

function leftOf(name: string, { value }: Option): string {
  return value === undefined ? `--${name}` : `--${name} ${value}`;
}

function aboutOf({ about, words, many }: Option): string {
  return `${about}${words === undefined ? "" : `: ${words.join(", ")}`}${many === true ? " (repeatable)" : ""}`;
}
