// Many queued intents over four sites by two agents: none lost, none twice, and how fast.
import { execFileSync } from "node:child_process";
import path from "node:path";
import { awaitEnds, createIntent, type Target } from "../client.ts";
import type { Figure } from "../stats.ts";

const CONCURRENCY = 8;

export async function queued(target: Target & { dataDir: string }, { count }: { count: number }): Promise<Figure> {
  const start = performance.now();
  const ends = await awaitEnds(
    target,
    async () => {
      const ids: string[] = [];
      let next = 0;
      const send = async () => {
        while (next < count) {
          next += 1;
          ids.push(await createIntent(target, { text: `Deploy eMBB slice on edge${(next % 4) + 1} with 5 Mbps down and 2 Mbps up` }));
        }
      };
      await Promise.all(Array.from({ length: CONCURRENCY }, send));
      return ids;
    },
    600_000,
  );
  const seconds = (performance.now() - start) / 1000;
  const completed = ends.filter((event) => event.type === "intent.completed");
  const unique = new Set(completed.map((event) => event.intentId)).size;
  const repository = path.join(target.dataDir, "lab/git/sites.git");
  const trailers = execFileSync("git", ["--git-dir", repository, "log", "main", "--format=%(trailers:key=Intent-Id,valueonly)"], {
    encoding: "utf8",
  });
  const commits = trailers.split("\n").filter((line) => ends.some((event) => event.intentId === line));
  const twice = commits.length - new Set(commits).size;
  const other = ends.length - completed.length;
  const figure = `${unique} completed, ${other} otherwise, ${count - ends.length} lost, ${twice} committed twice; ${(count / seconds).toFixed(1)}/s`;
  return { what: `${count} queued intents, 4 sites, 2 agents`, figure, target: "none lost, none twice" };
}
