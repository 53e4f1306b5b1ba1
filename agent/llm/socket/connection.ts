// Connections to a unix-socket agent: several requests at once on one, told apart by their ids. What a message means is not known here.
import { once } from "node:events";
import { createConnection, type Socket } from "node:net";
import { parseJson } from "../http/answer.ts";
import { failed } from "../http/failure.ts";
import { readLines } from "../http/lines.ts";
import { ProviderFailed } from "../port.ts";
import { Incoming } from "./messages.ts";

const MAX_WAITING = 10_000; // messages that were not read yet; each is a piece of an answer that is bounded itself

/** The answers to one request, in order. */
export interface Inbox {
  push(message: Incoming): void;
  /** Ends it: what came before is still handed out. The first reason counts. */
  fail(why: ProviderFailed): void;
  next(): Promise<Incoming>;
}

export function createInbox(name: string): Inbox {
  const waiting: Incoming[] = [];
  let reason: ProviderFailed | null = null;
  let wake = () => {};
  const fail = (why: ProviderFailed) => {
    reason ??= why;
    wake();
  };
  return {
    fail,
    push(message) {
      if (waiting.length >= MAX_WAITING) fail(failed("invalid", `${name} answers faster than it can be read`));
      else waiting.push(message);
      wake();
    },
    async next() {
      for (;;) {
        const message = waiting.shift();
        if (message !== undefined) return message;
        if (reason !== null) throw reason;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}

export interface Connection {
  /** False once it is closed, or once a request was given up on it: then it takes no further ones. */
  usable(): boolean;
  send(id: string, line: string, inbox: Inbox): void;
  /** `answered: false` closes the connection, the only way to stop the agent's work, as soon as no other request is on it. */
  release(id: string, how: { answered: boolean }): void;
  close(): void;
}

/** Throws ProviderFailed. */
export async function connect(path: string, name: string, connectMs: number): Promise<Connection> {
  const socket = createConnection({ path });
  const signal = AbortSignal.timeout(connectMs);
  try {
    await once(socket, "connect", { signal });
  } catch (error) {
    socket.destroy();
    const code = error instanceof Error && "code" in error && !signal.aborted ? String(error.code) : `not within ${connectMs} ms`;
    throw failed("unreachable", `${name} cannot be reached (${code})`, error);
  }
  return speak(socket, name);
}

function speak(socket: Socket, name: string): Connection {
  const inboxes = new Map<string, Inbox>();
  let open = true;
  let abandoned = false;
  socket.unref(); // a connection without a request on it keeps no process alive

  const close = (why: ProviderFailed) => {
    open = false;
    for (const inbox of inboxes.values()) inbox.fail(why);
    socket.destroy();
  };
  async function read(): Promise<void> {
    for await (const line of readLines(socket, name)) {
      if (line.trim() === "") continue;
      const message = Incoming.safeParse(parseJson(line));
      // One line that is not of the protocol, and none of the others can be trusted to be whole.
      if (!message.success) throw failed("invalid", `${name} sent a line that is not of its protocol`);
      inboxes.get(message.data.id)?.push(message.data); // one that nobody waits for any more is dropped
    }
    throw failed("cut", `${name} closed the connection before the end of its answer`);
  }
  read().catch((error: unknown) => {
    const why =
      error instanceof ProviderFailed ? error : failed("cut", `${name} closed the connection before the end of its answer`, error);
    close(why);
  });

  return {
    usable: () => open && !abandoned,
    send(id, line, inbox) {
      inboxes.set(id, inbox);
      socket.ref();
      if (open) socket.write(line);
      else inbox.fail(failed("cut", `${name} closed the connection`));
    },
    release(id, { answered }) {
      inboxes.delete(id);
      if (!answered) abandoned = true;
      if (inboxes.size > 0) return;
      if (abandoned) close(failed("cancelled", `${name}: the call was given up`));
      else socket.unref();
    },
    close: () => close(failed("cancelled", `${name} was closed`)),
  };
}
