// An error as the page shows it: a sentence, the fields it names, and the request id to quote. Unknown errors get a fixed text.
import { ApiError } from "../api.ts";

export interface Problem {
  message: string;
  details: readonly { field: string; message: string }[];
  requestId: string | null;
}

const NOT_ACCEPTED = "This token is not accepted. Check that you copied all of it; it may also have expired or been revoked.";

export function describe(error: unknown): Problem {
  if (!(error instanceof ApiError)) return { message: "Something went wrong in this page. Reload it.", details: [], requestId: null };
  const { details = [], requestId = null, retryAfterSeconds, code } = error.failure;
  const message = code === "UNAUTHENTICATED" ? NOT_ACCEPTED : error.failure.message;
  const wait = retryAfterSeconds === undefined ? "" : ` Try again in ${retryAfterSeconds} s.`;
  const hint = code === "FORBIDDEN" ? " Your token may look, but not do this: ask for one with that scope." : "";
  return { message: `${message}${wait}${hint}`, details, requestId };
}
