// A scale as a sentence: whatever is filled in, in either language, the rules of intent/ read what was meant.
import i18next, { type i18n } from "i18next";
import { beforeAll, describe, expect, test } from "vitest";
import { understand } from "../../intent/understand.ts";
import { REQUIREMENT_FIELDS, type Requirements } from "../../protocol/intent.ts";
import { sentenceWords } from "../../web/areas/deployments/sentence-words.ts";
import { words as english } from "../../web/i18n/en/deployments.ts";
import { words as chinese } from "../../web/i18n/zh-TW/deployments.ts";
import { changedSince, inForce, type ScaleOrder, scaleSentence, scaleWanted } from "../../web/state/scale-draft.ts";

const SLICE = "video-7";
const SITES = ["edge1", "edge2", "edge3"];

function readBack(text: string) {
  const sites = SITES.map((id) => ({ id, aliases: [] }));
  const about = { intentId: "x", context: {}, targetSites: [], answers: null, now: new Date(0) };
  const { status, intent, clarifications, warnings } = understand({ ...about, text, sites, slices: [SLICE] });
  const { action, slice, targetSites, requirements } = intent;
  return { status, action, slice, targetSites, requirements, clarifications, warnings };
}

function meant({ slice, sites, wanted }: ScaleOrder) {
  const clean = { status: "success", action: "scale", clarifications: [], warnings: [] };
  return { ...clean, slice, targetSites: sites, requirements: wanted };
}

const ONE_EACH: Requirements[] = [
  { downlinkMbps: 300 },
  { downlinkMbps: 0.5 },
  { uplinkMbps: 25 },
  { latencyMs: 12.5 },
  { reliabilityPercent: 99.999 },
  { availabilityPercent: 99.95 },
  { maxDevices: 5000 },
  { maxDevices: 1_000_000 },
];
const ALL: Requirements = {
  ...{ downlinkMbps: 300, uplinkMbps: 40, latencyMs: 12.5, reliabilityPercent: 99.95, availabilityPercent: 99.99, maxDevices: 5000 },
};

test("the cases below are about every requirement there is", () => {
  expect(Object.keys(ALL)).toEqual([...REQUIREMENT_FIELDS]);
  expect(new Set(ONE_EACH.flatMap((one) => Object.keys(one)))).toEqual(new Set(REQUIREMENT_FIELDS));
});

describe.each(["en", "zh-TW"])("in %s", (language) => {
  let i18n: i18n;
  beforeAll(async () => {
    i18n = i18next.createInstance();
    const resources = { en: { deployments: english }, "zh-TW": { deployments: chinese } };
    await i18n.init({ lng: language, resources, defaultNS: "deployments", keySeparator: false, interpolation: { escapeValue: false } });
  });
  const orders = [...ONE_EACH, ALL].flatMap((wanted) =>
    [[], ["edge1"], SITES].map((sites): ScaleOrder => ({ slice: SLICE, sites, wanted })),
  );

  test.each(orders)("the sentence for $wanted at $sites is understood as it is meant", (order) => {
    const sentence = scaleSentence(sentenceWords(i18n.getFixedT(language, "deployments")), order);
    expect(readBack(sentence)).toEqual(meant(order));
  });
});

test("only what differs from what was asked for so far is wanted; an emptied field is left as it is", () => {
  const slice = { requirements: { downlinkMbps: 200, latencyMs: 20 } };
  expect(scaleWanted(slice, { downlinkMbps: 200, uplinkMbps: 30 })).toEqual({ uplinkMbps: 30 });
  expect(scaleWanted(slice, { downlinkMbps: 250, latencyMs: 20 })).toEqual({ downlinkMbps: 250 });
  expect(scaleWanted(slice, {})).toEqual({});
});

test("what somebody else changes while the form is open is told, and not taken back by fields that nobody touched", () => {
  const begun = { requirements: { downlinkMbps: 200, latencyMs: 20 } };
  const now = { requirements: { downlinkMbps: 300, latencyMs: 20, maxDevices: 500 } };
  expect(changedSince(begun, now)).toEqual(["downlinkMbps", "maxDevices"]);
  expect(changedSince(begun, { requirements: { latencyMs: 20, downlinkMbps: 200 } })).toEqual([]);
  expect(scaleWanted(begun, { downlinkMbps: 200, latencyMs: 15 })).toEqual({ latencyMs: 15 }); // the form as it was filled in
});

test("a value that was never asked for is told as the default of its type", () => {
  expect(inForce({ serviceType: "URLLC", requirements: { latencyMs: 3 } })).toMatchObject({ latencyMs: 3, maxDevices: 100 });
});
