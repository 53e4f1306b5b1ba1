// What the command palette finds for what is typed, and in which order.
import { expect, test } from "vitest";
import { distance, found, type PaletteItem } from "../../web/areas/system/palette-find.ts";

const item = (group: PaletteItem["group"], title: string, more: Partial<PaletteItem> = {}): PaletteItem => ({
  ...{ key: `${group} ${title}`, group, title, run: () => undefined },
  ...more,
});
const use = item("use", "use it");
const items = [
  item("go", "Deployments"),
  item("site", "edge1"),
  item("site", "edge12"),
  item("slice", "embb-4x7q2m", { note: "eMBB edge1" }),
  item("intent", "Deploy eMBB slice on edge1", { also: "int_0123" }),
  item("go", "監控"),
];
const titles = (query: string) => found(items, query, use).map(({ title }) => title);

test("nothing typed shows what there is, in its order", () => {
  expect(titles(" ")).toEqual(items.map(({ title }) => title));
});

test("the whole word comes before its beginning, that before the middle, and that before scattered letters", () => {
  expect(titles("edge1").slice(0, 2)).toEqual(["edge1", "edge12"]);
  expect(titles("dep")[0]).toBe("Deployments");
  expect(titles("dpl")).toContain("Deployments");
  const [whole = 0, middle = 0, scattered = 0] = [distance("edge", "edge1"), distance("dge", "edge1"), distance("e1", "edge1")].map(Number);
  expect(whole < middle && middle < scattered).toBe(true);
});

test("letters in another order, or missing ones, do not fit", () => {
  expect(distance("1egde", "edge1")).toBeNull();
  expect(titles("zzz")).toEqual(["use it"]);
});

test("an id finds its intent, and Chinese is found as it is", () => {
  expect(titles("int_0123")[0]).toBe("Deploy eMBB slice on edge1");
  expect(titles("監")).toEqual(["監控"]);
});

test("a sentence is offered as an intent after what it finds; a mere name is not while something fits", () => {
  expect(titles("Deploy eMBB").at(-1)).toBe("use it");
  expect(titles("在站點一部署切片")).toEqual(["use it"]);
  expect(titles("edge1")).not.toContain("use it");
  expect(found(items, "zzz", null)).toEqual([]);
});

test("of very many fitting things only some are shown", () => {
  const many = Array.from({ length: 500 }, (_none, index) => item("intent", `slice ${index}`));
  expect(found(many, "slice", null)).toHaveLength(40);
});
