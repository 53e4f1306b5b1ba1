// What the warm pool of the Claude CLI is worth: a question to a process that is there against one that has to be started for it.
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { type ClaudeProvider, createClaudeProvider } from "../../../agent/llm/claude/provider.ts";
import { cleared, REAL_CLI, SCHEMA, STAND_IN } from "../../agent/llm/claude/binaries.ts";
import { startMessagesApi } from "../../agent/llm/claude/messages-api.ts";
import { type Figure, ms, percentile } from "../stats.ts";

const QUIET = new AbortController().signal;
const QUESTION = { system: "You count.", schema: SCHEMA };

/** The same run, the same stubbed API, so that only the start makes the difference. Warm figures have the forgetting of the last one in them. */
export async function claudeStart({ cold, warm }: { cold: number; warm: number }): Promise<Figure[]> {
  const cli = REAL_CLI.installed ? REAL_CLI : STAND_IN;
  const home = await mkdtemp(path.join(os.tmpdir(), "bench-claude-"));
  const api = await startMessagesApi(() => ({ tool: { replicas: 2 } }));
  try {
    const file = await cli.file(home);
    const open = () => createClaudeProvider({ file, dir: home, env: cleared(home, api.url), model: null, poolSize: 1, configured: true });
    const starts: number[] = [];
    for (let run = 0; run < cold; run += 1) {
      const provider = open();
      starts.push(await asked(provider));
      await provider.close();
    }
    const provider = open();
    await provider.warm(QUESTION);
    const first = await asked(provider);
    const there: number[] = [];
    for (let run = 0; run < warm; run += 1) there.push(await asked(provider));
    await provider.close();
    const ratio = percentile(starts, 0.5) / percentile(there, 0.5);
    return [
      { what: `Claude, ${cli.name}, cold`, figure: ms(starts), target: "-" },
      { what: `Claude, ${cli.name}, warm`, figure: `${ms(there)}, the first ${first.toFixed(0)} ms`, target: "-" },
      { what: "Claude, cold / warm", figure: `${ratio.toFixed(1)} times`, target: "≥ 5 times" },
    ];
  } finally {
    await api.close();
    await rm(home, { recursive: true, force: true });
  }
}

async function asked(provider: ClaudeProvider): Promise<number> {
  const start = performance.now();
  const answer = await provider.ask({ ...QUESTION, user: "how many?", priority: 0 }, QUIET);
  if (!answer.ok) throw new Error(answer.error.message);
  return performance.now() - start;
}
