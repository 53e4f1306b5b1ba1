// npm run eval: how well sentences are understood, by whom. Exit 0: done, 1: below the floor, 2: the input or a provider is unusable.
import type { ControlCentre } from "./corrections-source.ts";
import { evaluate } from "./evaluate.ts";
import { parseOptions, USAGE } from "./options.ts";
import { openProvider } from "./providers.ts";

const UNUSABLE = 2;

function controlCentre(url: string | undefined, token: string | undefined): ControlCentre | null {
  return url === undefined || token === undefined ? null : { url, token };
}

async function main(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const options = parseOptions(args);
  if (!options.ok) {
    process.stderr.write(`${options.error.join("\n")}\n${USAGE}\n`);
    return UNUSABLE;
  }
  if (options.value.help) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  const centre = controlCentre(options.value.url ?? env["WORKER_URL"], env["EVAL_TOKEN"] ?? env["ADMIN_TOKEN"]);
  const outcome = await evaluate({ open: (id, sites) => openProvider(id, sites, env), controlCentre: centre }, options.value);
  if (!outcome.ok) {
    process.stderr.write(`${outcome.error.join("\n")}\n`);
    return UNUSABLE;
  }
  const { report, lines, exitCode } = outcome.value;
  process.stdout.write(options.value.json ? `${JSON.stringify(report, null, 2)}\n` : `${lines.join("\n")}\n`);
  return exitCode;
}

process.exitCode = await main(process.argv.slice(2), process.env);
