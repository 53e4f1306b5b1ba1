// One JSON line per record on stdout, with every secret masked in the finished line. Not a place for metrics.
import { type DestinationStream, type Level, type Logger, pino } from "pino";
import type { JobScope } from "./job-scope.ts";

export type Log = Logger;

const MASK = "***";
const MIN_SECRET_LENGTH = 4; // masking shorter ones would eat the log

// Values of these keys at any depth of the JSON line.
const SECRET_KEY = /"((?:proxy-)?authorization|cookie|credential|pass(?:word|wd)?|secret|ticket|token|api[-_]?key)":\s*"(?:[^"\\]|\\.)*"/gi;
const SCHEME = /\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{4,}/gi;
const USER_INFO = /(:\/\/)[^\s/"'@]+@/g; // user:password@ in a URL; git prints remotes this way
const QUERY_SECRET = /([?&](?:ticket|token|access_token)=)[^&\s"'\\]+/gi;

/** Knows the secrets of this process and takes them out of texts. Also for messages that leave the machine. */
export interface SecretMask {
  register(secret: string): void;
  mask(text: string): string;
}

export function createSecretMask(): SecretMask {
  const known = new Set<string>();
  return {
    register(secret) {
      if (secret.length < MIN_SECRET_LENGTH) return;
      // As it is, as JSON writes it, and as a URL writes it.
      for (const form of [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)]) known.add(form);
    },
    mask(text) {
      let out = text;
      // Longest first: a secret may begin with another.
      for (const secret of [...known].sort((a, b) => b.length - a.length)) out = out.replaceAll(secret, MASK);
      return out
        .replace(SECRET_KEY, `"$1":"${MASK}"`)
        .replace(SCHEME, `$1 ${MASK}`)
        .replace(USER_INFO, `$1${MASK}@`)
        .replace(QUERY_SECRET, `$1${MASK}`);
    },
  };
}

export interface LogOptions {
  level: Level | "silent"; // of what is written
  secrets: SecretMask;
  destination?: DestinationStream;
  scope?: Pick<JobScope, "fields">; // which job a line is about that does not say so itself
  /** Is given every finished line of level info and above, whatever `level` is. */
  tail?: (line: string) => void;
}

const TAIL_LEVEL = "info";

export function createLog({ level, secrets, destination = pino.destination(1), scope, tail }: LogOptions): Log {
  const finer = level === "trace" || level === "debug";
  const options = {
    level: tail === undefined || finer ? level : TAIL_LEVEL,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    hooks: { streamWrite: (line: string) => secrets.mask(line) },
    ...(scope === undefined ? {} : { mixin: () => scope.fields() }),
  };
  if (tail === undefined) return pino(options, destination);
  const written = level === "silent" ? [] : [{ level, stream: destination }];
  return pino(options, pino.multistream([...written, { level: TAIL_LEVEL, stream: { write: tail } }]));
}
