// The order to take a deployment back: at once, or as an intent that a person approves first. The outcome is told with the way to it.
import { useTranslation } from "react-i18next";
import type { Deployment } from "../../../protocol/deployment.ts";
import { paths } from "../../app/paths.ts";
import { server } from "../../app/server.ts";
import { useTell } from "../../common/use-tell.ts";
import { useKeys } from "./use-keys.ts";

export interface RollbackOrder {
  deployment: Deployment;
  site: string | null; // null: wherever it is in force
  asks: boolean; // it needs an approval
  onDone(): void;
}

export function useRollback({ deployment, site, asks, onDone }: RollbackOrder) {
  const { t } = useTranslation("deployments");
  const tell = useTell();
  const keyFor = useKeys();
  const [rollback, direct] = server.useRollbackMutation();
  const [rollbackSlice, asked] = server.useRollbackSliceMutation();
  const { deploymentId: id, slice } = deployment;

  async function order(): Promise<void> {
    const key = keyFor(`${asks} ${site ?? ""}`);
    if (asks) {
      const { data } = await rollbackSlice({ name: slice, body: site === null ? {} : { sites: [site] }, key });
      if (data === undefined) return;
      tell.done(t("rollback.asked", { slice }), paths.intent(data.intentId));
    } else {
      const { data } = await rollback({ id, site, key });
      if (data === undefined) return;
      tell.done(t("rollback.done", { slice }), paths.deployment(id));
    }
    onDone();
  }

  const last = asks ? asked : direct;
  return { order: () => void order(), error: last.error, isLoading: direct.isLoading || asked.isLoading };
}
