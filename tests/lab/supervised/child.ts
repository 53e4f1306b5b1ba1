// A child to supervise: `child.ts <name> <journal> [trait…]`. It writes what happens to it into the journal, one line each.
import { spawn } from "node:child_process";
import { appendFileSync } from "node:fs";

const [name = "", journal = "", ...traits] = process.argv.slice(2);
const note = (what: string, pid: number | undefined = process.pid) => appendFileSync(journal, `${what} ${name} ${pid}\n`);
const idle = ["--eval", "setInterval(() => {}, 1000)"];

if (traits.includes("fatal")) process.send?.({ type: "fatal" });
if (traits.includes("helper")) note("helper", spawn(process.execPath, idle, { stdio: "ignore" }).pid);
if (traits.includes("escapee")) note("helper", spawn(process.execPath, idle, { stdio: "ignore", detached: true }).pid);
process.on("SIGTERM", () => {
  note("term");
  if (!traits.includes("stubborn")) process.exit(0);
});
process.on("message", (message: { text: string }) => note(`message:${message.text}`));
setInterval(() => undefined, 1_000);
note("start");
