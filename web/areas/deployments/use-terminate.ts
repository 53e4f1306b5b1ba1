// The two orders of a removal: the dry run that plans it, and the real one for the same sites. Each choice of sites has keys of its own.
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { paths } from "../../app/paths.ts";
import { server } from "../../app/server.ts";
import { useTell } from "../../common/use-tell.ts";
import { type PlannedRemoval, plannedFor } from "../../state/change-preview.ts";
import { useDryRun } from "./use-dry-run.ts";
import { useKeys } from "./use-keys.ts";

export interface Termination {
  slice: string;
  sites: readonly string[];
  onDone(): void;
}

export function useTerminate({ slice, sites, onDone }: Termination) {
  const { t } = useTranslation("deployments");
  const tell = useTell();
  const keyFor = useKeys();
  const [terminate, real] = server.useTerminateMutation();
  const [plan, dry] = server.useTerminateMutation();
  const [asked, setAsked] = useState<PlannedRemoval | null>(null);
  const intentId = plannedFor(asked, sites); // a late answer about other sites is no preview of this order
  const [attempt, setAttempt] = useState(0); // a dry run that came to nothing is made anew, not answered from memory
  const { run, isLate } = useDryRun(intentId);

  async function preview(): Promise<void> {
    const body = { sites: [...sites], dryRun: true };
    const { data } = await plan({ name: slice, body, key: keyFor(`dry ${attempt} ${sites.join(" ")}`) });
    if (data === undefined) return;
    setAttempt(attempt + 1);
    setAsked({ intentId: data.intentId, sites });
  }

  async function order(): Promise<void> {
    const { data } = await terminate({ name: slice, body: { sites: [...sites] }, key: keyFor(sites.join(" ")) });
    if (data === undefined) return;
    tell.done(t("terminate.done", { slice }), paths.intent(data.intentId));
    onDone();
  }

  return {
    preview: () => void preview(),
    order: () => void order(),
    planned: intentId === null || run === null ? null : { intentId, run, isLate },
    error: real.error ?? dry.error,
    isAsking: dry.isLoading,
    isOrdering: real.isLoading,
  };
}
