// A failed call as plain data, as stores keep it and pages show it. Its words are chosen where it is shown, in the viewer's language.
import { ApiError, type ApiErrorCode } from "../api.ts";

/** OWN: not a failed call but a fault of this page. */
export interface Failure {
  code: ApiErrorCode | "OWN";
  message: string; // the server's own words; English
  details: readonly { field: string; message: string }[];
  requestId: string | null;
  retryAfterSeconds: number | null;
}

export function failureOf(error: unknown): Failure {
  if (!(error instanceof ApiError)) return { code: "OWN", message: "", details: [], requestId: null, retryAfterSeconds: null };
  const { code, message, details = [], requestId = null, retryAfterSeconds = null } = error.failure;
  return { code, message, details, requestId, retryAfterSeconds };
}

/** What a mutation or a query left behind: our Failure, or something that RTK Query itself met. */
export function asFailure(error: unknown): Failure | null {
  if (error === undefined || error === null) return null;
  return isFailure(error) ? error : failureOf(error);
}

/** Made by `failureOf` and kept since, as no other error is: RTK Query's own have no such fields. */
function isFailure(error: unknown): error is Failure {
  return typeof error === "object" && error !== null && "code" in error && "details" in error && "requestId" in error;
}
