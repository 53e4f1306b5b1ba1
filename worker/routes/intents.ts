// /api/v1/intents: create, list, read, and what a person may say about one.
import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import {
  AnswerRequest,
  ApproveRequest,
  CreateIntentRequest,
  DecideRequest,
  EventPage,
  EventsQuery,
  IntentAccepted,
  IntentPage,
  IntentRecord,
  IntentStatusView,
  ListIntentsQuery,
  RejectRequest,
} from "../../protocol/api.ts";
import { IntentId } from "../../protocol/ids.ts";
import { requireScope } from "../auth.ts";
import type { AppEnv } from "../env.ts";
import { answer, createRouter, failures, idempotencyOf, jsonBody } from "../router.ts";
import { cancelIntent } from "../services/cancel.ts";
import { readFeed } from "../services/feed.ts";
import { findIntent } from "../services/find.ts";
import { amend } from "../services/idempotency.ts";
import { answerIntent, approveIntent, decideIntent, rejectIntent } from "../services/intent-commands.ts";
import { listIntents, readIntent, readIntentStatus } from "../services/intents.ts";
import { createIntent } from "../services/new-intent.ts";
import { preferredWait, waitUntilParsed } from "../services/wait.ts";

const path = "/api/v1/intents";
const params = z.object({ id: IntentId });
const tags = ["intents"];
const read = requireScope("read");
const operate = requireScope("operate");
const accepted = { 202: answer("accepted", IntentAccepted), ...failures };

export function intentRoutes() {
  const create = createRoute({
    ...{ method: "post", path, tags, middleware: operate, summary: "Say what the network should do" },
    request: { body: jsonBody(CreateIntentRequest) },
    responses: { 200: answer("parsed while the caller waited (Prefer: wait=N)", IntentAccepted), ...accepted },
  });
  const list = createRoute({
    ...{ method: "get", path, tags, middleware: read, summary: "Intents, newest first" },
    request: { query: ListIntentsQuery },
    responses: { 200: answer("a page", IntentPage), ...failures },
  });
  const one = createRoute({
    ...{ method: "get", path: `${path}/{id}`, tags, middleware: read, summary: "The full record of an intent" },
    request: { params },
    responses: { 200: answer("the intent", IntentRecord), ...failures },
  });
  const status = createRoute({
    ...{ method: "get", path: `${path}/{id}/status`, tags, middleware: read, summary: "Where an intent stands" },
    request: { params },
    responses: { 200: answer("the status", IntentStatusView), ...failures },
  });
  const feed = createRoute({
    ...{ method: "get", path: `${path}/{id}/events`, tags, middleware: read, summary: "The events of an intent, in order" },
    request: { params, query: EventsQuery },
    responses: { 200: answer("events after the given seq", EventPage), ...failures },
  });

  return createRouter()
    .openapi(create, async (c) => {
      const wait = preferredWait(c.req.header("prefer"));
      const idempotency = await idempotencyOf(c);
      const first = await createIntent(c.get("deps"), { name: c.get("principal").name, idempotency }, c.req.valid("json"));
      c.header("Location", `${path}/${first.body.intentId}`);
      if (wait === null || first.status === 200) return c.json(first.body, first.status === 200 ? 200 : 202);
      c.header("Preference-Applied", `wait=${wait}`);
      const parsed = await waitUntilParsed(c.get("deps"), first.body.intentId, wait);
      if (parsed === null) return c.json(first.body, 202);
      await amend(c.get("deps"), idempotency, { status: 200, body: parsed });
      return c.json(parsed, 200);
    })
    .openapi(list, async (c) => c.json(await listIntents(c.get("deps"), c.req.valid("query")), 200))
    .openapi(one, async (c) => c.json(await readIntent(c.get("deps"), c.req.valid("param").id), 200))
    .openapi(status, async (c) => c.json(await readIntentStatus(c.get("deps"), c.req.valid("param").id), 200))
    .openapi(feed, async (c) => {
      const { id } = c.req.valid("param");
      await findIntent(c.get("deps"), id);
      return c.json(await readFeed(c.get("deps"), c.req.valid("query"), id), 200);
    })
    .openapi(command("answer", "Answer the questions of an intent", AnswerRequest), async (c) =>
      c.json(await answerIntent(c.get("deps"), { ...(await who(c)), input: c.req.valid("json") }), 202),
    )
    .openapi(command("approve", "Approve exactly the package with this digest", ApproveRequest), async (c) =>
      c.json(await approveIntent(c.get("deps"), { ...(await who(c)), input: c.req.valid("json") }), 202),
    )
    .openapi(command("reject", "Refuse the package that waits for approval", RejectRequest), async (c) =>
      c.json(await rejectIntent(c.get("deps"), { ...(await who(c)), input: c.req.valid("json") }), 202),
    )
    .openapi(command("decide", "Accept or take back what could not be judged", DecideRequest), async (c) =>
      c.json(await decideIntent(c.get("deps"), { ...(await who(c)), input: c.req.valid("json") }), 202),
    )
    .openapi(
      createRoute({
        ...{ method: "post", path: `${path}/{id}/cancel`, tags, middleware: operate, summary: "Stop an intent; what it did is listed" },
        request: { params },
        responses: accepted,
      }),
      async (c) => c.json(await cancelIntent(c.get("deps"), await who(c)), 202),
    );
}

function command<T extends z.ZodType>(name: string, summary: string, schema: T) {
  return createRoute({
    ...{ method: "post" as const, path: `${path}/{id}/${name}` as const, tags, middleware: operate, summary },
    request: { params, body: jsonBody(schema) },
    responses: accepted,
  });
}

async function who(c: Context<AppEnv>) {
  return { intentId: IntentId.parse(c.req.param("id")), by: c.get("principal").name, idempotency: await idempotencyOf(c) };
}
