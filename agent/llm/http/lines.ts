// Lines and server-sent events out of chunks of bytes. A line that does not end within its limit is a failure, not a growing buffer.
import { MAX_LINE_CHARS } from "./bounds.ts";
import { failed, WebPage } from "./failure.ts";

/** Lines without their ends (LF or CRLF); the last one needs none. */
export async function* readLines(chunks: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder(); // pieces may split a character
  let rest = "";
  for await (const chunk of chunks) {
    const lines = decoder.decode(chunk, { stream: true }).split("\n");
    lines[0] = rest + (lines[0] ?? "");
    rest = lines.pop() ?? "";
    for (const line of lines) yield bounded(line, name).replace(/\r$/, "");
    bounded(rest, name);
  }
  rest += decoder.decode();
  if (rest !== "") yield bounded(rest, name).replace(/\r$/, "");
}

function bounded(line: string, name: string): string {
  if (line.length > MAX_LINE_CHARS) throw failed("invalid", `${name} sent a line of more than ${MAX_LINE_CHARS} characters`);
  return line;
}

const MAX_DATA_LINES = 10_000; // of one event: models send one

export interface ServerSentEvent {
  event: string; // "message" unless it is named
  data: string;
}

/** The WHATWG event stream format, without ids and reconnection; an event that the end of the stream cuts short still counts. */
export async function* readEvents(lines: AsyncIterable<string>, name: string): AsyncGenerator<ServerSentEvent, void, undefined> {
  let data: string[] = [];
  let size = 0;
  let event = "message";
  let begun = false;
  for await (const line of lines) {
    if (line === "") {
      if (data.length > 0) yield { event, data: data.join("\n") };
      begun ||= data.length > 0;
      data = [];
      size = 0;
      event = "message";
      continue;
    }
    if (line.startsWith("<") && !begun) throw new WebPage(name);
    const [, field = "", value = ""] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
    if (field === "event") event = value;
    if (field !== "data") continue; // comments keep the connection alive; other fields mean nothing here
    data.push(value);
    size += value.length;
    if (size > MAX_LINE_CHARS || data.length > MAX_DATA_LINES) throw failed("invalid", `${name} sent an event that is too long`);
  }
  if (data.length > 0) yield { event, data: data.join("\n") };
}
