// What an HTTP backend is configured with. Where it comes from (YAML, discovery) is not known here.
import type { Prices } from "./answer.ts";
import type { Bounds } from "./bounds.ts";

export interface HttpProviderConfig {
  kind: "ollama" | "llamafarm" | "openai-compatible" | "headless";
  id: string;
  name?: string | undefined; // shown to people; absent: the id
  url: string; // http(s), without credentials; of an OpenAI-compatible one with its path ("https://host/v1"), /v1 when it has none
  configured: boolean; // false: found at a well-known address
  model?: string | undefined; // for chat and ask; absent: the first of its list that is no embedding model
  embedModel?: string | undefined; // absent: the first of its list that is one
  namespace?: string | undefined; // of LlamaFarm
  project?: string | undefined; // of LlamaFarm
  secret?: (() => Promise<string | undefined>) | undefined; // sent as a bearer token, asked for at each call
  prices?: Prices | undefined;
  bounds?: Partial<Bounds> | undefined;
}

/** As it may be shown: without credentials, query and fragment. */
export function shownAddress(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`.replace(/\/$/, "");
}
