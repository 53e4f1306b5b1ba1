// Renders in this process, without kpt: the default where kpt is absent, and the same bytes where it is not.
import { err, ok, type Result } from "../../protocol/result.ts";
import type { RenderedFile, StageFailure } from "../../protocol/stage.ts";
import type { KrmInput, KrmPort } from "../ports.ts";
import { BLUEPRINTS_DIR, loadBlueprint, type PackageFile, stagePackage } from "./blueprint.ts";
import { finish, invalidPackage, packageFolder, renderedFile, resultLines } from "./finish.ts";
import { runPipeline } from "./pipeline.ts";
import { fileOf, hasErrors, withFile } from "./resource.ts";

export interface EmbeddedOptions {
  blueprintsDir?: string;
}

function renderSite(staged: PackageFile[], site: string, slice: string): Result<RenderedFile[], StageFailure> {
  const folder = packageFolder(site, slice);
  const output = runPipeline(staged.map(({ name, object }) => withFile(object, name)));
  if (hasErrors(output.results)) return err(invalidPackage(resultLines(output.results, folder), site));
  return ok(output.items.map((item) => renderedFile(folder, fileOf(item), item)));
}

export function createEmbeddedKrm(options: EmbeddedOptions = {}): KrmPort {
  const blueprintsDir = options.blueprintsDir ?? BLUEPRINTS_DIR;

  async function render({ intentId, plan }: KrmInput, signal: AbortSignal): Promise<Result<RenderedFile[], StageFailure>> {
    const blueprint = await loadBlueprint(blueprintsDir, plan.serviceType);
    signal.throwIfAborted();
    if (!blueprint.ok) return err(invalidPackage(blueprint.error));
    const files: RenderedFile[] = [];
    for (const site of plan.sites) {
      const rendered = renderSite(stagePackage(blueprint.value, intentId, { plan, site }), site, plan.slice);
      if (!rendered.ok) return rendered;
      files.push(...rendered.value);
    }
    return finish(files);
  }

  return { runner: "embedded", render };
}
