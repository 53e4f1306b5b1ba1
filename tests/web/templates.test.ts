// Templates and examples: every blank can be reached, and every sentence, filled, is understood as it is meant, in both languages.
import { expect, test } from "vitest";
import { understand } from "../../intent/understand.ts";
import { words as english } from "../../web/i18n/en/intents.ts";
import { words as chinese } from "../../web/i18n/zh-TW/intents.ts";
import { blankFrom, blanksOf, examples, TEMPLATES } from "../../web/state/templates.ts";
import { site } from "./sample.ts";

const sites = [site("edge1"), site("edge2")];
const read = (text: string) => {
  const { status, intent } = understand({
    ...{ intentId: "x", text, context: {}, targetSites: [], answers: null, sites, slices: ["video-7"], now: new Date() },
  });
  const { action, intentType, targetSites, slice, requirements } = intent;
  return { status, action, intentType, targetSites, slice, requirements };
};

const FILLED: Record<string, string> = { site: "edge2", 站點: "edge2", slice: "video-7", 切片: "video-7", number: "40", 數值: "40" };

const fill = (template: string) =>
  blanksOf(template).reduceRight((text, { name, from, to }) => `${text.slice(0, from)}${FILLED[name]}${text.slice(to)}`, template);

const MEANT = {
  embb: { action: "deploy", intentType: "eMBB", requirements: { downlinkMbps: 40, latencyMs: 40 } },
  urllc: { action: "deploy", intentType: "URLLC", requirements: { downlinkMbps: 40, latencyMs: 40, reliabilityPercent: 99.999 } },
  mmtc: { action: "deploy", intentType: "mMTC", requirements: { downlinkMbps: 40, maxDevices: 40 } },
  status: { action: "status", intentType: null, requirements: {} },
  rollback: { action: "rollback", intentType: null, requirements: {}, slice: "video-7" },
  scale: { action: "scale", intentType: null, requirements: { downlinkMbps: 40 }, slice: "video-7" },
} as const;

test.each(TEMPLATES.flatMap((id) => [english, chinese].map((words) => [id, words[`template.${id}.text`]] as const)))(
  "the template %s, filled, is understood as meant: %s",
  (id, template) => {
    expect(read(fill(template))).toEqual({ status: "success", targetSites: ["edge2"], slice: undefined, ...MEANT[id] });
  },
);

test("every example is understood at once, and names the sites that there are", () => {
  const [first, ...rest] = examples(["edge2", "edge1"]);
  expect(first?.text).toBe("Deploy eMBB slice on edge2 and edge1 with 200Mbps and 20ms latency");
  for (const { text } of rest) expect([text, read(text).status]).toEqual([text, "success"]);
  expect(examples([]).every(({ text }) => /edge[12]/.test(text))).toBe(true);
});

test("blanks are gone through one after the other, both ways, and the last leads out of the box", () => {
  const text = "on ⟨site⟩ with ⟨number⟩ Mbps";
  const [first, second] = blanksOf(text);
  expect(first).toEqual({ name: "site", from: 3, to: 9 });
  expect(blankFrom(text, 0, "on")).toEqual(first);
  expect(blankFrom(text, 9, "on")).toEqual(second);
  expect(blankFrom(text, second?.to ?? 0, "on")).toBeNull();
  expect(blankFrom(text, second?.from ?? 0, "back")).toEqual(first);
  expect(blankFrom(text, 3, "back")).toBeNull();
});

test("brackets that hold nothing, too much or a line's end are no blanks", () => {
  expect(blanksOf(`⟨⟩ ⟨${"x".repeat(41)}⟩ ⟨a\nb⟩`)).toEqual([]);
});
