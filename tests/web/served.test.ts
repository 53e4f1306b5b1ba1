// Who understood a sentence: what there is to tell of it.
import { expect, test } from "vitest";
import type { Understanding } from "../../protocol/intent.ts";
import { readBy } from "../../web/state/served.ts";
import { understanding } from "./sample.ts";

const { metadata } = understanding([]);

test("the rules alone have no model, and nobody was asked before them", () => {
  expect(readBy(metadata)).toEqual({ provider: "rules", model: null, cached: false, fallback: false, failed: [] });
});

test("who was asked before and failed is told in order; who answered is not among them", () => {
  const attempt = (provider: string, outcome: "answered" | "timeout" | "busy") => ({ provider, outcome, message: "", durationMs: 1 });
  const attempts = [attempt("ollama", "timeout"), attempt("llamafarm", "busy"), attempt("claude", "answered")];
  const served: Understanding["metadata"]["served"] = {
    ...{ provider: "claude", model: "opus", attempts, usage: null, cost: { usd: null, source: "unknown" }, arm: null },
  };
  expect(readBy({ ...metadata, provider: "claude", fallback: true, served })).toEqual({
    ...{ provider: "claude", model: "opus", cached: false, fallback: true },
    failed: attempts.slice(0, 2),
  });
});
