// Why a change at these sites would need a person's approval, by the policy of the installation and the marks of the sites. None while that is unknown.
import { useMemo } from "react";
import type { PlanAction } from "../../../protocol/stage.ts";
import { server } from "../../app/server.ts";
import { useAppSelector } from "../../app/store.ts";
import { approvalsFor } from "../../state/change-preview.ts";

export function useApprovals(action: PlanAction, sites: readonly string[]): string[] {
  const { data: policy } = server.usePolicyQuery();
  const known = useAppSelector((state) => state.feed.sites);
  const at = sites.join(" ");
  return useMemo(
    () => (policy === undefined || at === "" ? [] : approvalsFor({ action, sites: at.split(" "), policy, known })),
    [action, at, policy, known],
  );
}
