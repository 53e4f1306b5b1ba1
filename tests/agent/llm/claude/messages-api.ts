// A stub of the Messages API on loopback: it answers by SSE as the CLI asks for it, and can refuse, limit, stall, cut and lie. No model.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod";

const Block = z.looseObject({ type: z.string(), text: z.string().optional(), content: z.unknown().optional() });
const Content = z.union([z.string().transform((text) => [{ type: "text", text, content: null }]), z.array(Block)]);
const Body = z.looseObject({
  model: z.string(),
  stream: z.boolean().default(false), // after a 404 the CLI asks once more without
  system: z.array(z.object({ text: z.string() })).default([]),
  tools: z.array(z.looseObject({ name: z.string(), input_schema: z.unknown() })).default([]),
  messages: z.array(z.object({ role: z.string(), content: Content })),
});

/** What the CLI asked, reduced to what a test wants to know. */
export interface ApiRequest {
  model: string;
  system: string;
  tools: string[];
  text: string; // of the last *user* message: the list may end in a `system` one
  toolResult: string | null; // the CLI's complaint about the tool's input
  all: string; // every message as text: what the model would remember
  key: string | null; // the credential that came along
}

export type Reply =
  | { text: string | AsyncIterable<string>; stopReason?: string }
  | { tool: unknown }
  | { status: number; type: string; message?: string; retryAfterSeconds?: number }
  | { cut: string } // so much text, then the connection is gone
  | { body: string }; // 200, but no stream

export interface MessagesApi {
  url: string;
  requests: ApiRequest[];
  /** How many connections are waiting for an answer at this moment. */
  waiting: () => number;
  close(): Promise<void>;
}

export const USAGE = { input_tokens: 120, cache_creation_input_tokens: 0, cache_read_input_tokens: 40, output_tokens: 7 };

function textOf(content: z.infer<typeof Content>): string {
  return content.map((block) => block.text ?? "").join("");
}

function reduce(body: z.infer<typeof Body>, headers: IncomingMessage["headers"]): ApiRequest {
  const last = body.messages.findLast((message) => message.role === "user")?.content ?? [];
  const result = last.find((block) => block.type === "tool_result");
  return {
    model: body.model,
    system: body.system.map((part) => part.text).join("\n"),
    tools: body.tools.map((tool) => tool.name),
    text: textOf(last),
    toolResult: result === undefined ? null : JSON.stringify(result.content),
    all: body.messages.map((message) => textOf(message.content)).join("\n"),
    key: headers["x-api-key"]?.toString() ?? headers.authorization ?? null,
  };
}

function send(response: ServerResponse, type: string, data: object): void {
  response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
}

function begin(response: ServerResponse, model: string): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  const message = { id: "msg_1", type: "message", role: "assistant", model, content: [], stop_reason: null, usage: USAGE };
  send(response, "message_start", { message });
}

function end(response: ServerResponse, stopReason: string): void {
  send(response, "content_block_stop", { index: 0 });
  send(response, "message_delta", {
    delta: { stop_reason: stopReason, stop_sequence: null },
    usage: { output_tokens: USAGE.output_tokens },
  });
  send(response, "message_stop", {});
  response.end();
}

const TEXT_BLOCK = { type: "text", text: "" };
const TOOL_BLOCK = { type: "tool_use", id: "toolu_1", name: "StructuredOutput", input: {} };

function start(response: ServerResponse, block: object): void {
  send(response, "content_block_start", { index: 0, content_block: block });
}

function delta(response: ServerResponse, piece: object): void {
  send(response, "content_block_delta", { index: 0, delta: piece });
}

async function cutOff(response: ServerResponse, text: string): Promise<void> {
  start(response, TEXT_BLOCK);
  delta(response, { type: "text_delta", text });
  await sleep(20); // what was written has to be on its way before the connection goes
  response.destroy();
}

async function write(response: ServerResponse, reply: Reply, model: string): Promise<void> {
  if ("status" in reply) {
    const retry = reply.retryAfterSeconds === undefined ? {} : { "retry-after": String(reply.retryAfterSeconds) };
    response.writeHead(reply.status, { "content-type": "application/json", ...retry });
    response.end(JSON.stringify({ type: "error", error: { type: reply.type, message: reply.message ?? reply.type } }));
    return;
  }
  if ("body" in reply) {
    response.writeHead(200, { "content-type": "application/json" }).end(reply.body);
    return;
  }
  begin(response, model);
  if ("cut" in reply) return cutOff(response, reply.cut);
  if ("tool" in reply) {
    start(response, TOOL_BLOCK);
    delta(response, { type: "input_json_delta", partial_json: JSON.stringify(reply.tool) });
    return end(response, "tool_use");
  }
  start(response, TEXT_BLOCK);
  for await (const text of typeof reply.text === "string" ? [reply.text] : reply.text) delta(response, { type: "text_delta", text });
  end(response, reply.stopReason ?? "end_turn");
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString("utf8");
}

/** Answers every request with what `reply` says; a promise that never settles is a stall. */
export async function startMessagesApi(reply: (request: ApiRequest) => Reply | Promise<Reply>): Promise<MessagesApi> {
  const requests: ApiRequest[] = [];
  let waiting = 0;
  const server = createServer(async (request, response) => {
    if (request.method !== "POST" || !request.url?.startsWith("/v1/messages")) {
      response.writeHead(404).end();
      return;
    }
    const body = Body.parse(JSON.parse(await readBody(request)));
    const reduced = reduce(body, request.headers);
    requests.push(reduced);
    waiting += 1;
    response.on("close", () => {
      waiting -= 1;
    });
    response.on("error", () => {}); // the client hung up while we wrote: its right
    await write(response, await reply(reduced), reduced.model);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port }: AddressInfo = addressOf(server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    waiting: () => waiting,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function addressOf(address: AddressInfo | string | null): AddressInfo {
  if (address === null || typeof address === "string") throw new Error("the server does not listen on a port");
  return address;
}

/** A stall: the connection stays open and nothing comes. */
export const NEVER = new Promise<never>(() => {});
