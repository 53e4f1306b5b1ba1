// The room's decision as a table and as a property: whatever is announced in whatever order, nothing is skipped, doubled or reordered.
import fc from "fast-check";
import { expect, test } from "vitest";
import { planDelivery } from "../../party/delivery.ts";
import type { DurableEvent } from "../../protocol/event.ts";

function event(seq: number): DurableEvent {
  const id = `evt_${String(seq).padStart(26, "0")}`;
  return {
    seq,
    id,
    type: "metrics.update",
    intentId: null,
    jobId: null,
    site: null,
    stage: null,
    at: "2026-01-01T00:00:00.000Z",
    data: {},
  };
}

const announce = (...seqs: number[]) => seqs.map(event);

const CASES: [string, number, number[], ReturnType<typeof planDelivery>][] = [
  ["nothing announced", 5, [], { kind: "nothing" }],
  ["only old news", 5, [3, 5], { kind: "nothing" }],
  ["the next one", 5, [6], { kind: "send", events: announce(6) }],
  ["the next ones in disorder", 5, [8, 6, 7], { kind: "send", events: announce(6, 7, 8) }],
  ["old news and the next one", 5, [4, 6], { kind: "send", events: announce(6) }],
  ["one ahead of its predecessor", 5, [7], { kind: "fill", after: 5, upTo: 7 }],
  ["a hole in the middle", 5, [6, 8], { kind: "fill", after: 5, upTo: 8 }],
  ["the next one twice", 5, [6, 6], { kind: "fill", after: 5, upTo: 6 }],
  ["the first of all", 0, [1], { kind: "send", events: announce(1) }],
];

test.each(CASES)("%s", (_name, cursor, seqs, plan) => {
  expect(planDelivery(cursor, announce(...seqs))).toEqual(plan);
});

test("any interleaving of announcements delivers 1..n once and in order, when gaps are filled from the feed", () => {
  const property = fc.property(
    fc.array(fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 6 }), { maxLength: 40 }),
    fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 40, maxLength: 40 }),
    (announcements, lag) => {
      const delivered: number[] = [];
      let cursor = 0;
      announcements.forEach((seqs, index) => {
        const plan = planDelivery(cursor, announce(...seqs));
        // What the feed holds: at least what was announced, as an announcement follows its commit.
        const committed = Math.max(cursor, ...announcements.slice(0, index + 1).flat()) + (lag[index] ?? 0);
        const seen =
          plan.kind === "send"
            ? plan.events.map((e) => e.seq)
            : plan.kind === "fill"
              ? range(plan.after + 1, Math.min(plan.upTo, committed))
              : [];
        delivered.push(...seen);
        cursor = seen.at(-1) ?? cursor;
      });
      expect(delivered).toEqual(range(1, Math.max(0, ...announcements.flat())));
    },
  );
  fc.assert(property, { numRuns: 300 });
});

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
}
