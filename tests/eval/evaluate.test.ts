import { expect, test } from "vitest";
import { EXAMPLES } from "../../agent/llm/prompt/examples.ts";
import { err, ok } from "../../protocol/result.ts";
import { corpusFiles, readCorpus } from "./corpus.ts";
import { type EvaluateDeps, evaluate } from "./evaluate.ts";
import { parseOptions } from "./options.ts";
import type { Evaluated } from "./provider.ts";

const ALL = readCorpus(corpusFiles());

interface Opened {
  asked: string[];
  closed: number;
}

/** Providers that answer nothing; what was asked of them. */
function silent(known: readonly string[]): { deps: EvaluateDeps; opened: Map<string, Opened> } {
  const opened = new Map<string, Opened>();
  const open = async (id: string) => {
    if (!known.includes(id)) return err([`no such provider: ${id}`]);
    const mine: Opened = { asked: [], closed: 0 };
    opened.set(id, mine);
    const provider: Evaluated = {
      id,
      understand: async (text) => {
        mine.asked.push(text);
        return err("silent");
      },
      close: async () => {
        mine.closed += 1;
      },
    };
    return ok(provider);
  };
  return { deps: { open, controlCentre: null }, opened };
}

function options(...args: string[]) {
  const parsed = parseOptions(args);
  if (!parsed.ok) throw new Error(parsed.error.join("\n"));
  return parsed.value;
}

test("a model is not asked the sentences that its prompt shows, and neither is who is compared with it", async () => {
  const { deps, opened } = silent(["rules", "claude"]);
  const outcome = await evaluate(deps, options("--compare", "rules,claude"));
  const shown = new Set(EXAMPLES.map(({ text }) => text));
  const rest = ALL.ok ? ALL.value.map(({ text }) => text).filter((text) => !shown.has(text)) : [];
  expect([...opened]).toEqual([
    ["rules", { asked: rest, closed: 1 }],
    ["claude", { asked: rest, closed: 1 }],
  ]);
  expect(outcome.ok && outcome.value.lines[0]).toBe(`${EXAMPLES.length} sentences are left out: they are examples in the models' prompt`);
});

test("the rules are asked every sentence", async () => {
  const { deps, opened } = silent(["rules"]);
  await evaluate(deps, options());
  expect(opened.get("rules")?.asked.length).toBe(ALL.ok ? ALL.value.length : 0);
});

test("a provider that cannot be opened ends the evaluation, and the other one is closed", async () => {
  const { deps, opened } = silent(["rules"]);
  expect(await evaluate(deps, options("--compare", "rules,nobody"))).toEqual(err(["no such provider: nobody"]));
  expect(opened.get("rules")?.closed).toBe(1);
});

test("no answers at all are below every floor but zero", async () => {
  const { deps } = silent(["claude"]);
  const [low, none] = [
    await evaluate(deps, options("--provider", "claude", "--floor", "0.01")),
    await evaluate(deps, options("--floor", "0", "--provider", "claude")),
  ];
  expect([low.ok && low.value.exitCode, none.ok && none.value.exitCode]).toEqual([1, 0]);
});
