// Starts a TypeScript program of this package wherever the package lies. Plain JavaScript that Node 18 still reads.
//
// Two things stand in the way once it is installed: the user's `node` may be older than the 24 that the sources need (it is among the
// dependencies), and Node itself strips no types below node_modules. So an old Node hands over to the new one, and the new one is
// given a loader for the files of this package.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import * as module from "node:module";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const NEEDED_NODE = 24;
const FORWARDED = ["SIGTERM", "SIGINT", "SIGHUP"];
const ROOT = new URL("..", import.meta.url).href; // of the package

/**
 * @param {string} launcher `import.meta.url` of the bin file
 * @param {() => Promise<unknown>} load imports the program
 */
export async function launch(launcher, load) {
  if (Number.parseInt(process.versions.node, 10) < NEEDED_NODE) return handOver(fileURLToPath(launcher));
  if (import.meta.url.includes("/node_modules/")) module.registerHooks({ load: loadTypeScript });
  await load();
}

/** Of this package only: other packages' TypeScript stays refused. */
function loadTypeScript(url, context, next) {
  if (!url.startsWith(ROOT) || !url.endsWith(".ts") || url.slice(ROOT.length).includes("node_modules/")) return next(url, context);
  return { format: "module", source: strip(readFileSync(fileURLToPath(url), "utf8")), shortCircuit: true };
}

/** Node's own stripping. It warns that the function is experimental; the Node that is pinned has it. */
function strip(source) {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return module.stripTypeScriptTypes(source);
  } finally {
    process.emitWarning = emitWarning;
  }
}

function newerNode() {
  try {
    const resolve = module.createRequire(import.meta.url).resolve;
    return join(dirname(resolve("node/package.json")), "bin", process.platform === "win32" ? "node.exe" : "node");
  } catch {
    return null;
  }
}

function handOver(launcher) {
  const node = newerNode();
  if (node === null) return giveUp("and the dependency `node` is not installed");
  const child = spawn(node, [launcher, ...process.argv.slice(2)], { stdio: "inherit" });
  for (const name of FORWARDED) {
    // Ctrl-C reaches the child by itself, and twice means something else than once.
    process.on(name, () => (name === "SIGINT" && process.stdin.isTTY ? undefined : child.kill(name)));
  }
  child.once("error", (error) => giveUp(`and ${node} cannot be started (${error.message})`));
  child.once("exit", (code, signal) => process.exit(signal === null ? code : 128 + constants.signals[signal]));
}

function giveUp(why) {
  process.stderr.write(`This program needs Node ${NEEDED_NODE}; this is ${process.versions.node}, ${why}. Install Node ${NEEDED_NODE}.\n`);
  process.exit(1);
}
