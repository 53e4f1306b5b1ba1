// The executables as kpt starts them: a process, a ResourceList in, a ResourceList out, an exit code.
import { spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { FUNCTIONS } from "../../../agent/krm/pipeline.ts";
import { sliceIntentObject } from "../../../agent/krm/slice-intent.ts";
import { INTENT_ID, planOf } from "./fixtures.ts";

const EXEC_DIR = path.resolve(import.meta.dirname, "../../../agent/krm/exec");

function run(name: string, input: string) {
  const { status, stdout } = spawnSync(process.execPath, [path.join(EXEC_DIR, name)], { input, encoding: "utf8", timeout: 20_000 });
  return { status, output: parse(stdout) };
}

function listOf(...items: unknown[]): string {
  return stringify({ apiVersion: "config.kubernetes.io/v1", kind: "ResourceList", items });
}

test("the folder holds exactly the functions the embedded runner knows, each executable by its owner and readable by node", () => {
  expect(readdirSync(EXEC_DIR).toSorted()).toEqual(Object.keys(FUNCTIONS).toSorted());
  for (const name of readdirSync(EXEC_DIR)) expect(statSync(path.join(EXEC_DIR, name)).mode & 0o111).toBe(0o111);
});

test("a mutator answers with the changed items and ends with 0", () => {
  const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "example" } };
  const intent = sliceIntentObject(INTENT_ID, planOf("eMBB"), "edge1");
  const { status, output } = run("slice-identity.ts", listOf(namespace, intent));
  expect(status).toBe(0);
  expect(output).toMatchObject({ apiVersion: "config.kubernetes.io/v1", kind: "ResourceList", results: [] });
  expect(output.items[0].metadata.name).toBe("video-7");
  expect(output.items[1]).toEqual(intent);
});

test.each(["slice-identity.ts", "slice-resources.ts", "slice-validate.ts"])("%s without a SliceIntent ends with 1 and says so", (name) => {
  expect(run(name, listOf())).toEqual({
    status: 1,
    output: {
      apiVersion: "config.kubernetes.io/v1",
      kind: "ResourceList",
      items: [],
      results: [{ message: "the package has no SliceIntent", severity: "error" }],
    },
  });
});

test("what is no ResourceList, or holds what is no resource, is an error result and not a crash", () => {
  expect(run("slice-validate.ts", "a: 1").output.results).toEqual([{ message: "the input is not a ResourceList", severity: "error" }]);
  expect(run("slice-validate.ts", listOf({ kind: "Half" })).output.results).toEqual([
    { message: "the input holds something that is not a resource", severity: "error" },
  ]);
});
