// The preview of a sentence: what is shown of what was understood, where it was read, and what one is asked.
import fc from "fast-check";
import { expect, test } from "vitest";
import { withType } from "../../web/areas/intents/additions.ts";
import { type Chip, chipsOf, segmentsOf } from "../../web/areas/intents/chips.ts";
import { understood } from "../../web/areas/intents/understood.ts";
import { site } from "./sample.ts";

const sites = [site("edge1"), site("edge2")];
const preview = (text: string, targetSites: string[] = []) =>
  understood({ text, targetSites, sites, slices: [], textWithType: withType(text, "eMBB") });

test("each thing that was understood is a chip that knows its words in the sentence", () => {
  const text = "Deploy URLLC slice on edge1 and edge2 with 20 Mbps uplink and 5 ms latency, priority 8";
  const chips = chipsOf(preview(text).understanding);
  const told = chips.map(({ kind, value, source, span }) => [kind, value, source, span === null ? null : text.slice(...span)]);
  expect(told).toEqual([
    ["action", "deploy", "text", "Deploy"],
    ["intentType", "URLLC", "text", "URLLC"],
    ["slice", "", "default", null],
    ["site", "edge1", "text", expect.stringContaining("edge1")],
    ["site", "edge2", "text", expect.stringContaining("edge1")],
    ["uplinkMbps", "20 Mbps", "text", expect.stringContaining("20 Mbps")],
    ["latencyMs", "5 ms", "text", expect.stringContaining("5 ms")],
    ["bandwidth", expect.stringMatching(/^\d+ [MGk]bps$/), "default", null],
    ["reliability", expect.stringMatching(/ %$/), "default", null],
    ["priority", "8", "text", expect.stringContaining("8")],
  ]);
});

test("many sites are one chip that names them in their order", () => {
  const { understanding } = preview("Deploy eMBB slice on edge1");
  const targetSites = Array.from({ length: 10 }, (_none, index) => `edge${10 - index}`);
  const chips = chipsOf({ ...understanding, intent: { ...understanding.intent, targetSites } });
  const shown = chips.filter(({ field }) => field === "targetSites").map(({ kind, value, names }) => [kind, value, names]);
  expect(shown).toEqual([["sites", "10", "edge1, edge2, edge3, edge4, edge5, edge6, edge7, edge8, edge9, edge10"]]);
});

test("sites from the options are told as such, and a type that was only meant as inferred", () => {
  const chips = chipsOf(preview("Deploy a slice for video streaming on edge1", ["edge2"]).understanding);
  const sources = Object.fromEntries(chips.map(({ kind, value, source }) => [`${kind} ${value}`, source]));
  expect(sources).toMatchObject({ "site edge2": "context", "intentType eMBB": "inferred", "priority 5": "default" });
});

test("what is asked stays while one chooses sites, and goes when the sentence names them", () => {
  const asks = (text: string, targetSites: string[] = []) => {
    const { asksSites, asksType, asksAmount } = preview(text, targetSites);
    return { asksSites, asksType, asksAmount };
  };
  const none = { asksSites: false, asksType: false, asksAmount: false };
  expect(asks("Deploy eMBB slice")).toEqual({ ...none, asksSites: true });
  expect(asks("Deploy eMBB slice", ["edge1"])).toEqual({ ...none, asksSites: true });
  expect(asks("Deploy eMBB slice on edge1")).toEqual(none);
  expect(asks("Deploy a slice on edge1")).toEqual({ ...none, asksType: true });
  expect(asks("Scale slice video-7 on edge1")).toEqual({ ...none, asksAmount: true });
});

test("a type is not asked for where no word at the end could settle it", () => {
  const { understanding, asksType } = preview("Deploy eMBB URLLC slice on edge1");
  expect(understanding.clarifications.map(({ field }) => field)).toEqual(["serviceType"]);
  expect(asksType).toBe(false);
});

test("a sentence is cut at the places that were read, overlapping ones too, and nothing of it is lost", () => {
  const chip = (field: string, span: [number, number]): Chip => ({ kind: "action", field, value: "", source: "text", span });
  expect(segmentsOf("abcdef", [chip("x", [1, 4]), chip("y", [3, 5]), chip("x", [1, 4])])).toEqual([
    { from: 0, text: "a", fields: [] },
    { from: 1, text: "bc", fields: ["x"] },
    { from: 3, text: "d", fields: ["x", "y"] },
    { from: 4, text: "e", fields: ["y"] },
    { from: 5, text: "f", fields: [] },
  ]);
  const place = fc.integer({ min: -2, max: 20 });
  const spans = fc.array(fc.tuple(place, place));
  fc.assert(
    fc.property(fc.string({ maxLength: 16 }), spans, (text, found) => {
      const segments = segmentsOf(
        text,
        found.map((span, index) => chip(String(index), span)),
      );
      expect(segments.map((segment) => segment.text).join("")).toBe(text);
      expect(segments.every(({ from, text: piece }) => text.startsWith(piece, from) && (piece !== "" || text === ""))).toBe(true);
    }),
  );
});
