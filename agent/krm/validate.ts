// The last check before files leave the render stage, whichever runner made them: the bytes are read again, not trusted.
import type { RenderedFile } from "../../protocol/stage.ts";
import { canonicalYaml } from "./canonical.ts";
import { checkPolicy } from "./policy.ts";
import { type KrmObject, withFile } from "./resource.ts";
import { checkSchema } from "./schema-check.ts";
import { parseResource } from "./yaml-text.ts";

const PACKAGE_PATH = /^(sites\/([a-z0-9-]+)\/slices\/([a-z0-9-]+))\/(Kptfile|[a-z0-9-]+\.yaml)$/;

function parsed(files: RenderedFile[], findings: string[]): Map<string, KrmObject[]> {
  const packages = new Map<string, KrmObject[]>();
  for (const { path, content } of files) {
    const folder = PACKAGE_PATH.exec(path)?.[1];
    if (folder === undefined) {
      findings.push(`${path}: is not a file of a slice package`);
      continue;
    }
    const object = parseResource(content);
    if (typeof object === "string") {
      findings.push(`${path}: ${object}`);
      continue;
    }
    if (canonicalYaml(object) !== content) findings.push(`${path}: is not in canonical form`);
    packages.set(folder, [...(packages.get(folder) ?? []), withFile(object, path)]);
  }
  return packages;
}

/** One line per finding, `<path>: <what>`; empty when every file and every package is sound. */
export function validateFiles(files: RenderedFile[]): string[] {
  const findings: string[] = [];
  for (const [folder, items] of parsed(files, findings)) {
    const results = [...items.flatMap(checkSchema), ...checkPolicy(items)];
    findings.push(...results.map((result) => `${result.file?.path ?? folder}: ${result.message}`));
    const [, site, slice] = /^sites\/([^/]+)\/slices\/([^/]+)$/.exec(folder) ?? [];
    const spec = items.find((item) => item.kind === "SliceIntent")?.spec;
    if (JSON.stringify(placeOf(spec)) !== JSON.stringify([site, slice])) findings.push(`${folder}: holds the package of another place`);
  }
  return findings;
}

function placeOf(spec: unknown): unknown[] {
  return typeof spec === "object" && spec !== null && "site" in spec && "slice" in spec ? [spec.site, spec.slice] : [];
}
