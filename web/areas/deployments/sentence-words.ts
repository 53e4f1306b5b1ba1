// The words of the sentences that dialogs write into the intent box, in the viewer's language.
import type { TFunction } from "i18next";
import type { SentenceWords } from "../../state/scale-draft.ts";

export function sentenceWords(t: TFunction<"deployments">): SentenceWords {
  return {
    comma: t("sentence.comma"),
    at: (sites) => t("sentence.at", { sites }),
    requirement: (field, value) => t(`sentence.${field}`, { value }),
    scale: (parts) => t("sentence.scale", parts),
  };
}
