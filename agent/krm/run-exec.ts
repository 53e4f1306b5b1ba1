// Runs a function as kpt runs an executable: a ResourceList on stdin, one as YAML on stdout, exit code 1 on an error result.
// It imports little, because kpt starts a process for every function of every package.
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { hasErrors, isKrmObject, isRecord, type KrmFunction, list, type ResourceList } from "./resource.ts";
import { toYaml } from "./yaml-text.ts";

const STDIN = 0;

function failed(message: string): ResourceList {
  return { items: [], results: [{ message, severity: "error" }] };
}

function apply(fn: KrmFunction, source: string): ResourceList {
  const value: unknown = parse(source);
  if (!isRecord(value) || value.kind !== "ResourceList") return failed("the input is not a ResourceList");
  const items = list(value.items).filter(isKrmObject);
  if (items.length !== list(value.items).length) return failed("the input holds something that is not a resource");
  const functionConfig = value.functionConfig;
  return fn({ items, results: [], ...(isKrmObject(functionConfig) ? { functionConfig } : {}) });
}

export function runExec(fn: KrmFunction): void {
  const output = apply(fn, readFileSync(STDIN, "utf8"));
  process.stdout.write(toYaml({ apiVersion: "config.kubernetes.io/v1", kind: "ResourceList", ...output }));
  if (hasErrors(output.results)) process.exitCode = 1;
}
