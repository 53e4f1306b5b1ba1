// The approval of one intent: why it was needed, what exactly was approved, and who said what when.
import Box from "@mui/material/Box";
import { useTranslation } from "react-i18next";
import { eventData } from "../../../protocol/event.ts";
import { Copy } from "../../common/copy.tsx";
import { Fact, Facts } from "../../common/facts.tsx";
import { Instant } from "../../common/instant.tsx";
import { StateLabel } from "../../common/state-label.tsx";
import { Untrusted } from "../../common/text.tsx";
import type { Tone } from "../../state/tones.ts";
import type { Known } from "./use-intent.ts";
import { useIntentEvents } from "./use-intent-events.ts";

const TONES: Record<"approved" | "rejected" | "voided", Tone> = { approved: "done", rejected: "failed", voided: "wait" };

export function GateDetails({ known: { record, gate } }: { known: Known }) {
  const { t } = useTranslation(["pipeline", "common"]);
  const { events } = useIntentEvents(record.intentId);
  if (!gate.needed) return <Box sx={{ color: "text.secondary" }}>{t("gate.not_needed_text")}</Box>;
  const decisions = events.flatMap((event) => {
    const data = eventData(event, "approval.decided");
    return data === undefined ? [] : [{ ...data, at: event.at, seq: event.seq }];
  });
  return (
    <Facts way="stacked">
      <Fact name={t("gate.why")}>
        {record.approvalReasons.length === 0 ? t("gate.asked") : <Untrusted>{record.approvalReasons.join("; ")}</Untrusted>}
      </Fact>
      {record.digest !== null && (
        <Fact name={t("render.digest")}>
          <Copy value={record.digest} shown={`${record.digest.slice(0, 19)}…`} what={t("render.digest")} />
        </Fact>
      )}
      {decisions.map(({ decision, by, reason, at, seq }) => (
        <Fact key={seq} name={t("gate.decided")}>
          <StateLabel tone={TONES[decision]}>{t(`gate.${decision}`)}</StateLabel> <Untrusted>{by}</Untrusted>, <Instant at={at} />
          {reason !== undefined && reason !== "" && (
            <Box>
              <Untrusted>{reason}</Untrusted>
            </Box>
          )}
        </Fact>
      ))}
      {decisions.length === 0 && gate.state === "wait" && <Fact name={t("gate.decided")}>{t("gate.open")}</Fact>}
    </Facts>
  );
}
