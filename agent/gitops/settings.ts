// What the adapter has to be told, and the checks that keep bad names out of git's arguments. No I/O.
import * as z from "zod";
import { DnsLabel } from "../../protocol/ids.ts";

/** pino fits; nothing here is ever a secret. */
export interface GitLog {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface GitCredential {
  username: string;
  password: string;
}

export interface GitPortOptions {
  url: string;
  branch: string;
  dir: string; // the adapter's own; anything else in it may be deleted
  author: { name: string; email: string };
  credential?: () => Promise<GitCredential | undefined>;
  timeoutMs?: number; // per git command
  retries?: number; // after the first try, when the server cannot be reached
  retryBaseMs?: number;
  path?: string; // where git is found
  kustomization: (paths: string[]) => string; // paths relative to the site's folder
  log: GitLog;
}

// file paths, http(s) and ssh only; a password in the URL would end in process lists and in answers.
const RepositoryUrl = z
  .string()
  .regex(/^(\/|file:\/\/\/|https?:\/\/|ssh:\/\/|[\w.-]+@[\w.-]+:)[\w.~/@:%+-]+$/, "must be an absolute path, an http(s) or an ssh URL")
  .refine((url) => !/^https?:\/\/[^/]*@/.test(url), "must not carry a user or password; use the credential instead");

const BranchName = z
  .string()
  .max(200)
  .regex(/^[A-Za-z0-9]([A-Za-z0-9._/-]*[A-Za-z0-9])?$/)
  .refine((name) => !/\.\.|\/\/|\/\.|\.\/|\.lock(\/|$)/.test(name), "must be a plain branch name");

const Settings = z.object({
  url: RepositoryUrl,
  branch: BranchName,
  dir: z.string().startsWith("/"),
  author: z.object({ name: z.string().min(1), email: z.string().min(1) }),
  timeoutMs: z.number().int().positive().default(20_000), // per command; a push of a slice takes well under a second
  retries: z.number().int().nonnegative().default(6),
  retryBaseMs: z.number().nonnegative().default(300),
  path: z.string().default("/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/opt/homebrew/bin"),
});
export type Settings = z.infer<typeof Settings>;

/** Throws on settings that could not work: a fault of the configuration, told at start. */
export function parseSettings(options: GitPortOptions): Settings {
  return Settings.parse(options);
}

export const Names = z.object({ slice: DnsLabel, sites: z.array(DnsLabel).min(1) });

export function sliceFolder(site: string, slice: string): string {
  return `sites/${site}/slices/${slice}/`;
}

export function kustomizationPath(site: string): string {
  return `sites/${site}/kustomization.yaml`;
}
