import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import * as z from "zod";
import { reading } from "./fixtures.ts";

const FILE = path.resolve(import.meta.dirname, "../../../shared/cases/intents-dev.json");
const FLOOR = 0.97; // whole sentences of both languages

const Case = z.object({
  id: z.string(),
  lang: z.string(),
  text: z.string(),
  expected: z.record(z.string(), z.unknown()).and(z.object({ targetSites: z.array(z.string()), clarify: z.array(z.string()) })),
});

/** The understanding in the form of the labelled corpus; lists in any order. */
function labelled(text: string): Record<string, unknown> {
  const { intent, clarifications, provenance } = reading(text);
  return {
    action: intent.action,
    serviceType: intent.intentType,
    targetSites: intent.targetSites.toSorted(),
    ...intent.requirements,
    ...(intent.slice === undefined ? {} : { slice: intent.slice }),
    ...(provenance["priority"]?.source === "text" ? { priority: intent.priority } : {}),
    clarify: clarifications.map((clarification) => clarification.field).toSorted(),
  };
}

function isWholly(got: Record<string, unknown>, want: Record<string, unknown>): boolean {
  const sorted = (record: Record<string, unknown>) => JSON.stringify(Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return sorted(got) === sorted(want);
}

test.skipIf(!existsSync(FILE))("the labelled corpus is understood as whole sentences, in both languages", () => {
  const cases = z.array(Case).parse(JSON.parse(readFileSync(FILE, "utf8")));
  const misses = cases.filter(({ text, expected }) => {
    const want = { ...expected, targetSites: expected.targetSites.toSorted(), clarify: expected.clarify.toSorted() };
    return !isWholly(labelled(text), want);
  });
  const accuracy = 1 - misses.length / cases.length;
  expect(accuracy, misses.map((miss) => miss.id).join(", ")).toBeGreaterThanOrEqual(FLOOR);
});
