import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { findChromium } from "./chromium.ts";

function folderWith(name: string, mode: number): string {
  const folder = mkdtempSync(join(tmpdir(), "chromium-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, name), "#!/bin/sh\n");
  chmodSync(join(folder, name), mode);
  return folder;
}

test("CHROMIUM_BIN wins over what is on the PATH", async () => {
  const [chosen, other] = [folderWith("browser", 0o755), folderWith("chromium", 0o755)];
  expect(await findChromium({ CHROMIUM_BIN: join(chosen, "browser"), PATH: other })).toBe(join(chosen, "browser"));
});

test("a CHROMIUM_BIN that cannot be run is an error that names it, not a reason to take another", async () => {
  const folder = folderWith("browser", 0o644);
  await expect(findChromium({ CHROMIUM_BIN: join(folder, "browser"), PATH: folderWith("chromium", 0o755) })).rejects.toThrow(
    `CHROMIUM_BIN is ${folder}/browser, which is not an executable file`,
  );
});

test.each(["chromium", "chromium-browser", "google-chrome"])(
  "%s on the PATH is found; a file of that name that cannot be run is not",
  async (name) => {
    const [dead, alive] = [folderWith(name, 0o644), folderWith(name, 0o755)];
    expect(await findChromium({ PATH: `${dead}:${alive}` })).toBe(join(alive, name));
  },
);
