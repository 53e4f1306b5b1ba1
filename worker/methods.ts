// Which methods a path is served by, out of the app's own table of routes: what makes a wrong method a 405 instead of a 404.
import { TrieRouter } from "hono/router/trie-router";
import type { RouterRoute } from "hono/types";

const ANY_METHOD = "ALL"; // how middleware is registered; no route is

/** Path → its methods, sorted; none when the path does not exist. */
export function methodTable(routes: readonly RouterRoute[]): (path: string) => string[] {
  const router = new TrieRouter<string>();
  const methods = [...new Set(routes.map((route) => route.method))].filter((method) => method !== ANY_METHOD);
  for (const { method, path } of routes) if (method !== ANY_METHOD) router.add(method, path, method);
  return (path) => {
    const served = methods.filter((method) => router.match(method, path)[0].length > 0);
    return (served.includes("GET") ? [...served, "HEAD"] : served).sort(); // hono answers HEAD by GET
  };
}
