// One request is one intent: what was tried keeps its key through a lost answer, another page and a reload; what was sent is not offered again.
import { expect, test } from "vitest";
import { EMPTY_DRAFT, keepDraft, readDraft } from "../../web/areas/intents/draft.ts";
import { afterSent, createTries, tellSent, watchSent } from "../../web/areas/intents/tries.ts";

function storage() {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
    size: () => kept.size,
  };
}

test("a request that was never answered keeps its key through a reload, and another request has another", () => {
  const tab = storage();
  const key = createTries(tab, "send.ada").keyFor("deploy");
  expect(createTries(tab, "send.ada").keyFor("deploy")).toBe(key); // the page anew
  expect(createTries(tab, "send.bob").keyFor("deploy")).not.toBe(key);
  expect(createTries(tab, "send.ada").keyFor("terminate")).not.toBe(key);
});

test("a dry run in between does not take the key of the real request away", () => {
  const tab = storage();
  const key = createTries(tab, "send.ada").keyFor("deploy");
  createTries(tab, "dry-run.ada").keyFor("deploy, dry");
  expect(createTries(tab, "send.ada").keyFor("deploy")).toBe(key);
});

test("what has been sent may be wanted once more: it has a new key then, and nothing is left of it", () => {
  const tab = storage();
  const tries = createTries(tab, "send.ada");
  const key = tries.keyFor("deploy");
  tries.sent("deploy");
  expect(tab.size()).toBe(0);
  expect(tries.keyFor("deploy")).not.toBe(key);
});

test("the answer to a request that was given up does not take the key of the next one", () => {
  const tab = storage();
  const left = createTries(tab, "send.ada");
  left.keyFor("deploy");
  const here = createTries(tab, "send.ada");
  const key = here.keyFor("terminate");
  left.sent("deploy");
  expect(createTries(tab, "send.ada").keyFor("terminate")).toBe(key);
});

test("without a storage, or with one that refuses or holds something else, the key lives as long as the page", () => {
  const refuse = () => {
    throw new Error("switched off");
  };
  const off = { getItem: refuse, setItem: refuse, removeItem: refuse };
  for (const tab of [null, off, { ...storage(), getItem: () => '{"key":7}' }]) {
    const tries = createTries(tab, "send.ada");
    const key = tries.keyFor("deploy");
    expect(tries.keyFor("deploy")).toBe(key);
    expect(() => tries.sent("deploy")).not.toThrow();
    expect(tries.keyFor("deploy")).not.toBe(key);
  }
});

test("a draft that was sent after its box was left is gone from the tab, and from the box that has come in its place", () => {
  const tab = storage();
  const sent = { ...EMPTY_DRAFT, text: "Deploy", context: { channel: "chat" } };
  keepDraft(tab, "ada", sent);
  let box = readDraft(tab, "ada");
  const unwatch = watchSent((done) => {
    box = afterSent(box, done);
  });
  tellSent(tab, "ada", sent);
  unwatch();
  expect([readDraft(tab, "ada"), box]).toEqual([EMPTY_DRAFT, EMPTY_DRAFT]);
  expect(tab.size()).toBe(0);
});

test("what was written while the request was under way stays", () => {
  const tab = storage();
  const next = { ...EMPTY_DRAFT, text: "Deploy another" };
  keepDraft(tab, "ada", next);
  tellSent(tab, "ada", { ...EMPTY_DRAFT, text: "Deploy" });
  expect(readDraft(tab, "ada")).toEqual(next);
  expect(afterSent(next, { ...next, priority: 9 })).toBe(next);
});
