// The agent's YAML file: which repository, which sites. Secrets stand in it by reference only.
import { readFile } from "node:fs/promises";
import { LineCounter, parseDocument } from "yaml";
import * as z from "zod";
import { SecretRef, SiteConfig } from "../protocol/site.ts";
import { OperatorError } from "./env.ts";
import { LlmConfig } from "./llm/config.ts";

// http(s), ssh, file and scp-like addresses only: git's `ext::` and other remote helpers run commands.
const REMOTE = /^(https?:\/\/|ssh:\/\/|file:\/\/\/|\/|[A-Za-z0-9._-]+@[A-Za-z0-9.-]+:)[^\s]+$/;

function carriesPassword(url: string): boolean {
  return /^https?:\/\//.test(url) && URL.canParse(url) && new URL(url).password !== "";
}

export const RepositoryConfig = z.strictObject({
  url: z
    .string()
    .regex(REMOTE, "must be an http(s), ssh or file address, or an absolute path")
    .refine((url) => !carriesPassword(url), "must not carry a password; use passwordRef"),
  branch: z
    .string()
    .regex(/^(?!.*(\.\.|\/\/|\.lock$|\/$))[A-Za-z0-9][A-Za-z0-9._/-]*$/, "must be a plain branch name")
    .default("main"),
  username: z.string().min(1).optional(),
  passwordRef: SecretRef.optional(),
  author: z.strictObject({ name: z.string().min(1), email: z.email() }).optional(),
});
export type RepositoryConfig = z.infer<typeof RepositoryConfig>;

function refuseDuplicates(sites: SiteConfig[], context: z.RefinementCtx): void {
  const owner = new Map<string, number>();
  for (const [index, site] of sites.entries()) {
    for (const [name, path] of [[site.id, [index, "id"]] as const, ...site.aliases.map((a, i) => [a, [index, "aliases", i]] as const)]) {
      const first = owner.get(name);
      if (first !== undefined && (first !== index || path[1] === "id")) {
        context.addIssue({ code: "custom", path: [...path], message: `"${name}" already names sites[${first}]` });
      }
      owner.set(name, first ?? index);
    }
  }
}

export const AgentConfig = z.strictObject({
  repository: RepositoryConfig,
  sites: z.array(SiteConfig).min(1).max(200).superRefine(refuseDuplicates),
  llm: LlmConfig.optional(), // absent: what is found
});
export type AgentConfig = z.infer<typeof AgentConfig>;

function dotted(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (out, key) => (typeof key === "number" ? `${out}[${key}]` : out === "" ? String(key) : `${out}.${String(key)}`),
    "",
  );
}

/** Throws an OperatorError with `file:line path: what is wrong` for every finding. */
export function parseAgentConfig(text: string, file: string): AgentConfig {
  const lines = new LineCounter();
  const doc = parseDocument(text, { lineCounter: lines });
  const syntax = doc.errors[0];
  if (syntax !== undefined) throw new OperatorError(`${file} is not YAML: ${syntax.message}`);
  const parsed = AgentConfig.safeParse(doc.toJS());
  if (parsed.success) return parsed.data;
  const findings = parsed.error.issues.map((issue) => {
    const path = issue.code === "unrecognized_keys" ? [...issue.path, ...issue.keys.slice(0, 1)] : issue.path;
    return `  ${file}:${lineOf(path)} ${dotted(path) || "the file"}: ${issue.message}`;
  });
  throw new OperatorError(`The configuration is not right:\n${findings.join("\n")}`);

  // A missing key has no place of its own: the line of the nearest thing above it is shown.
  function lineOf(path: readonly PropertyKey[]): number {
    for (let length = path.length; length > 0; length -= 1) {
      const node = doc.getIn(path.slice(0, length), true);
      const start = typeof node === "object" && node !== null && "range" in node && Array.isArray(node.range) ? node.range[0] : null;
      if (typeof start === "number") return lines.linePos(start).line;
    }
    return 1;
  }
}

export async function loadAgentConfig(file: string): Promise<AgentConfig> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new OperatorError(`${file} cannot be read. AGENT_CONFIG names the agent's configuration file.`, { cause });
  });
  return parseAgentConfig(text, file);
}
