// Who is asked first, without a browser: order and shares as they are edited, what is saved of them, what the panel writes.
import { createElement, type ReactElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { RoutingPanel } from "../../web/components/routing-panel.tsx";
import { draftOf, moved, type RoutingDraft, type RoutingEdit, routerOrder, updateOf } from "../../web/state/integrations.ts";

const markup = (element: ReactElement) => renderToStaticMarkup(element);
const unsaved = { edit: null, onEdit: () => undefined };
const none = () => Promise.reject(new Error("no command is given while rendering"));
const ROUTING = { order: ["claude", "ollama", "rules"], disconnected: ["ollama"], shares: [{ provider: "ollama", percent: 20 }] };

test("the order names what agents have after what is set, and never the rules", () => {
  expect(routerOrder(ROUTING, ["rules", "vllm", "claude"])).toEqual(["claude", "ollama", "vllm"]);
});

test.each([
  ["c", 0, ["c", "a", "b"]],
  ["a", 2, ["b", "c", "a"]],
  ["b", 1, ["a", "b", "c"]],
  ["a", 99, ["b", "c", "a"]],
  ["c", -5, ["c", "a", "b"]],
  ["x", 0, ["a", "b", "c"]],
])("moving %s to place %i gives %j", (id, to, order) => {
  expect(moved(["a", "b", "c"], id, to)).toEqual(order);
});

test("what is saved is what was edited and nothing else: a colleague's change in between stays", () => {
  const from = draftOf(ROUTING, ["vllm"]);
  expect(from).toEqual({ order: ["claude", "ollama", "vllm"], percents: { ollama: "20" } });
  const order = moved(from.order, "vllm", 0);
  const percents = { ...from.percents, ollama: "", rules: "12.5" };
  const wanted = { order: ["vllm", "claude", "ollama", "rules"], shares: [{ provider: "rules", percent: 12.5 }] };
  const update = (patch: Partial<RoutingDraft>) => updateOf({ draft: { ...from, ...patch }, from });
  expect(update({ order, percents })).toEqual({ update: wanted, problem: null });
  expect(update({ order })).toEqual({ update: { order: wanted.order }, problem: null });
  expect(update({ percents })).toEqual({ update: { shares: wanted.shares }, problem: null });
  expect(update({ percents: { ollama: "20.0", vllm: "0" } })).toEqual({ update: {}, problem: null });
});

test.each([
  [{ a: "60", b: "50" }, "The shares are 110 % together; they may be 100 % at most."],
  [{ a: "-1" }, "A share is a number from 0 to 100."],
  [{ a: "x" }, "A share is a number from 0 to 100."],
  [Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`b${index}`, "1"])), "At most 10 backends may have a share."],
  [{ a: "0", b: " " }, null],
])("shares of %j: %s", (percents, problem) => {
  const from = draftOf(ROUTING, []);
  expect(updateOf({ draft: { ...from, percents }, from }).problem).toBe(problem);
});

test("the router's order says who is disconnected, who is not there, and that the rules come last", () => {
  const panel = markup(
    createElement(RoutingPanel, { routing: ROUTING, known: ["ollama", "rules"], mayAdmin: true, onSave: none, ...unsaved }),
  );
  expect([...panel.matchAll(/data-testid="routed" data-provider="(\w+)"/g)].map((match) => match[1])).toEqual(["claude", "ollama"]);
  expect(panel).toMatch(
    /claude <span class="faint">no agent has it.*ollama <span class="faint">disconnected.*rules <span class="faint">always last/,
  );
  expect(panel).toContain('aria-label="Ask ollama earlier"');
});

test("a share of the rules is shown in their row, and what is not saved is shown again when the page is opened again", () => {
  const routing = { ...ROUTING, shares: [{ provider: "rules", percent: 5 }] };
  const panel = (edit: RoutingEdit | null) =>
    markup(createElement(RoutingPanel, { ...{ routing, known: [], mayAdmin: true, onSave: none }, ...unsaved, edit }));
  expect(panel(null)).toMatch(/aria-label="Share of rules in percent" value="5"/);
  expect(panel(null)).not.toContain("not saved");
  const from = draftOf(routing, []);
  const edited = panel({ draft: { order: ["ollama", "claude"], percents: { rules: "7" } }, from });
  expect(edited).toMatch(/aria-label="Share of rules in percent" value="7"/);
  expect(edited).toContain("not saved: ollama, claude");
});
