// Config Sync through the kube API: one RootSync and its ResourceGroup. Reads only.
import { ok } from "../../protocol/result.ts";
import { ResourceGroup, RootSync, readResourceGroup, readRootSync } from "./config-sync-status.ts";
import { type EdgeApi, edgeFailure } from "./http.ts";
import { readObject, type SiteSync } from "./site-sync.ts";

const NAMESPACE = "config-management-system"; // where Config Sync keeps every RootSync

export function createConfigSync(api: EdgeApi, rootSyncName: string): SiteSync {
  const name = encodeURIComponent(rootSyncName);
  const rootSync = {
    path: `/apis/configsync.gke.io/v1beta1/namespaces/${NAMESPACE}/rootsyncs/${name}`,
    kind: "RootSync",
    schema: RootSync,
  };
  const resourceGroup = {
    path: `/apis/kpt.dev/v1alpha1/namespaces/${NAMESPACE}/resourcegroups/${name}`,
    kind: "ResourceGroup",
    schema: ResourceGroup,
    absent: true, // it is made with the first applied object: none means nothing is there
  };

  return {
    async syncReport(signal) {
      const root = await readObject(api, rootSync, signal);
      if (!root.ok) return root;
      return root.value === null ? edgeFailure("refused", `${api.name} has no RootSync`) : ok(readRootSync(root.value));
    },
    async siteResources(signal) {
      const group = await readObject(api, resourceGroup, signal);
      if (!group.ok) return group;
      return ok(group.value === null ? { states: [], unsure: null } : readResourceGroup(group.value));
    },
  };
}
