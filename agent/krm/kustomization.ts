// The kustomization.yaml of a site: a list of what is live there. Made from paths alone, never edited by hand.
import { canonicalYaml } from "./canonical.ts";
import { SLICE_INTENT_FILE } from "./slice-intent.ts";

const SLICE_FILE = /^(?:sites\/[^/]+\/)?(slices\/[^/]+\/([^/]+\.yaml))$/;

/**
 * `paths` are the files of one site, from the repository's root or from the site's folder; what is no slice resource is left out:
 * the Kptfile and slice-intent.yaml are local configuration. The slice folders have no kustomization of their own, hence files.
 */
export function kustomizationFor(paths: string[]): string {
  const resources = paths.flatMap((path) => {
    const [, inSite, file] = SLICE_FILE.exec(path) ?? [];
    return inSite === undefined || file === SLICE_INTENT_FILE ? [] : [inSite];
  });
  return canonicalYaml({
    apiVersion: "kustomize.config.k8s.io/v1beta1",
    kind: "Kustomization",
    resources: [...new Set(resources)].toSorted(),
  });
}
