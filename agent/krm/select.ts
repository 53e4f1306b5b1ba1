// Chooses the runner: kpt where its binary runs, the embedded one of the same functions otherwise.
import { execa } from "execa";
import type { KrmPort } from "../ports.ts";
import { createEmbeddedKrm } from "./embedded.ts";
import { createKptKrm, type KptOptions } from "./kpt.ts";

const PROBE_TIMEOUT_MS = 5_000; // `kpt version` takes 40 ms; a binary that needs longer is not one to wait for at every render

export async function selectKrm(options: KptOptions): Promise<KrmPort> {
  const probe = await execa(options.kptBin, ["version"], {
    env: { PATH: options.searchPath },
    extendEnv: false,
    stdin: "ignore",
    timeout: PROBE_TIMEOUT_MS,
    killDescendants: true,
    reject: false,
  });
  if (!probe.failed) return createKptKrm(options);
  return createEmbeddedKrm(options.blueprintsDir === undefined ? {} : { blueprintsDir: options.blueprintsDir });
}
