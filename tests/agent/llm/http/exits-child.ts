// A process that asks each kind of backend and then does nothing more, without closing one: it has to end by itself. Started by a test.
import { createSocketProvider } from "../../../../agent/llm/socket/provider.ts";
import { HTTP_KINDS, httpProvider, outcomeOf, SOCKET, UNENDING } from "./support.ts";

const [socketPath = "", ...urls] = process.argv.slice(2);
const providers = [
  ...HTTP_KINDS.map((kind, at) => httpProvider(kind, urls[at] ?? "", { model: "fake-model" })),
  createSocketProvider({ ...SOCKET, path: socketPath }),
];
for (const provider of providers) {
  await provider.probe(UNENDING);
  await outcomeOf(provider, {}, AbortSignal.timeout(200)); // the HTTP fakes hang: this one is cancelled
  await outcomeOf(provider);
}
process.stdout.write("asked all\n");
