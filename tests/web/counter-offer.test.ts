// A counter-offer as a sentence: in both languages the rules understand of it exactly what was offered, where it was wanted.
import { createInstance, type TFunction } from "i18next";
import { expect, test } from "vitest";
import { understand } from "../../intent/understand.ts";
import type { Requirements } from "../../protocol/intent.ts";
import { counterRequirements, counterSentence } from "../../web/areas/pipeline/counter-offer.ts";
import { words as english } from "../../web/i18n/en/pipeline.ts";
import { words as chinese } from "../../web/i18n/zh-TW/pipeline.ts";
import { record, site, understanding } from "./sample.ts";

async function translator(lng: string, pipeline: Record<string, string>): Promise<TFunction<["pipeline", "common"]>> {
  const i18n = createInstance();
  await i18n.init({ lng, ns: ["pipeline"], defaultNS: "pipeline", keySeparator: false, resources: { [lng]: { pipeline } } });
  return i18n.getFixedT(lng, ["pipeline", "common"]);
}

const sites = [site("edge1"), site("edge2")];
const read = (text: string) => understand({ intentId: "x", text, context: {}, targetSites: [], answers: null, sites, now: new Date(0) });

const OFFERS: readonly Requirements[] = [
  { downlinkMbps: 120 },
  { downlinkMbps: 120, uplinkMbps: 30, latencyMs: 12.5 },
  { downlinkMbps: 1, reliabilityPercent: 99.9, availabilityPercent: 99.95, maxDevices: 40_000 },
];

test.each([
  ["en", english],
  ["zh-TW", chinese],
] as const)("an offer in %s reads as what it is", async (language, words) => {
  const t = await translator(language, words);
  for (const offer of OFFERS) {
    const asked = understanding(["edge1", "edge2"]);
    const intent = { ...asked.intent, requirements: {} };
    const refused = record({ sites: ["edge1", "edge2"], action: "deploy", understanding: { ...asked, intent } });
    const { status, intent: got } = read(counterSentence(t, refused, offer));
    expect({ status, action: got.action, type: got.intentType, sites: got.targetSites, requirements: got.requirements }).toEqual({
      status: "success",
      action: "deploy",
      type: "eMBB",
      sites: ["edge1", "edge2"],
      requirements: offer,
    });
    const scaled = read(counterSentence(t, { ...refused, action: "scale", slice: "video-7" }, offer));
    expect({
      status: scaled.status,
      action: scaled.intent.action,
      slice: scaled.intent.slice,
      requirements: scaled.intent.requirements,
    }).toEqual({
      status: "success",
      action: "scale",
      slice: "video-7",
      requirements: offer,
    });
  }
});

test("of what was asked for only what there is no room for is changed, and nothing is asked for in addition", () => {
  const offer: Requirements = { downlinkMbps: 500, uplinkMbps: 300, latencyMs: 8, maxDevices: 1_000 };
  expect(counterRequirements({ downlinkMbps: 900, uplinkMbps: 50, latencyMs: 5 }, offer)).toEqual({
    downlinkMbps: 500,
    uplinkMbps: 50,
    latencyMs: 8,
  });
  expect(counterRequirements({ downlinkMbps: 900, availabilityPercent: 99.9 }, offer)).toEqual({
    downlinkMbps: 500,
    availabilityPercent: 99.9,
  });
});

test("when nothing that was asked for is the reason, all of the offer is told", () => {
  expect(counterRequirements({ downlinkMbps: 100 }, { downlinkMbps: 500, maxDevices: 10 })).toEqual({ downlinkMbps: 500, maxDevices: 10 });
});
