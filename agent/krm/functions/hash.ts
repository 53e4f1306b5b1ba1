// A small stable hash for names and addresses. Not for secrets and not for digests.

/** FNV-1a, 32 bit, over UTF-16 code units; our inputs are ASCII. */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
