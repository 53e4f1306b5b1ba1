// The OpenAPI document against the app's own table of routes, and what a path says to a method it does not have.
import { expect, test } from "vitest";
import { createApp } from "../../worker/app.ts";
import { call, createWorld, refusal } from "./harness.ts";
import { routes } from "./routes.ts";

const ABOUT_ITSELF = ["GET /docs", "GET /openapi.json"];

test("every route that is registered is in the OpenAPI document, and nothing else is", async () => {
  const served = createApp().routes.filter((route) => route.method !== "ALL");
  const registered = new Set(served.map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)(\{[^}]*\})?/g, "{$1}")}`));
  const documented = (await routes()).map(({ method, template }) => `${method} ${template}`);
  expect([...registered].sort()).toEqual([...documented, ...ABOUT_ITSELF].sort());
});

test("a method that a path does not have is answered 405, and Allow names those it has", async () => {
  const world = await createWorld();
  const wrong = async (method: string, path: string, token: string | undefined = world.admin) => {
    const answer = await call(method, path, { ...(token === undefined ? {} : { token }) });
    return [refusal(answer), answer.headers.get("allow")];
  };
  const no = { status: 405, code: "METHOD_NOT_ALLOWED" };
  expect(await wrong("DELETE", "/api/v1/intents")).toEqual([no, "GET, HEAD, POST"]);
  expect(await wrong("PUT", "/api/v1/intents/int_01k00000000000000000000000")).toEqual([no, "GET, HEAD"]);
  expect(await wrong("GET", "/api/v1/intents/int_01k00000000000000000000000/cancel")).toEqual([no, "POST"]);
  expect(await wrong("GET", "/agent/v1/claim", world.agent.credential)).toEqual([no, "POST"]);
  expect(await wrong("POST", "/health", "")).toEqual([no, "GET, HEAD"]);
  expect(await wrong("POST", "/metrics")).toEqual([no, "GET, HEAD"]);
  expect(await wrong("POST", "/openapi.json", "")).toEqual([no, "GET, HEAD"]);
});

test("a path that does not exist is a 404 for every method, and neither is told without a token", async () => {
  const world = await createWorld();
  for (const method of ["GET", "POST", "PUT", "DELETE", "PATCH"]) {
    const answer = await call(method, "/api/v1/nothing", { token: world.admin });
    expect([refusal(answer), answer.headers.get("allow")]).toEqual([{ status: 404, code: "NOT_FOUND" }, null]);
    expect(refusal(await call(method, "/api/v1/nothing"))).toEqual({ status: 401, code: "UNAUTHENTICATED" });
    expect(refusal(await call("DELETE", "/api/v1/intents"))).toEqual({ status: 401, code: "UNAUTHENTICATED" });
  }
});
