// Correcting what was understood: only what a person changed is said, and the form stands where a sentence was read.
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { CorrectedFields } from "../../protocol/correction.ts";
import { CorrectForm } from "../../web/components/correct-form.tsx";
import { UnderstoodPanel } from "../../web/components/understood-panel.tsx";
import { correctedFields, QUANTITIES, type ReadingDraft, readingDraft } from "../../web/state/correction.ts";
import { applyToIntent } from "../../web/state/records.ts";
import { event, intentId, record, site, understanding } from "./sample.ts";

const { intent } = understanding(["edge1"]);
const edited = (patch: Partial<ReadingDraft>) => correctedFields(intent, { ...readingDraft(intent), ...patch });
const quantity = (patch: Partial<ReadingDraft["requirements"]>) =>
  edited({ requirements: { ...readingDraft(intent).requirements, ...patch } });
const none = () => Promise.reject(new Error("no command is given while rendering"));

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

test("the form shows what was understood, with every site and every quantity", () => {
  const props = {
    intentId: intentId(1),
    understood: intent,
    sites: [site("edge1"), site("edge2")],
    onCorrect: none,
    onDone: () => undefined,
  };
  const page = renderToStaticMarkup(createElement(CorrectForm, props));
  expect(page).toMatch(/type="checkbox" checked=""\/>edge1.*type="checkbox"\/>edge2/);
  for (const { key, name } of QUANTITIES) expect(page).toMatch(new RegExp(`${name} <input [^>]*name="${key}"`));
  expect(page).toContain('value="200"');
  expect(page).toMatch(/data-testid="send-correction" disabled=""/);
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

test("only a sentence that was read can be corrected, and only by who may operate", () => {
  const panel = (change: Parameters<typeof record>[0], mayOperate = true) =>
    renderToStaticMarkup(createElement(UnderstoodPanel, { record: record(change), sites: [], mayOperate, onCorrect: none }));
  expect(panel({ understanding: null })).toBe("");
  expect(panel({ understanding: understanding([]), command: { action: "terminate", slice: "video-7", sites: [] } })).toBe("");
  expect(panel({ understanding: understanding([]) })).toMatch(/Read by rules.*data-testid="correct" title=""/);
  expect(panel({ understanding: understanding([]) }, false)).toMatch(/data-testid="correct" disabled=""/);
});
