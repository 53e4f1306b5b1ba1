// Where the control centre is and whose token is used: O2_URL and O2_TOKEN, else what `o2 login` stored. Owner-only on disk.
import { mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import * as z from "zod";
import { usage } from "./failure.ts";

const Stored = z.strictObject({ url: z.string(), token: z.string().min(1) });
type Stored = z.infer<typeof Stored>;

const OTHERS = 0o077; // any right of group or world

export interface Environment {
  O2_URL?: string | undefined;
  O2_TOKEN?: string | undefined;
  XDG_CONFIG_HOME?: string | undefined;
  HOME?: string | undefined;
  NO_COLOR?: string | undefined;
}

export interface Connection {
  url: URL;
  token: string;
}

export function settingsFile(env: Environment): string {
  const base = env.XDG_CONFIG_HOME?.startsWith("/") ? env.XDG_CONFIG_HOME : path.join(env.HOME ?? homedir(), ".config");
  return path.join(base, "o2", "config.json");
}

/** The variables win over the file, each by itself; a token that was stored for another address is not sent there. */
export async function readConnection(env: Environment): Promise<Connection> {
  const file = settingsFile(env);
  const stored = await readStored(file);
  const written = env.O2_URL?.trim() || stored?.url;
  if (written === undefined) throw usage("nobody is signed in: run `o2 login URL`, or set O2_URL and O2_TOKEN");
  const url = parseUrl(written);
  const own = stored !== null && parseUrl(stored.url).href === url.href ? stored.token : undefined;
  const token = env.O2_TOKEN?.trim() || own;
  if (token === undefined) throw usage(`there is no token for ${url.origin}: run \`o2 login ${url.origin}\`, or set O2_TOKEN`);
  if (!/^[\x21-\x7e]+$/.test(token)) throw usage("the token has characters that no token has");
  return { url, token };
}

async function readStored(file: string): Promise<Stored | null> {
  const mode = await stat(file).then(
    (info) => info.mode & 0o777,
    () => null,
  );
  if (mode === null) return null;
  if ((mode & OTHERS) !== 0) throw usage(`${file} can be read by others; run: chmod 600 ${file}`);
  const text = await readFile(file, "utf8");
  try {
    return Stored.parse(JSON.parse(text));
  } catch {
    // Without the cause: a parse error quotes the text, and the text is the secret.
    throw usage(`${file} is damaged; run \`o2 login\` again`);
  }
}

/** Ends in a slash, so that paths are appended to it. */
export function parseUrl(text: string): URL {
  const full = text.includes("://") ? text : `https://${text}`;
  const url = URL.canParse(full) ? new URL(full) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) throw usage(`"${text.slice(0, 200)}" is not an http(s) address`);
  if (url.username !== "" || url.password !== "") throw usage("the address must not carry a password; the token is asked for");
  url.search = "";
  url.hash = "";
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/`;
  return url;
}

/** Atomic and 0600 from its first byte. */
export async function storeConnection(env: Environment, { url, token }: Connection): Promise<string> {
  const file = settingsFile(env);
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const temporary = `${file}.${process.pid}`;
  await rm(temporary, { force: true });
  const handle = await open(temporary, "wx", 0o600);
  try {
    await handle.writeFile(`${JSON.stringify({ url: url.href, token } satisfies Stored)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
  return file;
}
