// Questions to the person at the terminal, and a secret read without showing it. Where nobody can answer, the caller is told so.
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import type { Context } from "./command.ts";
import { usage } from "./failure.ts";

const MAX_INPUT_CHARS = 64 * 1024; // a token; whatever is longer is the wrong input

/** Only y and yes are a yes. */
export async function askYes({ stdin, out, signal }: Context, question: string): Promise<boolean> {
  if (!stdin.isTTY || out.json) throw usage("nobody can be asked here; look at it with `o2 show --diff` and give --yes");
  const lines = createInterface({ input: stdin, output: process.stderr });
  try {
    const answer = await lines.question(`${question} [y/N] `, { signal });
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    lines.close();
  }
}

/** From a prompt without echo, or from all of stdin; never from the command line, which everybody on the machine can read. */
export async function readSecret({ stdin, signal }: Context, question: string): Promise<string> {
  if (!stdin.isTTY) return (await readAll(stdin)).trim();
  const mute = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: stdin, output: mute, terminal: true });
  process.stderr.write(question);
  try {
    return (await lines.question("", { signal })).trim();
  } finally {
    lines.close();
    process.stderr.write("\n");
  }
}

async function readAll(stdin: NodeJS.ReadStream): Promise<string> {
  let text = "";
  for await (const chunk of stdin) {
    text += String(chunk);
    if (text.length > MAX_INPUT_CHARS) throw usage("stdin holds more than a token");
  }
  return text;
}
