// The pure parts under the adapters: lines and events out of any cut of bytes, retry times, quotations, JSON in prose, addresses.
import fc from "fast-check";
import { expect, test } from "vitest";
import { jsonIn, pieces } from "../../../../agent/llm/http/answer.ts";
import { discoverable } from "../../../../agent/llm/http/discover.ts";
import { quotable, retryAfterMs } from "../../../../agent/llm/http/failure.ts";
import { readEvents, readLines } from "../../../../agent/llm/http/lines.ts";

async function* cutAt(bytes: Buffer, cuts: number[]): AsyncGenerator<Uint8Array> {
  const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  for (const [index, from] of at.entries()) if (index + 1 < at.length) yield bytes.subarray(from, at[index + 1]);
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

const line = fc.string({ unit: "grapheme", maxLength: 12 }).map((text) => text.replace(/[\r\n]/g, ""));
const cuts = fc.array(fc.nat(), { maxLength: 6 });

test("lines are the same however their bytes are cut", async () => {
  const property = fc.asyncProperty(fc.array(line, { maxLength: 8 }), cuts, fc.constantFrom("\n", "\r\n"), async (lines, at, end) => {
    const bytes = Buffer.from(lines.map((text) => text + end).join(""));
    expect(await all(readLines(cutAt(bytes, at), "x"))).toEqual(lines);
  });
  await fc.assert(property);
});

test("events are the same however their bytes are cut", async () => {
  const data = fc.array(line, { minLength: 1, maxLength: 3 });
  const property = fc.asyncProperty(fc.array(data, { maxLength: 5 }), cuts, async (events, at) => {
    const text = events.map((lines) => `: ping\nid: 7\n${lines.map((one) => `data: ${one}\n`).join("")}\n`).join("");
    const read = await all(readEvents(readLines(cutAt(Buffer.from(text), at), "x"), "x"));
    expect(read).toEqual(events.map((lines) => ({ event: "message", data: lines.join("\n") })));
  });
  await fc.assert(property);
});

test("an event has its name, needs no space, and counts without the line after it", async () => {
  const bytes = Buffer.from('event: error\ndata:{"a":1}\n\ndata: [DONE]');
  expect(await all(readEvents(readLines(cutAt(bytes, []), "x"), "x"))).toEqual([
    { event: "error", data: '{"a":1}' },
    { event: "message", data: "[DONE]" },
  ]);
});

test("a long text is passed on in pieces without splitting a character", () => {
  const text = `${"a".repeat(16_383)}😀${"b".repeat(20_000)}`;
  const parts = [...pieces(text)];
  expect([parts.join("") === text, parts.map((part) => part.length)]).toEqual([true, [16_383, 16_384, 3_618]]);
  expect([...pieces("")]).toEqual([]);
});

const WITHHELD = " (its words are not shown: they repeat what it was sent)";

const NOW = Date.parse("2026-11-21T10:00:00Z");
test.each([
  ["7", undefined, 7_000],
  ["0.5", undefined, 500],
  ["Sat, 21 Nov 2026 10:00:09 GMT", undefined, 9_000],
  ["Sat, 21 Nov 2026 10:00:09 GMT", "Sat, 21 Nov 2026 10:00:04 GMT", 5_000],
  ["Sat, 21 Nov 2026 09:00:00 GMT", undefined, 0],
  ["999999999", undefined, 86_400_000],
  ["soon", undefined, undefined],
  ["-3", undefined, undefined],
  [" ", undefined, undefined],
])("Retry-After %j (by a clock of %j) is %j ms", (value, date, expected) => {
  expect(retryAfterMs({ "retry-after": value, date }, NOW)).toBe(expected);
});

test.each([
  ["model 'x' not found", ["deploy a slice on edge1 for the harbour"], ": model 'x' not found"],
  ["bad input: deploy a slice on edge1 for the harbour", ["please deploy a slice on edge1 for the harbour today"], WITHHELD],
  ["bad key sk-12345678", ["sk-12345678"], WITHHELD],
  ["ab is short", ["ab"], ": ab is short"],
  ["  two\n lines ", [], ": two lines"],
  ["", [], ""],
])("a backend's words %j, when it was sent %j, are shown as %j", (words, sent, shown) => {
  expect(quotable(words, sent)).toBe(shown);
});

test.each([
  ['{"a":1}', { a: 1 }],
  ['<think>{"no":1}</think>\n{"a":1}', { a: 1 }],
  ['Sure:\n```json\n{"a":1}\n```\nThat is it.', { a: 1 }],
  ['The answer is {"a":{"b":2}} as you see.', { a: { b: 2 } }],
  ["[1,2]", [1, 2]],
  ["no value", undefined],
  ["}{", undefined],
  ['{"a":', undefined],
])("the JSON in %j is %j", (text, value) => {
  expect(jsonIn(text)).toEqual(value);
});

test.each([
  [undefined, "http://127.0.0.1:11434"],
  ["", "http://127.0.0.1:11434"],
  ["0.0.0.0", "http://127.0.0.1:11434"],
  ["0.0.0.0:9999", "http://127.0.0.1:9999"],
  [":9999", "http://127.0.0.1:9999"],
  ["gpu.lan", "http://gpu.lan:11434"],
  ["gpu.lan:80", "http://gpu.lan"],
  ["https://models.example", "https://models.example"],
  ["http://gpu.lan:8080/ollama/", "http://gpu.lan:8080/ollama"],
  ["http://user:word@gpu.lan", "http://127.0.0.1:11434"],
  ["http://:::", "http://127.0.0.1:11434"],
])("OLLAMA_HOST=%j is looked for at %s", (ollamaHost, url) => {
  expect(discoverable({ ollamaHost })).toEqual([
    { id: "llamafarm", kind: "llamafarm", url: "http://127.0.0.1:14345" },
    { id: "ollama", kind: "ollama", url },
  ]);
});
