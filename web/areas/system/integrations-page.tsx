// Every language model of every agent as a card, and the order in which they are asked.
import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import { useTranslation } from "react-i18next";
import type { RoutingUpdate } from "../../../protocol/integration-api.ts";
import type { IntegrationView } from "../../../protocol/llm.ts";
import { server } from "../../app/server.ts";
import { ActionButton } from "../../common/action-button.tsx";
import { Empty, Loading } from "../../common/empty.tsx";
import { Instant } from "../../common/instant.tsx";
import { Page } from "../../common/page.tsx";
import { useRefusal } from "../../common/permission.ts";
import { Problem } from "../../common/problem.tsx";
import { StateLabel } from "../../common/state-label.tsx";
import { useTell } from "../../common/use-tell.ts";
import { IntegrationCard } from "./integration-card.tsx";
import { RoutingPanel } from "./routing-panel.tsx";
import { useRoutingEdit } from "./use-routing-edit.ts";
import { useRun } from "./use-run.ts";
import { useTrial } from "./use-trial.ts";

const REFRESH = { pollingInterval: 15_000 }; // figures have no event of their own

export function IntegrationsPage() {
  const { t } = useTranslation(["system", "common"]);
  const tell = useTell();
  const refusals = { operate: useRefusal("operate"), admin: useRefusal("admin") };
  const list = server.useIntegrationsQuery(undefined, REFRESH);
  const routing = server.useRoutingQuery(undefined, REFRESH);
  const [edit, onEdit] = useRoutingEdit();
  const test = useTrial();
  const [switchTo] = server.useSwitchIntegrationMutation();
  const [save] = server.useSaveRoutingMutation();
  const integrations = list.data?.integrations ?? [];
  const error = list.error ?? routing.error;
  const retry = () => {
    void list.refetch();
    void routing.refetch();
  };

  const onSwitch = async ({ id, name }: IntegrationView, connected: boolean) => {
    const answer = await switchTo({ id, connected });
    if (answer.error === undefined) tell.done(t(connected ? "integration.connect.told" : "integration.disconnect.told", { name }));
    return answer;
  };
  const onSave = async (update: RoutingUpdate) => {
    const answer = await save(update);
    if (answer.error === undefined) tell.done(t("routing.saved"));
    return answer;
  };

  const asOf = list.data !== undefined && (
    <Box data-testid="integrations-as-of" sx={{ color: "text.secondary" }}>
      <StateLabel tone={error === undefined ? "done" : "failed"}>
        {t(error === undefined ? "integrations.up_to_date" : "integrations.stale")}
      </StateLabel>{" "}
      {t("integrations.as_of")} <Instant at={list.data.timestamp} />
    </Box>
  );
  return (
    <Page
      title={t("integrations.title")}
      actions={
        <>
          {asOf}
          <Look refusal={refusals.operate} />
        </>
      }
    >
      {refusals.admin !== null && (
        <Alert severity="info" variant="outlined" data-testid="integrations-refusal">
          {refusals.operate ?? refusals.admin}
        </Alert>
      )}
      <Problem problem={error} onRetry={retry} />
      {list.data === undefined && error === undefined && <Loading rows={3} height={260} />}
      {list.data !== undefined && integrations.length === 0 && (
        <div data-testid="no-integrations">
          <Empty title={t("integrations.empty")} next={t("integrations.empty.next")} />
        </div>
      )}
      <Box
        data-testid="integrations-page"
        sx={{ display: "grid", gridTemplateColumns: { xs: "minmax(0, 1fr)", lg: "minmax(0, 1fr) 420px" }, gap: 2, alignItems: "start" }}
      >
        <Box sx={{ display: "grid", gridTemplateColumns: "repeat(auto-fill, minmax(min(100%, 350px), 1fr))", gap: 2, alignItems: "start" }}>
          {integrations.map((integration) => (
            <IntegrationCard
              key={`${integration.agent_id} ${integration.id}`}
              integration={integration}
              refusals={refusals}
              onTest={test}
              onSwitch={onSwitch}
            />
          ))}
        </Box>
        {list.data !== undefined && routing.data !== undefined && (
          <RoutingPanel
            routing={routing.data}
            known={[...new Set(integrations.map(({ id }) => id))]}
            refusal={refusals.admin}
            edit={edit}
            onEdit={onEdit}
            onSave={onSave}
          />
        )}
      </Box>
    </Page>
  );
}

/** All agents look at once at what they have. */
function Look({ refusal }: { refusal: string | null }) {
  const { t } = useTranslation("system");
  const tell = useTell();
  const [look] = server.useLookAtIntegrationsMutation();
  const { busy, run } = useRun();
  const go = async () => {
    const answer = await look();
    if (answer.error === undefined) tell.done(t("integrations.looked"));
    else tell.failed(answer.error);
    return answer;
  };
  return (
    <ActionButton refusal={refusal} busy={busy} data-testid="look" onClick={() => void run(go)} sx={{ minWidth: 100 }}>
      {busy ? t("integrations.looking") : t("integrations.look")}
    </ActionButton>
  );
}
