// How a call of the API becomes an answer as RTK Query wants it. It knows no call of its own: queries.ts and server.ts do.
import type { Api } from "../api.ts";
import { type Failure, failureOf } from "../state/problem.ts";
import type { Extra } from "./store.ts";

export interface Context {
  extra: unknown;
}

export type Answer<T> = { data: T } | { error: Failure };

/** One call of the API as RTK Query wants it: an answer or a plain failure, never an exception. */
export async function ask<T>({ extra }: Context, call: (api: Api) => Promise<T>): Promise<Answer<T>> {
  try {
    return { data: await call((extra as Extra).api) }; // the store is made with an Extra, see createAppStore
  } catch (error) {
    return { error: failureOf(error) };
  }
}
