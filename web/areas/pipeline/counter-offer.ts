// What would be feasible, as a sentence that can be sent: the intent as it was understood, with the strongest requirements that there is room for.
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import type { IntentRecord } from "../../../protocol/api.ts";
import { REQUIREMENT_FIELDS, type Requirements } from "../../../protocol/intent.ts";

export function useCounterSentence(record: IntentRecord, offer: Requirements): string {
  const { t } = useTranslation(["pipeline", "common"]);
  return counterSentence(t, record, offer);
}

/** What was asked for, as far as there is room; when that was not what is missing, all that is offered. */
export function counterRequirements(asked: Requirements, offer: Requirements): Requirements {
  const met: Requirements = {};
  for (const field of REQUIREMENT_FIELDS) {
    const wish = asked[field];
    const most = offer[field];
    if (wish === undefined) continue;
    met[field] = most === undefined ? wish : field === "latencyMs" ? Math.max(wish, most) : Math.min(wish, most);
  }
  const changed = REQUIREMENT_FIELDS.some((field) => met[field] !== asked[field]);
  return changed ? met : { ...asked, ...offer };
}

/** In the viewer's language: both are understood. */
export function counterSentence(t: TFunction<["pipeline", "common"]>, record: IntentRecord, offer: Requirements): string {
  const read = record.understanding?.intent;
  const wanted = counterRequirements(read?.requirements ?? {}, offer);
  const requirements = REQUIREMENT_FIELDS.flatMap((field) => {
    const value = wanted[field];
    return value === undefined ? [] : [t(`counter.${field}`, { value })];
  }).join(t("counter.and"));
  const places = record.plan?.sites ?? (record.sites.length > 0 ? record.sites : (read?.targetSites ?? []));
  const sites = places.join(t("counter.and"));
  const slice = record.plan?.slice ?? record.slice ?? read?.slice ?? "";
  const type = read?.intentType ?? record.plan?.serviceType ?? "";
  if (record.action === "scale" && slice !== "") return t("counter.scale", { slice, requirements });
  return t("counter.deploy", { type, sites, requirements });
}
