// A process that holds a Claude provider and is killed by a test: what it started must not outlive it. argv: CLI, folder, API.
import { createClaudeProvider } from "../../../../agent/llm/claude/provider.ts";
import { cleared, SCHEMA } from "./binaries.ts";

const [file = "", dir = "", url = ""] = process.argv.slice(2);
const provider = createClaudeProvider({ file, dir, env: cleared(dir, url), model: null, poolSize: 1, configured: true });
await provider.ask({ system: "You count.", user: "how many?", schema: SCHEMA, priority: 0 }, new AbortController().signal);
