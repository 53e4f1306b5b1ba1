// Flux through the kube API: one GitRepository and one Kustomization of the same name, as Nephio's packages have them. Reads only.
import { ok } from "../../protocol/result.ts";
import { GitRepository, Kustomization, readFlux, readInventory } from "./flux-status.ts";
import { type EdgeApi, edgeFailure } from "./http.ts";
import { readObject, type SiteSync } from "./site-sync.ts";

const NAMESPACE = "flux-system"; // where `flux bootstrap` puts both

export function createFlux(api: EdgeApi, objectName: string): SiteSync {
  const name = encodeURIComponent(objectName);
  const gitRepository = {
    path: `/apis/source.toolkit.fluxcd.io/v1/namespaces/${NAMESPACE}/gitrepositories/${name}`,
    kind: "GitRepository",
    schema: GitRepository,
  };
  const kustomization = {
    path: `/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/${NAMESPACE}/kustomizations/${name}`,
    kind: "Kustomization",
    schema: Kustomization,
  };
  const gone = (kind: string) => edgeFailure("refused", `${api.name} has no ${kind}`);

  return {
    async syncReport(signal) {
      const [source, applied] = await Promise.all([readObject(api, gitRepository, signal), readObject(api, kustomization, signal)]);
      if (!source.ok) return source;
      if (!applied.ok) return applied;
      if (source.value === null) return gone("GitRepository");
      return applied.value === null ? gone("Kustomization") : ok(readFlux(source.value, applied.value));
    },
    async siteResources(signal) {
      const applied = await readObject(api, kustomization, signal);
      if (!applied.ok) return applied;
      if (applied.value === null) return gone("Kustomization");
      if (!applied.value.spec.wait)
        return edgeFailure("invalid", `${api.name}: its Kustomization does not wait for health (spec.wait), so Flux cannot tell it`);
      return ok(readInventory(applied.value));
    },
  };
}
