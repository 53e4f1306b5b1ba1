// The agent's own credential on disk: a 0600 file. Whoever can read it can act as this agent.
import { mkdir, open, rename, rm } from "node:fs/promises";
import path from "node:path";
import * as z from "zod";
import { AgentId } from "../protocol/ids.ts";
import { OperatorError } from "./env.ts";

export const Credential = z.strictObject({ agentId: AgentId, credential: z.string().min(20).max(400) });
export type Credential = z.infer<typeof Credential>;

const OTHERS = 0o077; // any right of group or world

/** Throws an OperatorError when the file is missing, readable by others, or not a credential. */
export async function readCredential(file: string): Promise<Credential> {
  const handle = await open(file, "r").catch((cause: unknown) => {
    throw new OperatorError(`There is no credential at ${file}. Run "agent enroll" with a one-time token first.`, { cause });
  });
  try {
    const mode = (await handle.stat()).mode & 0o777;
    if ((mode & OTHERS) !== 0) {
      throw new OperatorError(
        `The credential ${file} can be read by others (mode ${mode.toString(8).padStart(4, "0")}). Run: chmod 600 ${file}`,
      );
    }
    return parse(await handle.readFile("utf8"), file);
  } finally {
    await handle.close();
  }
}

function parse(text: string, file: string): Credential {
  try {
    return Credential.parse(JSON.parse(text));
  } catch {
    // Without the cause: a parse error quotes the text, and the text is the secret.
    throw new OperatorError(`${file} is not a credential file. Remove it and run "agent enroll" again.`);
  }
}

/** Atomic: a reader sees the old file or the new one, and a crash leaves no half of either. */
export async function writeCredential(file: string, credential: Credential): Promise<void> {
  const dir = path.dirname(file);
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const temporary = path.join(dir, `.${path.basename(file)}.${process.pid}`);
  await rm(temporary, { force: true });
  const handle = await open(temporary, "wx", 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(credential)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
  const folder = await open(dir, "r");
  await folder.sync().finally(() => folder.close());
}
