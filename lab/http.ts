// Small HTTP helpers of the lab: JSON answers, bounded bodies, the project's error body.
import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

export interface Answer {
  status: number;
  body: unknown;
  type?: string; // content type; JSON by default
  headers?: Record<string, string>;
}

const JSON_TYPE = "application/json; charset=utf-8";

export function send(res: ServerResponse, answer: Answer): void {
  const text = typeof answer.body === "string" ? answer.body : `${JSON.stringify(answer.body)}\n`;
  res.writeHead(answer.status, {
    "content-type": answer.type ?? JSON_TYPE,
    "content-length": Buffer.byteLength(text),
    "cache-control": "no-store",
    ...answer.headers,
  });
  res.end(text);
}

export interface FieldFault {
  field: string;
  message: string;
}

export function errorAnswer(status: number, error: { code: string; message: string; details?: FieldFault[] }): Answer {
  return { status, body: { error: { ...error, requestId: randomUUID() } } };
}

/** The body as text, or null when it is longer than `limit` bytes. */
export async function readBody(req: IncomingMessage, limit: number): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.length;
    if (size > limit) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
