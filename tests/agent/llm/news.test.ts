// When a backend counts as degraded, and what of that is told at once.
import { expect, test } from "vitest";
import { backend, call, DRAFT, START, serviceOf, UNENDING } from "./support.ts";

const BROKEN = { kind: "overloaded", message: "HTTP 503" } as const;

test("a backend that fails every second question stays degraded, and is no news, until it has answered for a minute", async () => {
  const clock = { ms: START.getTime() };
  const first = backend("first", BROKEN);
  const service = await serviceOf([first], { clock });
  await service.discover(UNENDING);
  let changes = 0;
  service.onChange(() => {
    changes += 1;
  });
  let asked = 0;
  const ask = async (does: typeof first.does) => {
    first.does = does;
    asked += 1;
    await service.understandCall(call({ text: `Deploy an eMBB slice on edge1 with ${asked} Mbps` }), UNENDING);
    const [view] = service.integrations();
    return [view?.status, view?.error];
  };
  const right = { says: { ...DRAFT, requirements: { ...DRAFT.requirements, downlinkMbps: null } } };
  const degraded = ["degraded", "HTTP 503"];
  expect([await ask(BROKEN), await ask(right), await ask(BROKEN), await ask(right)]).toEqual(Array.from({ length: 4 }, () => degraded));
  clock.ms += 60_000;
  expect(await ask(right)).toEqual(["healthy", null]);
  expect(first.asked.length).toBeGreaterThanOrEqual(5);
  expect(changes).toBe(0);
});

test("a failure without an answer after it is not forgotten with time", async () => {
  const clock = { ms: START.getTime() };
  const service = await serviceOf([backend("first", BROKEN)], { clock });
  await service.understandCall(call(), UNENDING);
  clock.ms += 3_600_000;
  expect(service.integrations()[0]).toMatchObject({ status: "degraded", error: "HTTP 503" });
});

test("that somebody has looked is news, also when nothing was found; the second look is none", async () => {
  const service = await serviceOf([backend("first", { kind: "unreachable", message: "refused" })]);
  let changes = 0;
  service.onChange(() => {
    changes += 1;
  });
  const there = service.integrations()[0]?.lastChecked;
  await service.discover(UNENDING);
  expect([there, changes]).toEqual([null, 1]);
  await service.discover(UNENDING);
  expect(changes).toBe(1);
});
