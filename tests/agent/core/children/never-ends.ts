// An agent whose only job hears no signal: only the third SIGTERM ends it.
import { createShutdown, listenToSignals } from "../../../../agent/shutdown.ts";
import { captureLog } from "../assemble.ts";
import { stubborn } from "../processes.ts";

const [, , dir = ""] = process.argv;
const job = stubborn(dir, new AbortController().signal);
const shutdown = createShutdown({
  drain: async () => {
    process.stdout.write("drain\n");
    await job;
  },
  cancel: () => process.stdout.write("cancel\n"),
  goodbye: async () => undefined,
  exit: (code) => process.exit(code),
  drainTimeoutMs: 60_000,
  cancelTimeoutMs: 60_000,
  log: captureLog([]),
});
listenToSignals(process, shutdown);
process.stdout.write("ready\n");
