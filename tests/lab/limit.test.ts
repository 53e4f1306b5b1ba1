// The counting gate: so many at once, so many waiting, and places that come back.
import { expect, test } from "vitest";
import { createGate } from "../../lab/limit.ts";

const never = (): AbortSignal => new AbortController().signal;

test("a place that is given back, even twice, lets exactly one waiting caller in, in order", async () => {
  const gate = createGate({ running: 1, waiting: 2 });
  const entered: string[] = [];
  const first = await gate.enter(never());
  const second = gate.enter(never()).then((leave) => {
    entered.push("second");
    return leave;
  });
  const third = gate.enter(never()).then((leave) => {
    entered.push("third");
    return leave;
  });
  first?.();
  first?.();
  const leave = await second;
  expect(entered).toEqual(["second"]);
  leave?.();
  await third;
  expect(entered).toEqual(["second", "third"]);
});

test("more than may wait are turned away", async () => {
  const gate = createGate({ running: 1, waiting: 1 });
  await gate.enter(never());
  const waiting = gate.enter(never());
  expect(await gate.enter(never())).toBeNull();
  expect(waiting).toBeInstanceOf(Promise);
});

test("one who stops waiting leaves the queue to the others", async () => {
  const gate = createGate({ running: 1, waiting: 1 });
  const first = await gate.enter(never());
  const cancel = new AbortController();
  const impatient = gate.enter(cancel.signal);
  cancel.abort();
  expect(await impatient).toBeNull();
  const next = gate.enter(never());
  first?.();
  expect(await next).toBeTypeOf("function");
  expect(await gate.enter(AbortSignal.abort())).toBeNull();
});
