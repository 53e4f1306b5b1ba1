// Config Sync through the kube API: one RootSync and its ResourceGroup. Reads only.
import * as z from "zod";
import { ok, type Result } from "../../protocol/result.ts";
import type { EdgeFailure, ResourceReport, SyncReport } from "../ports.ts";
import { ResourceGroup, RootSync, readResourceGroup, readRootSync } from "./config-sync-status.ts";
import { type EdgeApi, edgeFailure, getJson, isSuccess, refusedBy } from "./http.ts";

const NAMESPACE = "config-management-system"; // where Config Sync keeps every RootSync

export interface ConfigSync {
  syncReport(signal: AbortSignal): Promise<Result<SyncReport, EdgeFailure>>;
  resources(slice: string, signal: AbortSignal): Promise<Result<ResourceReport, EdgeFailure>>;
}

export function createConfigSync(api: EdgeApi, rootSyncName: string): ConfigSync {
  const name = encodeURIComponent(rootSyncName);
  const rootSyncPath = `/apis/configsync.gke.io/v1beta1/namespaces/${NAMESPACE}/rootsyncs/${name}`;
  const resourceGroupPath = `/apis/kpt.dev/v1alpha1/namespaces/${NAMESPACE}/resourcegroups/${name}`;

  return {
    async syncReport(signal) {
      const answer = await getJson(api, { path: rootSyncPath }, signal);
      if (!answer.ok) return answer;
      if (!isSuccess(answer.value)) return refusedBy(api, answer.value);
      const root = RootSync.safeParse(answer.value.body);
      if (!root.success) return edgeFailure("invalid", `${api.name}: not a RootSync: ${z.prettifyError(root.error).slice(0, 200)}`);
      return ok(readRootSync(root.data));
    },
    async resources(slice, signal) {
      const answer = await getJson(api, { path: resourceGroupPath }, signal);
      if (!answer.ok) return answer;
      // The ResourceGroup is made with the first applied object: none means nothing is there.
      if (answer.value.status === 404) return ok({ phase: "absent", message: "the site has no ResourceGroup yet" });
      if (!isSuccess(answer.value)) return refusedBy(api, answer.value);
      const group = ResourceGroup.safeParse(answer.value.body);
      if (!group.success) return edgeFailure("invalid", `${api.name}: not a ResourceGroup: ${z.prettifyError(group.error).slice(0, 200)}`);
      return ok(readResourceGroup(group.data, slice));
    },
  };
}
