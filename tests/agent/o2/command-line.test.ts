import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { optionsOf, readInput } from "../../../agent/o2/arguments.ts";
import type { Command } from "../../../agent/o2/command.ts";
import { executionOf, requirementsOf } from "../../../agent/o2/commands/options.ts";
import { completion, SHELLS, wordsOf } from "../../../agent/o2/completion.ts";
import { CommandFailure, EXIT, EXIT_ABOUT, outcomeOf } from "../../../agent/o2/failure.ts";
import { helpOf, overview } from "../../../agent/o2/help.ts";
import { COMMANDS } from "../../../agent/o2/table.ts";
import { CreateIntentRequest } from "../../../protocol/api.ts";
import { IntentStatus, Requirements } from "../../../protocol/intent.ts";

const run = promisify(execFile);

function command(name: string): Command {
  const found = COMMANDS.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no command ${name}`);
  return found;
}

function failureOf(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error instanceof CommandFailure ? [error.exitCode, error.message] : error;
  }
  return undefined;
}

test("options of execution and requirements become the fields of a request, and nothing that was not given", () => {
  const words = [
    "a sentence",
    "--policy=pause",
    "--approval",
    "required",
    "--canary",
    "edge1",
    "--bake",
    "30",
    "--dry-run",
    "--priority",
    "7",
  ];
  const input = readInput(command("deploy"), [...words, "--site", "edge1,edge2", "--site", "edge3"]);
  expect(input.words).toEqual(["a sentence"]);
  expect(input.list("site")).toEqual(["edge1", "edge2", "edge3"]);
  const body = executionOf(input);
  expect(body).toEqual({
    ...{ policy: "pause", approval: "required", priority: 7, dryRun: true },
    rollout: { canary: "edge1", bakeSeconds: 30 },
  });
  expect(CreateIntentRequest.safeParse({ text: "a sentence", ...body }).success).toBe(true);
  expect(executionOf(readInput(command("deploy"), []))).toEqual({});
  const waves = readInput(command("deploy"), ["--wave", "edge1", "--wave", "edge2, edge3"]);
  expect(executionOf(waves)).toEqual({ rollout: { waves: [["edge1"], ["edge2", "edge3"]] } });
});

test("every requirement of the protocol has an option, and the number reaches its field", () => {
  const values = [
    "--downlink",
    "400",
    "--uplink",
    "50.5",
    "--latency",
    "20",
    "--reliability",
    "99.9",
    "--availability",
    "99",
    "--devices",
    "7",
  ];
  const requirements = requirementsOf(readInput(command("scale"), ["video", ...values]));
  expect(Object.keys(requirements).sort()).toEqual(Object.keys(Requirements.shape).sort());
  expect(requirements).toEqual({
    ...{ downlinkMbps: 400, uplinkMbps: 50.5, latencyMs: 20 },
    ...{ reliabilityPercent: 99.9, availabilityPercent: 99, maxDevices: 7 },
  });
});

test.for([
  [["scale"], "o2 scale needs SLICE"],
  [["scale", "a", "b"], 'o2 scale does not take "b"; quote a sentence'],
  [["list", "--no-such"], "Unknown option '--no-such'. See: o2 list --help"],
  [["list", "--status"], "Option '--status <value>' argument missing. See: o2 list --help"],
] as const)("%j is a usage error that names what is wrong", ([[name, ...args], message]) => {
  expect(failureOf(() => readInput(command(name), args))).toEqual([EXIT.usage, message]);
});

test("numbers and times are checked when they are read", () => {
  const input = readInput(command("scale"), ["a", "--downlink", "much", "--timeout", "soon"]);
  expect(failureOf(() => input.number("downlink"))).toEqual([EXIT.usage, '--downlink takes a number, not "much"']);
  expect(failureOf(() => input.timeoutMs(1))).toEqual([EXIT.usage, '--timeout takes a time such as 90s, 10m or 1h, not "soon"']);
  const times = ["90", "90s", "1.5m", "1h"].map((time) => readInput(command("watch"), ["i", "--timeout", time]).timeoutMs(1));
  expect(times).toEqual([90_000, 90_000, 90_000, 3_600_000]);
  expect(readInput(command("watch"), ["i"]).timeoutMs(5)).toBe(5);
});

test("every status of an intent has its exit code, or means that it is on its way", () => {
  const codes = IntentStatus.options.map((status) => [status, outcomeOf({ status, dryRun: false, rendered: true })]);
  expect(Object.fromEntries(codes)).toEqual({
    ...{ received: null, parsing: null, parsed: null, running: null },
    ...{ completed: 0, failed: 1, rolled_back: 1, rejected: 1, cancelled: 1 },
    ...{ needs_clarification: 5, awaiting_approval: 5, needs_decision: 5 },
  });
  expect(outcomeOf({ status: "parsed", dryRun: true, rendered: false })).toBeNull();
  expect(outcomeOf({ status: "parsed", dryRun: true, rendered: true })).toBe(EXIT.ok);
  expect(Object.keys(EXIT_ABOUT)).toEqual(Object.keys(EXIT));
});

test("the help names every command, every option and every exit code", () => {
  const all = overview(COMMANDS);
  for (const { name, about } of COMMANDS) expect(all).toMatch(new RegExp(`^  ${name} .*${about.slice(0, 12)}`, "m"));
  for (const [name, code] of Object.entries(EXIT)) expect(all).toContain(`  ${code}  ${EXIT_ABOUT[name as keyof typeof EXIT_ABOUT]}`);
  for (const one of COMMANDS) for (const name of Object.keys(optionsOf(one))) expect(helpOf(one)).toContain(`--${name}`);
  expect(new Set(COMMANDS.map(({ name }) => name)).size).toBe(COMMANDS.length);
});

/** What bash would offer after these words. */
async function offered(...words: string[]): Promise<string[]> {
  const script = `${completion("bash", COMMANDS)}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($#-1)); _o2; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = await run("bash", ["--norc", "-c", script, "bash", ...words]);
  return stdout.split("\n").filter((line) => line !== "");
}

test("bash offers the commands of the table, their options, and the values an option may have", async () => {
  expect(await offered("o2", "")).toEqual([...COMMANDS.map(({ name }) => name), "--help", "--version"]);
  for (const one of COMMANDS) expect(await offered("o2", one.name, "")).toEqual(wordsOf(one));
  expect(await offered("o2", "list", "--status", "")).toEqual(IntentStatus.options);
  expect(await offered("o2", "decide", "int_1", "acc")).toEqual(["accept"]);
  expect(await offered("o2", "sc")).toEqual(["scale"]);
});

test("fish and zsh get the same words", () => {
  const fish = completion("fish", COMMANDS);
  for (const one of COMMANDS) {
    expect(fish).toContain(`-n __fish_use_subcommand -a ${one.name} `);
    for (const name of Object.keys(optionsOf(one))) expect(fish).toContain(`__fish_seen_subcommand_from ${one.name}' -l ${name}`);
  }
  expect(completion("zsh", COMMANDS)).toContain(completion("bash", COMMANDS));
  expect(command("completion").words).toEqual(SHELLS);
});
