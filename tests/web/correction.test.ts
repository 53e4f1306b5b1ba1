// Correcting what was understood: only what a person changed is said, and checked before it is sent.
import { expect, test } from "vitest";
import { CorrectedFields } from "../../protocol/correction.ts";
import { correctionResolver } from "../../web/areas/pipeline/correct-resolver.ts";
import { correctedFields, type ReadingDraft, readingDraft } from "../../web/state/correction.ts";
import { applyToIntent } from "../../web/state/records.ts";
import { event, record, understanding } from "./sample.ts";

const { intent } = understanding(["edge1"]);
const edited = (patch: Partial<ReadingDraft>) => correctedFields(intent, { ...readingDraft(intent), ...patch });
const quantity = (patch: Partial<ReadingDraft["requirements"]>) =>
  edited({ requirements: { ...readingDraft(intent).requirements, ...patch } });

test("an untouched form corrects nothing, nor does one that was changed and changed back", () => {
  expect(edited({})).toBeNull();
  expect(edited({ targetSites: ["edge1"], slice: "  " })).toBeNull();
});

test.each<[Partial<ReadingDraft>, CorrectedFields]>([
  [{ action: "scale" }, { action: "scale" }],
  [{ serviceType: "URLLC" }, { serviceType: "URLLC" }],
  [{ serviceType: "" }, { serviceType: null }],
  [{ targetSites: ["edge1", "edge2"] }, { targetSites: ["edge1", "edge2"] }],
  [{ targetSites: [] }, { targetSites: [] }],
  [{ slice: " video-7 " }, { slice: "video-7" }],
  [{ priority: "9" }, { priority: 9 }],
])("%j is said as %j", (patch, fields) => {
  expect(edited(patch)).toEqual(fields);
  expect(CorrectedFields.parse(fields)).toEqual(fields);
});

test("a number that is put in is stated, one that is taken out is not, and the others are left alone", () => {
  expect(quantity({ downlinkMbps: "", latencyMs: "7.5" })).toEqual({ requirements: { downlinkMbps: null, latencyMs: 7.5 } });
});

test("a slice that was read and is none is taken away", () => {
  const named = { ...intent, slice: "video-7" };
  expect(correctedFields(named, { ...readingDraft(named), slice: "" })).toEqual({ slice: null });
});

test("a value that no intent may have is refused at its field, in the schema's own words", async () => {
  const check = async (patch: Partial<ReadingDraft>) =>
    await correctionResolver(intent)({ ...readingDraft(intent), ...patch }, undefined, { fields: {}, shouldUseNativeValidation: false });
  const requirements = { ...readingDraft(intent).requirements, availabilityPercent: "101", maxDevices: "many" };
  const { errors, values } = await check({ priority: "11", slice: "no such; name", requirements });
  expect({ ...errors, ...errors.requirements }).toMatchObject({
    priority: { type: "schema" },
    slice: { message: expect.stringContaining("must be a name") },
    availabilityPercent: { type: "schema" },
    maxDevices: { type: "schema" },
  });
  expect(values).toEqual({});
  const good = { ...readingDraft(intent), priority: "9" };
  expect(await check({ priority: "9" })).toEqual({ values: good, errors: {} });
});

test("what was shown for approval is gone from the page as soon as a correction has voided it", () => {
  const waiting = record({ status: "awaiting_approval", digest: "sha256:x", diff: [] });
  const voided = event(9, {
    type: "approval.decided",
    intent: 1,
    data: { decision: "voided", by: "ada", digest: "sha256:x", reason: "corrected" },
  });
  expect(applyToIntent(waiting, voided)).toEqual({ ...waiting, status: "received", digest: null, diff: null, updatedAt: voided.at });
});
