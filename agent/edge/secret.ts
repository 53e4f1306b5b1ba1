// Reads a secret on this machine by its reference. The value goes to the one call that needs it, never into a log, an error or an event.
import { constants, open } from "node:fs/promises";
import type { SecretRef } from "../../protocol/site.ts";

const MAX_SECRET_BYTES = 64 * 1024; // a token or a key; a larger file is the wrong file

async function readSecretFile(file: string): Promise<string | undefined> {
  try {
    // Not blocking: a pipe that nobody writes to would hold the call for ever.
    const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(MAX_SECRET_BYTES + 1), 0, MAX_SECRET_BYTES + 1, 0);
      return bytesRead > MAX_SECRET_BYTES ? undefined : buffer.toString("utf8", 0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch {
    return undefined; // missing or unreadable: the caller says which reference it was
  }
}

/** Undefined when there is none or it is empty. White space around it is dropped: files end in a newline. */
export async function resolveSecret(ref: SecretRef, env: Record<string, string | undefined>): Promise<string | undefined> {
  const raw = "env" in ref ? env[ref.env] : await readSecretFile(ref.file);
  const value = raw?.trim();
  return value === undefined || value === "" ? undefined : value;
}

/** How a reference is named to people. */
export function describeSecretRef(ref: SecretRef): string {
  return "env" in ref ? `environment variable ${ref.env}` : `file ${ref.file}`;
}
