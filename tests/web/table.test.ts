// The tables and the log under the feed: many changes, one copy, and what they were made from stays as it was.
import fc from "fast-check";
import { expect, test } from "vitest";
import { appended, EMPTY_LOG, REPLAY_LIMIT, reaches, since } from "../../web/state/log.ts";
import { draftOf, EMPTY_TABLE, rowOf, type Table } from "../../web/state/table.ts";
import { event, intentId } from "./sample.ts";

const change = fc.record({ id: fc.nat(30).map(intentId), row: fc.option(fc.nat(), { nil: undefined }) });

test("a table holds what was put and not removed, newest first, and never changes what it was made from", () => {
  fc.assert(
    fc.property(fc.array(fc.array(change)), (batches) => {
      const model = new Map<string, number>();
      let table: Table<number> = EMPTY_TABLE;
      for (const batch of batches) {
        const draft = draftOf(table);
        const before = structuredClone(table);
        for (const { id, row } of batch) {
          if (row === undefined) draft.remove(id);
          else draft.put(id, row);
          if (row === undefined) model.delete(id);
          else model.set(id, row);
          expect(draft.get(id)).toBe(row);
        }
        expect(table).toEqual(before);
        table = draft.table();
        const ids = [...model.keys()].sort().reverse();
        expect(table).toEqual({ ids, rows: ids.map((id) => model.get(id)) });
      }
      for (const [id, row] of model) expect(rowOf(table, id)).toBe(row);
    }),
  );
});

test("a table that was not changed is the same one, and with no id added its ids are", () => {
  const first = draftOf<number>(EMPTY_TABLE);
  first.put(intentId(1), 1);
  const table = first.table();
  const untouched = draftOf(table);
  untouched.remove(intentId(2));
  expect(untouched.table()).toBe(table);
  const changed = draftOf(table);
  changed.put(intentId(1), 2);
  expect(changed.table().ids).toBe(table.ids);
});

const noise = (seq: number) => event(seq, { type: "agent.online", data: { agentId: "agt_1", name: "vm-1" } });

test("the log is the same whatever the sizes of the batches, and gives back all after a number that it reaches", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 700 }), { maxLength: 8 }), fc.nat(3_000), (sizes, asked) => {
      const events = Array.from({ length: sizes.reduce((sum, size) => sum + size, 0) }, (_none, n) => noise(n + 1));
      let log = EMPTY_LOG;
      let done = 0;
      for (const size of sizes) {
        log = appended(log, events.slice(done, done + size));
        done += size;
      }
      expect(log).toEqual(appended(EMPTY_LOG, events));
      expect(since(log, asked)).toEqual(events.slice(asked));
    }),
    { numRuns: 30 },
  );
});

test("the log forgets the oldest events, and says how far it reaches", () => {
  const count = REPLAY_LIMIT * 2;
  const log = appended(
    EMPTY_LOG,
    Array.from({ length: count }, (_none, n) => noise(n + 1)),
  );
  expect(log.size).toBeGreaterThanOrEqual(REPLAY_LIMIT);
  expect(log.size).toBeLessThan(REPLAY_LIMIT + 300);
  expect([reaches(log, count - log.size), reaches(log, count - log.size - 1)]).toEqual([true, false]);
  expect(since(log, 0)).toHaveLength(log.size);
});
