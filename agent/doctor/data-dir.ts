// The agent's folder: can it be written to, and is there room. Creates nothing that was not there.
import { access, constants, mkdtemp, rm, statfs } from "node:fs/promises";
import path from "node:path";
import { type Check, type Finding, fail, ok, warn } from "./check.ts";

const MIB = 1024 * 1024;
const ROOM_FAIL_BYTES = 100 * MIB; // the outbox and a fetch of the repository no longer fit for sure
const ROOM_WARN_BYTES = 1024 * MIB;

export function dataDirCheck(dir: string): Check {
  return { what: "data directory", run: async () => [await look(path.resolve(dir))] };
}

async function look(dir: string): Promise<Finding> {
  const what = "data directory";
  const there = await nearest(dir);
  const free = await statfs(there).then(({ bavail, bsize }) => bavail * bsize);
  const room = `${(free / MIB / 1024).toFixed(1)} GiB free`;
  try {
    await tryToWrite(there, there === dir);
  } catch (error) {
    const why = error instanceof Error && "code" in error ? String(error.code) : "refused";
    return fail(what, `${there} cannot be written to (${why})`, "give it to the agent's user, or set AGENT_DATA_DIR");
  }
  const fix = "make room, or put AGENT_DATA_DIR on another disk";
  if (free < ROOM_FAIL_BYTES) return fail(what, `${dir}: ${room}`, fix);
  if (free < ROOM_WARN_BYTES) return warn(what, `${dir}: ${room}`, fix);
  return ok(what, `${dir}${there === dir ? "" : " (will be made)"}, ${room}`);
}

/** The right bits lie on read-only and full disks: in a folder of our own a file is really made. */
async function tryToWrite(dir: string, ours: boolean): Promise<void> {
  if (!ours) return access(dir, constants.W_OK | constants.X_OK);
  const probe = await mkdtemp(path.join(dir, ".doctor-"));
  await rm(probe, { recursive: true, force: true });
}

async function nearest(dir: string): Promise<string> {
  for (let at = dir; ; at = path.dirname(at)) {
    const exists = await access(at).then(
      () => true,
      () => false,
    );
    if (exists || at === path.dirname(at)) return at;
  }
}
