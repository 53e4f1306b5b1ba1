// What every runner ends with: canonical files at their place in the tree, checked; and how a render fails.
import { err, ok, type Result } from "../../protocol/result.ts";
import type { RenderedFile, StageFailure } from "../../protocol/stage.ts";
import { canonicalYaml } from "./canonical.ts";
import type { FnResult, KrmObject } from "./resource.ts";
import { validateFiles } from "./validate.ts";

const MAX_DETAILS = 50; // findings kept in a failure: it travels in a report and is shown whole
const MAX_LINE = 300; // characters of one finding

/** Where the package of a slice lives in the tree the sites pull. */
export function packageFolder(site: string, slice: string): string {
  return `sites/${site}/slices/${slice}`;
}

export function invalidPackage(details: string[], site?: string): StageFailure {
  const shown = details.slice(0, MAX_DETAILS).map((line) => line.slice(0, MAX_LINE));
  if (details.length > MAX_DETAILS) shown.push(`… and ${details.length - MAX_DETAILS} more`);
  const message = `The package is not valid: ${shown[0] ?? "no reason was given"}`;
  return { stage: "render", reason: "invalid_package", message, retryable: false, details: shown, ...(site === undefined ? {} : { site }) };
}

/** One line per error result, with the file as it would lie in the tree. */
export function resultLines(results: FnResult[], folder: string): string[] {
  const errors = results.filter((result) => result.severity === "error");
  return errors.map(({ file, message }) => `${file === undefined ? folder : `${folder}/${file.path}`}: ${message}`);
}

export function renderedFile(folder: string, name: string, object: KrmObject): RenderedFile {
  return { path: `${folder}/${name}`, content: canonicalYaml(object) };
}

/** Sorts by path and checks the bytes of all sites together. */
export function finish(files: RenderedFile[]): Result<RenderedFile[], StageFailure> {
  const sorted = files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const findings = validateFiles(sorted);
  return findings.length > 0 ? err(invalidPackage(findings)) : ok(sorted);
}
