// Who is asked first, without a browser: order and shares as they are edited, what is saved of them, what the panel writes.
import { createElement } from "react";
import { expect, test } from "vitest";
import { RoutingPanel } from "../../web/areas/system/routing-panel.tsx";
import { words } from "../../web/i18n/en/system.ts";
import { draftOf, moved, placeOf, type RoutingDraft, type RoutingEdit, routerOrder, updateOf } from "../../web/state/integrations.ts";
import { markup, textOf } from "./markup.tsx";

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
  [
    { a: "60", b: "50" },
    { key: "routing.problem.total", values: { total: 110 } },
  ],
  [{ a: "-1" }, { key: "routing.problem.number", values: {} }],
  [{ a: "x" }, { key: "routing.problem.number", values: {} }],
  [
    Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`b${index}`, "1"])),
    { key: "routing.problem.many", values: { count: 10 } },
  ],
  [{ a: "0", b: " " }, null],
])("shares of %j: %j", (percents, problem) => {
  const from = draftOf(ROUTING, []);
  expect(updateOf({ draft: { ...from, percents }, from }).problem).toEqual(problem);
});

test("each problem has words, and the panel says it", () => {
  for (const key of ["routing.problem.number", "routing.problem.total", "routing.problem.many_other"] as const)
    expect(words[key].length).toBeGreaterThan(10);
  const from = draftOf(ROUTING, []);
  const edit = { draft: { ...from, percents: { claude: "60", ollama: "50" } }, from };
  expect(textOf(panel({ edit }))).toContain("The shares are 110 % together; they may be 100 % at most.");
});

interface Shown {
  routing?: typeof ROUTING;
  known?: string[];
  refusal?: string | null;
  edit?: RoutingEdit | null;
}

function panel({ routing = ROUTING, known = ["ollama", "rules"], refusal = null, edit = null }: Shown = {}): string {
  return markup(createElement(RoutingPanel, { routing, known, refusal, edit, onEdit: () => undefined, onSave: none }));
}

test("the router's order says who is disconnected, who is not there, and that the rules come last", () => {
  const page = panel();
  expect([...page.matchAll(/data-testid="routed" data-provider="(\w+)"/g)].map((match) => match[1])).toEqual(["claude", "ollama"]);
  expect(textOf(page)).toMatch(/1claude no agent has it.*2ollama disconnected.*3rules always last/);
  expect(page).toContain('aria-label="Ask ollama earlier"');
  expect(placeOf("x", { routing: ROUTING, known: ["x"] })).toBe("asked");
});

test("who may not change the order finds nothing to drag or press", () => {
  const page = panel({ refusal: "Your token may look only." });
  expect(page).not.toContain('draggable="true"');
  const buttons = page.match(/<button[^>]*>/g) ?? [];
  expect(buttons.length).toBeGreaterThan(4);
  expect(buttons.every((button) => /disabled=""|aria-disabled="true"/.test(button))).toBe(true);
});

test("a share of the rules is shown in their row, and what is not saved is shown again when the page is opened again", () => {
  const routing = { ...ROUTING, shares: [{ provider: "rules", percent: 5 }] };
  expect(panel({ routing })).toMatch(/aria-label="Share of rules in percent" value="5"/);
  expect(textOf(panel({ routing }))).not.toContain("not saved");
  const from = draftOf(routing, []);
  const edited = panel({ routing, edit: { draft: { order: ["ollama", "claude"], percents: { rules: "7" } }, from } });
  expect(edited).toMatch(/aria-label="Share of rules in percent" value="7"/);
  expect(textOf(edited)).toContain("not saved: ollama, claude");
});

test("a hostile name of a backend stays text", () => {
  expect(panel({ routing: { ...ROUTING, order: ["<img src=x>"] }, known: ["<img src=x>"] })).not.toContain("<img");
});
