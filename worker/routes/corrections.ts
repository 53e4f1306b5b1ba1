// What a person says that a sentence meant: about one intent, and the list of all of them.
import { createRoute, z } from "@hono/zod-openapi";
import { CorrectedFields, CorrectionAccepted, CorrectionPage, ListCorrectionsQuery } from "../../protocol/correction.ts";
import { CorrectionId, IntentId } from "../../protocol/ids.ts";
import { requireScope } from "../auth.ts";
import { answer, createRouter, failures, idempotencyOf, jsonBody } from "../router.ts";
import { listCorrections, takeBackCorrection } from "../services/correction-store.ts";
import { correctIntent } from "../services/corrections.ts";

const tags = ["corrections"];

export function correctionRoutes() {
  const correct = createRoute({
    ...{ method: "post", path: "/api/v1/intents/{id}/corrections", tags, middleware: requireScope("operate") },
    summary: "Say what a sentence meant; an intent that waits for a person is prepared again",
    request: { params: z.object({ id: IntentId }), body: jsonBody(CorrectedFields) },
    responses: { 201: answer("kept; whether it was applied", CorrectionAccepted), ...failures },
  });
  const list = createRoute({
    ...{ method: "get", path: "/api/v1/corrections", tags, middleware: requireScope("read"), summary: "Corrections, newest first" },
    request: { query: ListCorrectionsQuery },
    responses: { 200: answer("a page", CorrectionPage), ...failures },
  });
  const takeBack = createRoute({
    ...{ method: "delete", path: "/api/v1/corrections/{id}", tags, middleware: requireScope("admin") },
    summary: "Take back a mistaken correction: models are shown it no more",
    request: { params: z.object({ id: CorrectionId }) },
    responses: { 204: { description: "taken back" }, ...failures },
  });

  return createRouter()
    .openapi(correct, async (c) => {
      const about = { intentId: c.req.valid("param").id, by: c.get("principal").name, idempotency: await idempotencyOf(c) };
      return c.json(await correctIntent(c.get("deps"), { ...about, input: c.req.valid("json") }), 201);
    })
    .openapi(list, async (c) => c.json(await listCorrections(c.get("deps"), c.req.valid("query")), 200))
    .openapi(takeBack, async (c) => {
      await takeBackCorrection(c.get("deps"), { id: c.req.valid("param").id, by: c.get("principal").name });
      return c.body(null, 204);
    });
}
