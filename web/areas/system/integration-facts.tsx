// What is known of a backend: models, abilities, how fast, how much, at what cost. What is not known is said, never shown as 0.
import Box from "@mui/material/Box";
import { useTranslation } from "react-i18next";
import type { IntegrationView, ProviderStats } from "../../../protocol/llm.ts";
import { Fact, Facts } from "../../common/facts.tsx";
import { Instant } from "../../common/instant.tsx";
import { Untrusted } from "../../common/text.tsx";
import { duration } from "../../state/format.ts";
import { costOf, dollars, type Known, latencyRange, tokensOf } from "../../state/integrations.ts";
import { Sparkline } from "./sparkline.tsx";

const MODELS_SHOWN = 4;

export function IntegrationFacts({ integration }: { integration: IntegrationView }) {
  const { t, i18n } = useTranslation(["system", "common"]);
  const unknown = useUnknown();
  const { stats, breaker, arm, capabilities, latency_ms, last_checked } = integration;
  const latency = useLatencyWords(stats);
  return (
    <Facts way="rows">
      <Fact name={t("fact.models")}>
        <Models models={integration.models} />
      </Fact>
      <Fact name={t("fact.can")}>
        {capabilities.length === 0 ? t("fact.can.nothing") : capabilities.map((one) => t(`capability.${one}`)).join(t("common:comma"))}
      </Fact>
      <Fact name={t("fact.looked")}>
        {last_checked === null ? t("fact.looked.never") : <Instant at={last_checked} />}
        {latency_ms === null ? "" : `${t("common:comma")}${t("fact.looked.in", { time: duration(latency_ms, i18n.language) })}`}
      </Fact>
      <Fact name={t("fact.calls")}>{t("fact.calls.value", { calls: stats.calls, failures: stats.failures })}</Fact>
      <Fact name={t("fact.latency")}>
        {latency} <Sparkline values={stats.recentMs} label={t("fact.latency.line", { words: latency })} />
      </Fact>
      <Fact name={t("fact.tokens")}>{unknown(tokensOf(stats), (known) => t("fact.tokens.value", known))}</Fact>
      <Fact name={t("fact.cost")}>{unknown(costOf(stats), dollars)}</Fact>
      <Fact name={t("fact.breaker")}>
        <span data-testid="breaker" data-breaker={breaker.state}>
          {t(`breaker.${breaker.state}`)}
          {breaker.retryAt !== null && breaker.state === "open" && (
            <>
              {t("common:comma")}
              {t("breaker.retry")} <Instant at={breaker.retryAt} />
            </>
          )}
        </span>
      </Fact>
      {arm !== null && (
        <Fact name={t("fact.arm")}>
          {t("fact.arm.value", arm)}
          {arm.p50Ms === null ? "" : `${t("common:comma")}p50 ${duration(arm.p50Ms, i18n.language)}`}
        </Fact>
      )}
      <Fact name={t("fact.agent")}>
        <Untrusted>{integration.agent}</Untrusted>
      </Fact>
    </Facts>
  );
}

/** What is known in words, with what is not beside it. */
function useUnknown() {
  const { t } = useTranslation(["system", "common"]);
  return <T,>({ known, unknownCalls: count }: Known<T>, words: (known: T) => string): string => {
    if (known === null) return count === 0 ? t("fact.none_yet") : t("fact.unknown", { count });
    return count === 0 ? words(known) : `${words(known)}${t("common:comma")}${t("fact.unknown_for", { count })}`;
  };
}

function useLatencyWords(stats: ProviderStats): string {
  const { t, i18n } = useTranslation(["system", "common"]);
  const { p50Ms, p95Ms } = stats;
  const percentiles = [
    p50Ms === null ? "" : `p50 ${duration(p50Ms, i18n.language)}`,
    p95Ms === null ? "" : `p95 ${duration(p95Ms, i18n.language)}`,
  ];
  const range = latencyRange(stats);
  const between = () => {
    if (range === null) return "";
    const [low, high] = [duration(range.lowMs, i18n.language), duration(range.highMs, i18n.language)];
    return range.count === 1 ? t("fact.latency.one", { low }) : t("fact.latency.range", { count: range.count, low, high });
  };
  const words = [...percentiles, between()].filter((part) => part !== "");
  return words.length === 0 ? t("fact.latency.none") : words.join(t("common:comma"));
}

function Models({ models }: { models: readonly string[] }) {
  const { t } = useTranslation("system");
  if (models.length === 0) return t("fact.models.none");
  const first = models.slice(0, MODELS_SHOWN).join(", ");
  if (models.length <= MODELS_SHOWN) return <Untrusted>{first}</Untrusted>;
  return (
    <details>
      <Box component="summary" sx={{ cursor: "pointer" }}>
        <Untrusted>{first}</Untrusted> {t("fact.models.more", { count: models.length - MODELS_SHOWN })}
      </Box>
      <Untrusted>{models.slice(MODELS_SHOWN).join(", ")}</Untrusted>
    </details>
  );
}
