// The server side of a WebSocket, just enough of RFC 6455 for tests: text, close and ping frames under 64 KiB.
import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";

const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const TEXT = 1;
const CLOSE = 8;

export interface FakeSocket {
  send(text: string): void;
  close(code: number, reason: string): void;
  /** Cuts the connection without a close frame. */
  cut(): void;
  /** Reads nothing any more. */
  pause(): void;
  onText: (text: string) => void;
  onEnd: () => void;
}

export function acceptSocket(request: IncomingMessage, stream: Duplex): FakeSocket {
  const accept = createHash("sha1").update(`${request.headers["sec-websocket-key"]}${GUID}`).digest("base64");
  stream.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
  const socket: FakeSocket = {
    send: (text) => void stream.write(frame(TEXT, Buffer.from(text))),
    close(code, reason) {
      const body = Buffer.alloc(2 + Buffer.byteLength(reason));
      body.writeUInt16BE(code, 0);
      body.write(reason, 2);
      stream.end(frame(CLOSE, body));
    },
    cut: () => void stream.destroy(),
    pause: () => void stream.pause(),
    onText: () => undefined,
    onEnd: () => undefined,
  };
  let buffer = Buffer.alloc(0);
  stream.on("data", (chunk: Buffer) => {
    buffer = Buffer.concat([buffer, chunk]);
    for (let parsed = unframe(buffer); parsed !== null; parsed = unframe(buffer)) {
      buffer = buffer.subarray(parsed.length);
      if (parsed.opcode === TEXT) socket.onText(parsed.body.toString("utf8"));
      if (parsed.opcode === CLOSE) stream.end(frame(CLOSE, parsed.body));
    }
  });
  stream.on("error", () => undefined);
  stream.on("close", () => socket.onEnd());
  return socket;
}

function frame(opcode: number, body: Buffer): Buffer {
  const head =
    body.length < 126 ? Buffer.from([0x80 | opcode, body.length]) : Buffer.from([0x80 | opcode, 126, body.length >> 8, body.length & 0xff]);
  return Buffer.concat([head, body]);
}

/** One client frame (always masked) at the head of the buffer, or null while it is incomplete. */
function unframe(buffer: Buffer): { opcode: number; body: Buffer; length: number } | null {
  if (buffer.length < 2) return null;
  const short = buffer.readUInt8(1) & 0x7f;
  const offset = short === 126 ? 4 : 2;
  if (buffer.length < offset) return null;
  const size = short === 126 ? buffer.readUInt16BE(2) : short;
  const length = offset + 4 + size;
  if (buffer.length < length) return null;
  const mask = buffer.subarray(offset, offset + 4);
  const body = Buffer.from(buffer.subarray(offset + 4, length).map((byte, index) => byte ^ (mask[index % 4] ?? 0)));
  return { opcode: buffer.readUInt8(0) & 0x0f, body, length };
}
