// The test's database with a count of the rows that are read through it. D1 bills by them, and they grow when an index is missed.
import { env } from "cloudflare:workers";

type Read = { meta: { rows_read?: number } };

export interface Counted {
  db: D1Database;
  read(): number;
  reset(): void;
}

/** Counts whatever goes through batch, all, run and raw. raw tells no figures: a read is done twice, a write is asked as all. */
export function counted(): Counted {
  let read = 0;
  const note = <T extends Read>(result: T): T => {
    read += result.meta.rows_read ?? 0;
    return result;
  };
  const raw = async (statement: D1PreparedStatement, reads: boolean): Promise<unknown[]> => {
    const { results } = note(await statement.all<Record<string, unknown>>());
    return reads ? statement.raw() : results.map((row) => Object.values(row));
  };
  const wrap = (statement: D1PreparedStatement, reads: boolean): D1PreparedStatement =>
    new Proxy(statement, {
      get: (target, key) => {
        if (key === "bind") return (...values: unknown[]) => wrap(target.bind(...values), reads);
        if (key === "all" || key === "run") return async () => note(await target[key]());
        if (key === "raw") return () => raw(target, reads);
        if (key === "self") return target;
        const value: unknown = Reflect.get(target, key);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  const db = new Proxy(env.DB, {
    get: (target, key) => {
      if (key === "prepare") return (text: string) => wrap(target.prepare(text), /^\s*(select|with)/i.test(text));
      if (key === "batch")
        return async (statements: (D1PreparedStatement & { self?: D1PreparedStatement })[]) =>
          (await target.batch<never>(statements.map((one) => one.self ?? one))).map(note);
      const value: unknown = Reflect.get(target, key);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  return {
    db,
    read: () => read,
    reset: () => {
      read = 0;
    },
  };
}
