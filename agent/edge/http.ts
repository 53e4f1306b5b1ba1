// One bounded HTTP call of a site's API, JSON in and out, classified failure. Not a general client: no retries, no redirects, no cookies.

import { err, ok, type Result } from "../../protocol/result.ts";
import type { SecretRef } from "../../protocol/site.ts";
import type { EdgeFailure } from "../ports.ts";
import { describeSecretRef } from "./secret.ts";

/** The most that is read of one answer: a ResourceGroup of some thousand resources stays well below. */
const MAX_RESPONSE_BYTES = 4 * 1024 * 1024;
const MAX_DETAIL = 200; // characters of a site's own error text that are passed on
const WITHHELD = " (its text is not shown for a site added through the API)"; // any address could be asked for its pages otherwise
const MIN_REDACTED = 8; // characters; a shorter token is a part of too many words

export interface EdgeApi {
  name: string; // for messages: "Config Sync of edge1"
  baseUrl: string;
  tokenRef?: SecretRef | undefined;
  timeoutMs: number; // for one call, connection and body included
  secret(ref: SecretRef): Promise<string | null | undefined>; // null: there may be one, and it must not be sent there
  added?: boolean; // the address was given through the API, not by the agent's file
  quiet?: boolean; // what the address answers is not passed on in failures
  answered?(status: number): void; // told of every answer, whatever is made of it
}

export interface EdgeRequest {
  method?: "GET" | "POST" | "DELETE";
  path: string; // begins with a slash and is appended to the API's base path
  query?: Record<string, string>;
  body?: unknown; // sent as JSON
}

export interface EdgeAnswer {
  status: number;
  body: unknown; // parsed JSON; undefined when the body is none
}

export function edgeFailure(kind: EdgeFailure["kind"], message: string): { ok: false; error: EdgeFailure } {
  return err({ kind, message });
}

function joinUrl(baseUrl: string, path: string, query: Record<string, string>): URL | null {
  if (!URL.canParse(baseUrl)) return null;
  const url = new URL(baseUrl);
  // Credentials in an address end up in logs; they belong into tokenRef.
  if (url.username !== "" || url.password !== "") return null;
  url.pathname = url.pathname.replace(/\/+$/, "") + path;
  url.search = new URLSearchParams(query).toString();
  url.hash = "";
  return url;
}

/** The token to send; null when the API wants none. */
export async function tokenOf(api: EdgeApi): Promise<Result<string | null, EdgeFailure>> {
  if (api.tokenRef === undefined) return ok(null);
  const token = await api.secret(api.tokenRef);
  if (token === null)
    return edgeFailure("refused", `${api.name}: ${describeSecretRef(api.tokenRef)} is not allowed for a site added through the API`);
  if (token === undefined) return edgeFailure("refused", `${api.name}: no token in ${describeSecretRef(api.tokenRef)}`);
  if (!/^[\x21-\x7e]+$/.test(token))
    return edgeFailure("refused", `${api.name}: the token in ${describeSecretRef(api.tokenRef)} is malformed`);
  return ok(token);
}

function initOf(request: EdgeRequest, token: string | null): RequestInit {
  const headers: Record<string, string> = { accept: "application/json, application/problem+json" };
  if (token !== null) headers.authorization = `Bearer ${token}`;
  if (request.body === undefined) return { method: request.method ?? "GET", headers, redirect: "manual" };
  headers["content-type"] = "application/json";
  return { method: request.method ?? "GET", headers, redirect: "manual", body: JSON.stringify(request.body) };
}

/** Null when the body is longer than the limit; the rest of it is not read. */
async function readBounded(response: Response): Promise<string | null> {
  if (response.body === null) return "";
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.byteLength;
    if (size > MAX_RESPONSE_BYTES) return null; // leaving the loop cancels the stream
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function cancelled(api: EdgeApi): { ok: false; error: EdgeFailure } {
  return edgeFailure("timeout", `${api.name}: the call was cancelled before it was answered`);
}

/** What the system says of a failed connection, in a word ("ECONNREFUSED"); never an address. */
function causeOf(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ("code" in at && typeof at.code === "string" && /^[A-Z][A-Z0-9_]+$/.test(at.code)) return at.code;
  }
  return "no connection";
}

/** A server may repeat what it was sent in an error text, and such texts are passed on to people. */
function withoutToken(text: string, token: string | null): string {
  return token === null || token.length < MIN_REDACTED ? text : text.replaceAll(token, "[redacted]");
}

/**
 * Any HTTP status is an answer. A call that the caller's signal ends comes back as a timeout failure too; whether it was cancelled
 * is for the caller's signal to say.
 */
export async function callJson(api: EdgeApi, request: EdgeRequest, signal: AbortSignal): Promise<Result<EdgeAnswer, EdgeFailure>> {
  const url = joinUrl(api.baseUrl, request.path, request.query ?? {});
  if (signal.aborted) return cancelled(api);
  if (url === null) return edgeFailure("invalid", `${api.name}: the address must be an http(s) URL without credentials`);
  // Not AbortSignal.any: its dependents stay reachable from a signal that lives as long as the agent.
  const call = new AbortController();
  const end = () => call.abort();
  const timer = setTimeout(end, api.timeoutMs);
  signal.addEventListener("abort", end, { once: true });
  try {
    const token = await tokenOf(api);
    if (!token.ok) return token;
    const response = await fetch(url, { ...initOf(request, token.value), signal: call.signal });
    api.answered?.(response.status);
    const text = await readBounded(response);
    if (text === null) return edgeFailure("invalid", `${api.name} answered more than ${MAX_RESPONSE_BYTES / 1024 / 1024} MiB`);
    return ok({ status: response.status, body: parseJson(withoutToken(text, token.value)) });
  } catch (error) {
    if (signal.aborted) return cancelled(api);
    if (call.signal.aborted) return edgeFailure("timeout", `${api.name} did not answer within ${api.timeoutMs} ms`);
    return edgeFailure("unreachable", `${api.name} cannot be reached (${causeOf(error)})`);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", end);
  }
}

/** The short human text of an error body: problem+json `detail`, Kubernetes Status `message`, Prometheus `error`. */
function detailOf(body: unknown): string {
  if (typeof body !== "object" || body === null) return "";
  const texts = ["detail", "message", "error", "title"].map((key) => Reflect.get(body, key));
  const text = texts.find((value) => typeof value === "string" && value !== "");
  return typeof text === "string" ? `: ${text.replace(/\s+/g, " ").slice(0, MAX_DETAIL)}` : "";
}

/** The failure for an answer that is not the one asked for. */
export function refusedBy(api: EdgeApi, answer: EdgeAnswer): { ok: false; error: EdgeFailure } {
  if (answer.status === 401 || answer.status === 403)
    return edgeFailure("refused", `${api.name} refused the credential (${answer.status})`);
  if (answer.status >= 300 && answer.status < 400)
    return edgeFailure("refused", `${api.name} answered with a redirect (${answer.status}), which is not followed`);
  return edgeFailure("refused", `${api.name} answered ${answer.status}${api.quiet === true ? WITHHELD : detailOf(answer.body)}`);
}

export function isSuccess(answer: EdgeAnswer): boolean {
  return answer.status >= 200 && answer.status < 300;
}
