// Reads the head of a CGI answer (RFC 3875 section 6): header lines, a blank line, then the body.
import type { Readable } from "node:stream";

export interface CgiHead {
  status: number;
  headers: Record<string, string>;
  rest: Buffer; // the first bytes of the body, read together with the head
}

const MAX_HEAD_BYTES = 16 * 1024;

function parse(head: string, rest: Buffer): CgiHead {
  const parsed: CgiHead = { status: 200, headers: {}, rest };
  for (const line of head.split(/\r?\n/)) {
    const colon = line.indexOf(":");
    if (colon < 1) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (name === "status") parsed.status = Number.parseInt(value, 10) || 500;
    else parsed.headers[name] = value;
  }
  return parsed;
}

/** Null when the stream ends before the head does. Leaves the stream paused; what follows is the caller's to pipe. */
export function readCgiHead(stream: Readable): Promise<CgiHead | null> {
  return new Promise((resolve) => {
    let seen = Buffer.alloc(0);
    const finish = (head: CgiHead | null) => {
      stream.off("data", onData).off("end", onEnd).off("error", onEnd);
      stream.pause();
      resolve(head);
    };
    const onEnd = () => finish(null);
    const onData = (chunk: Buffer) => {
      seen = Buffer.concat([seen, chunk]);
      const break_ = /\r?\n\r?\n/.exec(seen.subarray(0, MAX_HEAD_BYTES).toString("latin1"));
      if (break_ !== null) {
        finish(parse(seen.subarray(0, break_.index).toString("latin1"), seen.subarray(break_.index + break_[0].length)));
      } else if (seen.length >= MAX_HEAD_BYTES) finish(null);
    };
    stream.on("data", onData).on("end", onEnd).on("error", onEnd);
  });
}
