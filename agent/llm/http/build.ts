// Makes the adapter of an HTTP model server by its kind.
import type { Provider } from "../port.ts";
import type { HttpProviderConfig } from "./config.ts";
import { createHeadless } from "./headless.ts";
import { createLlamaFarm } from "./llamafarm.ts";
import { createOllama } from "./ollama.ts";
import { createOpenAiCompatible } from "./openai-compatible.ts";

const ADAPTERS = {
  ollama: createOllama,
  llamafarm: createLlamaFarm,
  "openai-compatible": createOpenAiCompatible,
  headless: createHeadless,
} satisfies Record<HttpProviderConfig["kind"], (config: HttpProviderConfig) => Provider>;

export function createHttpProvider(config: HttpProviderConfig): Provider {
  return ADAPTERS[config.kind](config);
}
