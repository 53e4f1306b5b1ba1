// Stands in for the Claude CLI where that is not installed: its command line, its lines on stdin and stdout as they were recorded from
// version 2.1.329, its ends. What a turn does is in stand-in-turn.ts. It is not a model, and it speaks to the tests' API only.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { Ajv } from "ajv";
import * as z from "zod";
import { createTurns, say } from "./stand-in-turn.ts";

const FLAGS = ["bare", "no-session-persistence", "verbose", "include-partial-messages", "strict-mcp-config"];
const OPTIONS = ["tools", "system-prompt-file", "input-format", "output-format", "json-schema", "model", "setting-sources"];

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function readArgs(): Record<string, unknown> {
  const flags = FLAGS.map((name) => [name, { type: "boolean" as const }] as const);
  const options = OPTIONS.map((name) => [name, { type: "string" as const }] as const);
  try {
    return parseArgs({ options: { print: { type: "boolean", short: "p" }, ...Object.fromEntries([...flags, ...options]) } }).values;
  } catch (error) {
    return fail(`error: unknown option '${/'(\S+)'/.exec(String(error))?.[1]}'`);
  }
}

function parseSchema(text: string): Record<string, unknown> {
  try {
    const schema = z.record(z.string(), z.unknown()).parse(JSON.parse(text));
    new Ajv().compile(schema); // draft-07: a later $schema ends it, as it ends the real one
    return schema;
  } catch {
    return fail("Error: --json-schema is not a valid JSON Schema");
  }
}

const Args = z.object({
  bare: z.boolean().default(false),
  verbose: z.boolean().default(false),
  "include-partial-messages": z.boolean().default(false),
  "system-prompt-file": z.string(),
  "json-schema": z.string().transform(parseSchema).nullable().default(null),
  model: z.string().default("claude-opus-5-5"),
});

const Line = z.discriminatedUnion("type", [
  z.object({ type: z.literal("user"), message: z.object({ content: z.string() }) }),
  z.object({
    type: z.literal("control_request"),
    request_id: z.string(),
    request: z.object({ subtype: z.enum(["initialize", "interrupt"]) }),
  }),
]);

const MODELS = ["default", "opus", "sonnet", "haiku"].map((value) => ({ value, displayName: value, description: "recorded" }));

function main(): void {
  const [first, second] = process.argv.slice(2);
  if (first === "--version") {
    process.stdout.write("2.1.329 (Claude Code)\n");
    return;
  }
  const bare = process.argv.includes("--bare");
  const { ANTHROPIC_API_KEY: key, ANTHROPIC_AUTH_TOKEN: token, CLAUDE_CODE_OAUTH_TOKEN: login } = process.env;
  const credential = key ? { "x-api-key": key } : token ? bearer(token) : login && !bare ? bearer(login) : null;
  if (first === "auth" && second === "status") {
    const loggedIn = credential !== null;
    process.stdout.write(
      `${JSON.stringify({ loggedIn, authMethod: loggedIn ? "api_key" : "none", apiProvider: "firstParty" }, null, 2)}\n`,
    );
    process.exitCode = loggedIn ? 0 : 1;
    return;
  }
  const args = Args.parse(readArgs());
  if (!args.verbose) fail("Error: When using --print, --output-format=stream-json requires --verbose");
  const turns = createTurns({
    ...{ credential, bare, model: args.model, schema: args["json-schema"], partial: args["include-partial-messages"] },
    system: readFileSync(args["system-prompt-file"], "utf8"),
  });
  const lines = createInterface({ input: process.stdin });
  lines.on("line", (text) => {
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      fail(`Error parsing streaming input line (type=unknown, ${text.length} chars): SyntaxError`);
    }
    const line = Line.parse(json);
    if (line.type === "user") return turns.take(line.message.content);
    if (line.request.subtype === "interrupt") turns.interrupt();
    const response = line.request.subtype === "initialize" ? { commands: [], models: MODELS } : { still_queued: [] };
    say({ type: "control_response", response: { subtype: "success", request_id: line.request_id, response } });
  });
  lines.on("close", () => void turns.idle().then(() => process.exit(turns.failedLast() ? 1 : 0))); // a running turn is finished first
}

function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

main();
