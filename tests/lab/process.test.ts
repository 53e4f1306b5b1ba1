// The lab as a process of its own.
import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { tempDir } from "./support.ts";

const ENTRY = path.join(import.meta.dirname, "../../lab/index.ts");

async function output(child: ChildProcess): Promise<() => string> {
  let text = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    text += chunk.toString("utf8");
  });
  return () => text;
}

function environment(dataDir: string, more: Record<string, string> = {}): Record<string, string | undefined> {
  return { PATH: process.env["PATH"], DATA_DIR: dataDir, LAB_PORT: "0", LAB_SITES: "1", ...more };
}

test("it announces port and repository in a file and one line of log, and stops on SIGTERM", async () => {
  const dataDir = await tempDir();
  const child = spawn(process.execPath, [ENTRY], { env: environment(dataDir), stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const text = await output(child);
  await expect.poll(text, { interval: 20, timeout: 10_000 }).toContain("\n");
  const announced: { port: number; repositoryUrl: string } = JSON.parse(await readFile(path.join(dataDir, "run/lab.json"), "utf8"));
  const lines = text()
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines).toEqual([
    expect.objectContaining({ level: "info", name: "lab", msg: "listening", repositoryUrl: announced.repositoryUrl }),
  ]);
  expect(announced.repositoryUrl).toBe(`http://127.0.0.1:${announced.port}/git/sites.git`);
  expect(await (await fetch(`http://127.0.0.1:${announced.port}/healthz`)).json()).toEqual({ status: "ok", simulation: true });
  child.kill("SIGTERM");
  expect(await once(child, "exit")).toEqual([0, null]);
});

test("it ends with the parent that it has a channel to", async () => {
  const child = fork(ENTRY, [], { env: environment(await tempDir()), stdio: ["ignore", "pipe", "inherit", "ipc"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  await expect.poll(await output(child), { interval: 20, timeout: 10_000 }).toContain("listening");
  child.disconnect();
  expect(await once(child, "exit")).toEqual([0, null]);
});

test.each([
  ["LAB_SITES", "65"],
  ["LAB_SITES", "many"],
  ["LAB_PORT", "70000"],
])("%s=%s is refused by name", async (name, value) => {
  const child = spawn(process.execPath, [ENTRY], {
    env: environment(await tempDir(), { [name]: value }),
    stdio: ["ignore", "pipe", "inherit"],
  });
  const text = await output(child);
  expect(await once(child, "close")).toEqual([1, null]);
  expect(JSON.parse(text())).toMatchObject({ level: "error", error: expect.stringContaining(name) });
});

test("a data directory that is a file is an error and not a hang", async () => {
  const dir = await tempDir();
  await writeFile(path.join(dir, "data"), "");
  const child = spawn(process.execPath, [ENTRY], { env: environment(path.join(dir, "data")), stdio: ["ignore", "pipe", "inherit"] });
  expect(await once(child, "close")).toEqual([1, null]);
});
