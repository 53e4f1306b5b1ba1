// An Idempotency-Key: one per thing a person wants done, the same for every try of it.

const BYTES = 16;

/** Not crypto.randomUUID: that one exists on https and localhost only, and an operator may come over plain http. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(BYTES)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
