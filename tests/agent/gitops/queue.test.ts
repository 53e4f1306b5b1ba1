import { expect, test } from "vitest";
import { createMutex, QueueFullError } from "../../../agent/gitops/queue.ts";
import { createJobScope } from "../../../agent/job-scope.ts";
import { never } from "./setup.ts";

test("work runs one at a time and in order", async () => {
  const mutex = createMutex();
  const seen: string[] = [];
  const work = (name: string) => async () => {
    seen.push(`${name} begins`);
    await Promise.resolve();
    seen.push(`${name} ends`);
    return name;
  };
  expect(await Promise.all([mutex(never, work("a")), mutex(never, work("b"))])).toEqual(["a", "b"]);
  expect(seen).toEqual(["a begins", "a ends", "b begins", "b ends"]);
});

test("an abort lets who waits leave at once, and keeps the place of who works until the work has ended", async () => {
  const mutex = createMutex();
  const abort = new AbortController();
  const gate = Promise.withResolvers<string>();
  const seen: string[] = [];
  const working = mutex(abort.signal, () => gate.promise);
  const waiting = mutex(abort.signal, async () => seen.push("never"));
  const next = mutex(never, async () => seen.push("next"));
  abort.abort(new Error("stop"));
  await expect(waiting).rejects.toThrow("stop");
  expect(seen).toEqual([]);
  gate.resolve("done");
  expect(await working).toBe("done");
  await next;
  expect(seen).toEqual(["next"]);
  await expect(mutex(abort.signal, async () => 1)).rejects.toThrow("stop");
});

test("work that waited runs in the name of who asked for it, not of the work before it", async () => {
  const mutex = createMutex();
  const scope = createJobScope();
  const gate = Promise.withResolvers<void>();
  const job = (jobId: string) => ({ jobId, intentId: "int_1", attempt: 1, kind: "intent.apply" });
  const name = () => scope.fields().jobId;
  const first = scope.run(job("first"), () => mutex(never, () => gate.promise.then(name)));
  const second = scope.run(job("second"), () => mutex(never, async () => name()));
  const nobody = mutex(never, async () => name());
  gate.resolve();
  expect(await Promise.all([first, second, nobody])).toEqual(["first", "second", undefined]);
});

test("the line has an end", async () => {
  const mutex = createMutex();
  const gate = Promise.withResolvers<void>();
  const all = Array.from({ length: 502 }, () =>
    mutex(never, () => gate.promise).then(
      () => "done",
      (error: unknown) => error,
    ),
  );
  gate.resolve();
  const results = await Promise.all(all);
  expect(results.filter((result) => result === "done")).toHaveLength(501);
  expect(results.at(-1)).toBeInstanceOf(QueueFullError);
});
