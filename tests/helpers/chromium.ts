// Finds a Chromium for the browser tests, or installs one: $CHROMIUM_BIN, the system's, Playwright's own, a download, Debian's package.
import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { chromium } from "playwright-core";

const run = promisify(execFile);

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const DOWNLOAD_TIMEOUT_MS = 180_000; // about 170 MB
const PACKAGE_TIMEOUT_MS = 300_000; // apt on a slow mirror

/** The path of an executable Chromium. Throws an error that says what to do when there is none and none can be had. */
export async function findChromium(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  if (env.CHROMIUM_BIN !== undefined && env.CHROMIUM_BIN !== "") {
    if (await isExecutable(env.CHROMIUM_BIN)) return env.CHROMIUM_BIN;
    throw new Error(`CHROMIUM_BIN is ${env.CHROMIUM_BIN}, which is not an executable file`);
  }
  const there = (await onPath(env.PATH ?? "")) ?? (await playwrightsOwn());
  if (there !== null) return there;
  const problems: string[] = [];
  for (const install of [download, installPackage]) {
    try {
      const installed = await install(env);
      if (installed !== null) return installed;
    } catch (error) {
      problems.push(error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error));
    }
  }
  throw new Error(
    `The browser tests need Chromium, and none was found or could be installed (${problems.join("; ")}). ` +
      "Install it (Debian: apt-get install chromium fonts-dejavu-core) or set CHROMIUM_BIN to its path.",
  );
}

async function onPath(path: string): Promise<string | null> {
  for (const folder of path.split(delimiter).filter(Boolean)) {
    for (const name of NAMES) {
      const file = join(folder, name);
      if (await isExecutable(file)) return file;
    }
  }
  return null;
}

async function playwrightsOwn(): Promise<string | null> {
  const file = chromium.executablePath();
  return (await isExecutable(file)) ? file : null;
}

async function download(): Promise<string | null> {
  const script = join(import.meta.dirname, "../../node_modules/playwright-core/cli.js");
  await run(process.execPath, [script, "install", "--no-shell", "chromium"], { timeout: DOWNLOAD_TIMEOUT_MS });
  const file = await playwrightsOwn();
  // Downloaded is not yet usable: a bare machine may lack its shared libraries.
  if (file !== null) await run(file, ["--version"], { timeout: 10_000 });
  return file;
}

async function installPackage(env: NodeJS.ProcessEnv): Promise<string | null> {
  if (process.getuid?.() !== 0) throw new Error("not root, so no package was installed");
  const options = { timeout: PACKAGE_TIMEOUT_MS, env: { ...env, DEBIAN_FRONTEND: "noninteractive" } };
  await run("apt-get", ["update", "-qq"], options);
  await run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-dejavu-core"], options);
  return onPath(env.PATH ?? "");
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
