// A supervisor as a process of its own, so that a test can send it signals and kill it: `run.ts <data dir> <children as JSON>`.
import { openSupervisor, stopOnSignals } from "../../../lab/supervisor.ts";
import type { ChildSpec } from "../../../lab/supervisor-child.ts";
import { createLog } from "../../../lab/supervisor-log.ts";

const [dataDir = "", children = "[]"] = process.argv.slice(2);
const specs: ChildSpec[] = JSON.parse(children);
const log = createLog({ write: (text) => process.stdout.write(text), color: false });
try {
  const supervisor = await openSupervisor(dataDir, log);
  stopOnSignals(supervisor, log);
  for (const spec of specs) supervisor.start(spec);
  log.plain("supervising\n");
  process.exitCode = await supervisor.ended;
} catch (error) {
  log.plain(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
