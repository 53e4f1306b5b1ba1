// What was rendered: by which runner, what was validated and passed, the digest, and every file that changes.
import Box from "@mui/material/Box";
import { useTranslation } from "react-i18next";
import { eventData } from "../../../protocol/event.ts";
import { paths } from "../../app/paths.ts";
import { Copy } from "../../common/copy.tsx";
import { Fact, Facts } from "../../common/facts.tsx";
import { AppLink } from "../../common/link.tsx";
import { StateLabel } from "../../common/state-label.tsx";
import { Untrusted } from "../../common/text.tsx";
import { FailureDetails, NotYet } from "./not-yet.tsx";
import type { Known } from "./use-intent.ts";
import { useIntentEvents } from "./use-intent-events.ts";

const SIGN = { added: "+", modified: "~", removed: "−" } as const;

export function RenderDetails({ known: { record } }: { known: Known }) {
  const { t } = useTranslation(["pipeline", "common"]);
  const { events } = useIntentEvents(record.intentId);
  const rendered = events.flatMap((event) => eventData(event, "krm.generated") ?? []).at(-1);
  const failure = record.failure?.stage === "render" && record.failure.reason !== "not_approved" ? record.failure : null;
  const digest = record.digest ?? rendered?.digest ?? null;
  const files = rendered?.diff ?? record.diff ?? [];
  if (failure !== null) return <FailureDetails failure={failure} />;
  if (digest === null) return <NotYet />;
  return (
    <>
      <Facts way="stacked">
        <Fact name={t("render.validation")}>
          <StateLabel tone="done">{t("render.valid")}</StateLabel>
          {rendered !== undefined && <Box sx={{ color: "text.secondary" }}>{t("render.by", { runner: rendered.runner })}</Box>}
        </Fact>
        <Fact name={t("render.digest")}>
          <Copy value={digest} shown={`${digest.slice(0, 19)}…`} what={t("render.digest")} />
        </Fact>
      </Facts>
      <Box sx={{ fontWeight: 600 }}>{t("render.files", { count: files.length })}</Box>
      <Box
        component="ul"
        sx={{ m: 0, p: 0, listStyle: "none", maxHeight: 320, overflowY: "auto" }}
        tabIndex={0}
        aria-label={t("render.file_list")}
      >
        {files.map(({ path, change }) => (
          <li key={path} data-testid="rendered-file" data-change={change}>
            <code aria-hidden>{SIGN[change]} </code>
            <span className="visually-hidden">{t(`change.${change}`)} </span>
            <code>
              <Untrusted>{path}</Untrusted>
            </code>
          </li>
        ))}
      </Box>
      <Box sx={{ mt: 1 }}>
        <AppLink href={paths.intent(record.intentId, "diff")}>{t("render.open_diff")}</AppLink>
      </Box>
    </>
  );
}
