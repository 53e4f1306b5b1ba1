// Appends facts and prints the id of each one that is durable, until it is killed.
import { openOutbox } from "../../../../agent/outbox.ts";
import { Lease } from "../../../../protocol/job.ts";
import { started } from "../assemble.ts";

const [, , dir = "", lease = ""] = process.argv;
const outbox = await openOutbox({ dir });
for (;;) {
  const one = started();
  await outbox.append(Lease.parse(JSON.parse(lease)), one);
  process.stdout.write(`${one.id}\n`);
}
