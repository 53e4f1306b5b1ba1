// Chooses the runner: kpt where its binary runs, the embedded one of the same functions otherwise.
import { access, constants } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";
import type { KrmPort } from "../ports.ts";
import { createEmbeddedKrm } from "./embedded.ts";
import { createKptKrm, FUNCTIONS_DIR, type KptOptions } from "./kpt.ts";
import { FUNCTIONS } from "./pipeline.ts";

const PROBE_TIMEOUT_MS = 5_000; // `kpt version` takes 40 ms; a binary that needs longer is not one to wait for at every render

/** An archive or a copy may have lost the executable bits, and Node strips no types of an installed package; kpt would refuse every slice. */
async function functionsAreExecutable(dir: string): Promise<boolean> {
  if (dir.split(path.sep).includes("node_modules")) return false;
  const checks = Object.keys(FUNCTIONS).map((name) => access(path.join(dir, name), constants.X_OK));
  return (await Promise.allSettled(checks)).every(({ status }) => status === "fulfilled");
}

async function answers({ kptBin, searchPath }: KptOptions): Promise<boolean> {
  const probe = await execa(kptBin, ["version"], {
    env: { PATH: searchPath },
    extendEnv: false,
    stdin: "ignore",
    timeout: PROBE_TIMEOUT_MS,
    killDescendants: true,
    killSignal: "SIGKILL",
    reject: false,
  });
  return !probe.failed;
}

/** Never fails: without a kpt that works, the embedded runner gives the same bytes. */
export async function selectKrm(options: KptOptions): Promise<KrmPort> {
  const usable = (await functionsAreExecutable(options.functionsDir ?? FUNCTIONS_DIR)) && (await answers(options));
  if (usable) return createKptKrm(options);
  return createEmbeddedKrm(options.blueprintsDir === undefined ? {} : { blueprintsDir: options.blueprintsDir });
}
