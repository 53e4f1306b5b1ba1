// The keys of the words, for the compiler: an unknown key is an error, and so is a word that Chinese lacks.
import type { words as approval } from "./en/approval.ts";
import type { words as common } from "./en/common.ts";
import type { words as deployments } from "./en/deployments.ts";
import type { words as intents } from "./en/intents.ts";
import type { words as monitoring } from "./en/monitoring.ts";
import type { words as pipeline } from "./en/pipeline.ts";
import type { words as system } from "./en/system.ts";

/** The same keys in another language. */
export type Translated<English> = Record<keyof English, string>;

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "common";
    keySeparator: false;
    resources: {
      common: typeof common;
      intents: typeof intents;
      pipeline: typeof pipeline;
      approval: typeof approval;
      deployments: typeof deployments;
      monitoring: typeof monitoring;
      system: typeof system;
    };
  }
}
