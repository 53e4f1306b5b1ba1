// How an intent ended, or how it is being taken back: why, by which commit, at which sites, and what could not be confirmed.
import Box from "@mui/material/Box";
import { useTranslation } from "react-i18next";
import { eventData } from "../../../protocol/event.ts";
import { Copy } from "../../common/copy.tsx";
import { Fact, Facts } from "../../common/facts.tsx";
import { Elapsed, Instant } from "../../common/instant.tsx";
import { StateLabel } from "../../common/state-label.tsx";
import { Untrusted } from "../../common/text.tsx";
import { shortCommit } from "../../state/format.ts";
import { isSettled } from "../../state/pipeline.ts";
import { FailureDetails, NotYet } from "./not-yet.tsx";
import { endOf, type Known } from "./use-intent.ts";
import { useIntentEvents } from "./use-intent-events.ts";

export function OutcomeDetails({ known }: { known: Known }) {
  const { t } = useTranslation(["pipeline", "common"]);
  const { record, deployment, view } = known;
  const { events } = useIntentEvents(record.intentId);
  const note = events.flatMap((event) => eventData(event, "intent.completed")?.note ?? []).at(-1) ?? "";
  const started = events.flatMap((event) => eventData(event, "rollback.initiated") ?? []).at(-1);
  const taken = events.flatMap((event) => eventData(event, "rollback.completed") ?? []).at(-1);
  const revert = deployment?.revertCommit ?? taken?.revertCommit;
  if (!isSettled(record) && started === undefined) return <NotYet />;
  return (
    <>
      <Facts way="stacked">
        <Fact name={t("outcome.title")}>
          <StateLabel tone={view.status.tone}>{t(view.status.word)}</StateLabel> <Instant at={endOf(known)} />
          {isSettled(record) && (
            <Box component="span" sx={{ color: "text.secondary" }}>
              {" "}
              ({t("outcome.after")} <Elapsed from={record.createdAt} to={endOf(known)} />)
            </Box>
          )}
        </Fact>
        {note !== "" && (
          <Fact name={t("outcome.note")}>
            <Untrusted>{note}</Untrusted>
          </Fact>
        )}
      </Facts>
      {record.failure !== null && <FailureDetails failure={record.failure} />}
      {started !== undefined && (
        <Box data-testid="rollback-evidence">
          <Facts way="stacked">
            {started.reason !== "" && (
              <Fact name={t("rollback.reason")}>
                <Untrusted>{started.reason}</Untrusted>
              </Fact>
            )}
            <Fact name={t("rollback.sites")}>{(taken?.sites ?? started.sites).join(", ")}</Fact>
            {revert !== undefined && (
              <Fact name={t("rollback.commit")}>
                <Copy value={revert} shown={shortCommit(revert)} what={t("rollback.commit")} />
              </Fact>
            )}
            {taken !== undefined && (
              <Fact name={t("rollback.confirmed")}>
                {taken.unconfirmed.length === 0 ? (
                  <StateLabel tone="done">{t("rollback.all_confirmed")}</StateLabel>
                ) : (
                  <StateLabel tone="wait">{t("rollback.unconfirmed", { sites: taken.unconfirmed.join(", ") })}</StateLabel>
                )}
              </Fact>
            )}
          </Facts>
        </Box>
      )}
    </>
  );
}
