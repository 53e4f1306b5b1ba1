// Vectors as the protocol carries them: base64 of 32-bit floats, little-endian. The reading side is the worker's.
const FLOAT_BYTES = 4;

/** Null when a number is none, or too large for 32 bits. */
export function encodeVector(vector: readonly number[]): string | null {
  if (!vector.every((value) => Number.isFinite(Math.fround(value)))) return null;
  const bytes = Buffer.alloc(vector.length * FLOAT_BYTES);
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, index * FLOAT_BYTES);
  return bytes.toString("base64");
}
