// An error as the page shows it: a sentence, the fields it names, and the request id to quote. Unknown errors get a fixed text.
import { ApiError } from "../api.ts";

export interface Problem {
  message: string;
  details: readonly { field: string; message: string }[];
  requestId: string | null;
}

export function describe(error: unknown): Problem {
  if (!(error instanceof ApiError)) return { message: "Something went wrong in this page. Reload it.", details: [], requestId: null };
  const { message, details = [], requestId = null, retryAfterSeconds, code } = error.failure;
  const wait = retryAfterSeconds === undefined ? "" : ` Try again in ${retryAfterSeconds} s.`;
  const hint = code === "FORBIDDEN" ? " Your token may look, but not do this: ask for one with the scope operate." : "";
  return { message: `${message}${wait}${hint}`, details, requestId };
}
