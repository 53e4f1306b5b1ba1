// W3C Trace Context, level 1: the header that ties the spans of worker and agent into one trace per intent. It carries no data of ours.

export interface TraceContext {
  traceId: string; // 32 hex digits
  spanId: string; // 16 hex digits: the parent of whoever receives it
  sampled: boolean; // false: the caller keeps no trace, so nobody does
}

const HEADER = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const NONE = /^0+$/;

/** Null for what the standard calls invalid: it is then as if there were none. A later version may have more fields. */
export function parseTraceparent(header: string | null | undefined): TraceContext | null {
  const [, version = "", traceId = "", spanId = "", flags = "", more] = HEADER.exec(header ?? "") ?? [];
  if (version === "" || version === "ff" || (version === "00" && more !== undefined)) return null;
  if (NONE.test(traceId) || NONE.test(spanId)) return null;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

export function formatTraceparent({ traceId, spanId, sampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-${sampled ? "01" : "00"}`;
}
