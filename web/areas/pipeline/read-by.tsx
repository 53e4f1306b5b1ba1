// Who understood the sentence: provider, model, cache, fallback, what was tried before, and what it took.
import Box from "@mui/material/Box";
import { useTranslation } from "react-i18next";
import type { Understanding } from "../../../protocol/intent.ts";
import type { Served, TokenUsage } from "../../../protocol/llm.ts";
import { Fact, Facts } from "../../common/facts.tsx";
import { Untrusted } from "../../common/text.tsx";
import { duration } from "../../state/format.ts";

export function ReadBy({ metadata }: { metadata: Understanding["metadata"] }) {
  const { t, i18n } = useTranslation(["pipeline", "common"]);
  const { provider, served, promptVersion, durationMs, cached, fallback } = metadata;
  const notes = [...(cached ? [t("readBy.cached")] : []), ...(fallback ? [t("readBy.fallback")] : [])];
  return (
    <Box data-testid="read-by" data-provider={provider} sx={{ mt: 1.5 }}>
      <Facts way="beside">
        <Fact name={t("readBy.title")}>
          <strong>
            <Untrusted>{provider}</Untrusted>
          </strong>
          {served?.model != null && (
            <>
              {" ("}
              <Untrusted>{served.model}</Untrusted>)
            </>
          )}
          {notes.length > 0 && `, ${notes.join(", ")}`}
        </Fact>
        <Fact name={t("readBy.took")}>{duration(durationMs, i18n.language)}</Fact>
        {promptVersion !== undefined && (
          <Fact name={t("readBy.prompt")}>
            <code>
              <Untrusted>{promptVersion}</Untrusted>
            </code>
          </Fact>
        )}
        {served !== undefined && <Spent served={served} />}
      </Facts>
      {served !== undefined && <Attempts served={served} />}
    </Box>
  );
}

function Spent({ served: { usage, cost, arm } }: { served: Served }) {
  const { t } = useTranslation(["pipeline", "common"]);
  const tokens = useTokens();
  return (
    <>
      <Fact name={t("readBy.tokens")}>{usage === null ? t("readBy.unknown") : tokens(usage)}</Fact>
      <Fact name={t("readBy.cost")}>
        {cost.usd === null ? t("readBy.unknown") : `US$ ${cost.usd.toFixed(4)}`}
        {cost.source === "table" && ` (${t("readBy.by_table")})`}
      </Fact>
      {arm !== null && (
        <Fact name={t("readBy.arm")}>
          <Untrusted>{arm}</Untrusted>
        </Fact>
      )}
    </>
  );
}

function useTokens(): (usage: TokenUsage) => string {
  const { t } = useTranslation(["pipeline", "common"]);
  const known = (count: number | null) => (count === null ? t("readBy.unknown") : String(count));
  return ({ promptTokens, cachedTokens, completionTokens }) => {
    const cached = cachedTokens === null || cachedTokens === 0 ? "" : ` (${t("readBy.tokens_cached", { tokens: cachedTokens })})`;
    return t("readBy.tokens_of", { prompt: `${known(promptTokens)}${cached}`, completion: known(completionTokens) });
  };
}

function Attempts({ served }: { served: Served }) {
  const { t, i18n } = useTranslation(["pipeline", "common"]);
  return (
    <Box component="ol" aria-label={t("readBy.attempts")} sx={{ m: 0, pl: 2.5, color: "text.secondary" }}>
      {served.attempts.map(({ provider, outcome, message, durationMs }, index) => (
        <li key={index} data-testid="attempt" data-outcome={outcome}>
          <Untrusted>{provider}</Untrusted>: {t(`attempt.${outcome}`)}
          {message !== "" && (
            <>
              {", "}
              <Untrusted>{message}</Untrusted>
            </>
          )}{" "}
          ({duration(durationMs, i18n.language)})
        </li>
      ))}
    </Box>
  );
}
