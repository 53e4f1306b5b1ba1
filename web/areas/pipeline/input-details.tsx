// What came in: the sentence or the command in data, by whom, and the facts that were attached to it.
import Box from "@mui/material/Box";
import { useTranslation } from "react-i18next";
import type { IntentRecord } from "../../../protocol/api.ts";
import { Copy } from "../../common/copy.tsx";
import { Fact, Facts } from "../../common/facts.tsx";
import { Instant } from "../../common/instant.tsx";
import { Untrusted } from "../../common/text.tsx";

export function InputDetails({ record }: { record: IntentRecord }) {
  const { t } = useTranslation(["pipeline", "common"]);
  return (
    <Facts way="stacked">
      <Fact name={record.command === null ? t("input.sentence") : t("input.command")}>
        <Box sx={{ whiteSpace: "pre-wrap" }}>
          <Untrusted>{record.text}</Untrusted>
        </Box>
      </Fact>
      <Fact name={t("input.by")}>
        <Untrusted>{record.createdBy}</Untrusted>, <Instant at={record.createdAt} />
      </Fact>
      <Fact name={t("head.id")}>
        <Copy value={record.intentId} what={t("head.id_what")} />
      </Fact>
      {Object.entries(record.context).map(([name, value]) => (
        <Fact key={name} name={name}>
          <Untrusted>{value}</Untrusted>
        </Fact>
      ))}
      {record.traceparent !== null && (
        <Fact name={t("input.trace")}>
          <Copy value={record.traceparent} what={t("input.trace")} />
        </Fact>
      )}
    </Facts>
  );
}
