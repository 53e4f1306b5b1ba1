// Reads a blueprint and makes the package of one site from it: the templates and slice-intent.yaml. Renders nothing.
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { err, ok, type Result } from "../../protocol/result.ts";
import type { SlicePlan } from "../../protocol/stage.ts";
import { canonicalYaml } from "./canonical.ts";
import type { KrmObject } from "./resource.ts";
import { SLICE_INTENT_FILE, sliceIntentObject } from "./slice-intent.ts";
import { parseResource } from "./yaml-text.ts";

export const BLUEPRINTS_DIR = path.join(import.meta.dirname, "../blueprints");

const FOLDERS: Record<SlicePlan["serviceType"], string> = { eMBB: "embb", URLLC: "urllc", mMTC: "mmtc" };
const PACKAGE_FILE = /^(Kptfile|[a-z0-9-]+\.yaml)$/;

/** One file of a package: its text as it is on disk and the one resource in it. */
export interface PackageFile {
  name: string;
  text: string;
  object: KrmObject;
}

/** The templates of a service type, sorted by name; every file that does not parse is named, with the place in it. */
export async function loadBlueprint(
  blueprintsDir: string,
  serviceType: SlicePlan["serviceType"],
): Promise<Result<PackageFile[], string[]>> {
  const folder = FOLDERS[serviceType];
  const names = (await readdir(path.join(blueprintsDir, folder))).filter((name) => PACKAGE_FILE.test(name)).toSorted();
  const files: PackageFile[] = [];
  const findings: string[] = [];
  for (const name of names) {
    const text = await readFile(path.join(blueprintsDir, folder, name), "utf8");
    const object = parseResource(text);
    if (typeof object === "string") findings.push(`blueprints/${folder}/${name}: ${object}`);
    else files.push({ name, text, object });
  }
  return findings.length > 0 ? err(findings) : ok(files);
}

/** The input package of one site. The site's own file is canonical already. */
export function stagePackage(blueprint: PackageFile[], intentId: string, at: { plan: SlicePlan; site: string }): PackageFile[] {
  const object = sliceIntentObject(intentId, at.plan, at.site);
  const own: PackageFile = { name: SLICE_INTENT_FILE, text: canonicalYaml(object), object };
  return [...blueprint.filter((file) => file.name !== SLICE_INTENT_FILE), own].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
