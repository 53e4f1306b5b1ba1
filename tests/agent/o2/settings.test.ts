import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { parseUrl, readConnection, settingsFile, storeConnection } from "../../../agent/o2/settings.ts";

const TOKEN = "stored-token-0123456789";

async function environment() {
  const dir = await mkdtemp(join(tmpdir(), "o2-test-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return { XDG_CONFIG_HOME: dir };
}

test("what is stored is read back, and only its owner can read it", async () => {
  const env = await environment();
  const file = await storeConnection(env, { url: parseUrl("https://cc.example/base"), token: TOKEN });
  expect(file).toBe(settingsFile(env));
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(JSON.parse(await readFile(file, "utf8"))).toEqual({ url: "https://cc.example/base/", token: TOKEN });
  expect(await readConnection(env)).toEqual({ url: new URL("https://cc.example/base/"), token: TOKEN });
});

test("the variables win, and a stored token is not sent to another address", async () => {
  const env = await environment();
  await storeConnection(env, { url: parseUrl("https://cc.example"), token: TOKEN });
  expect((await readConnection({ ...env, O2_TOKEN: "another" })).token).toBe("another");
  expect((await readConnection({ ...env, O2_URL: "https://cc.example/" })).token).toBe(TOKEN);
  await expect(readConnection({ ...env, O2_URL: "https://evil.example" })).rejects.toThrow("there is no token for https://evil.example");
});

test("without an address, with a file that others can read or with a damaged one, nothing is sent anywhere", async () => {
  const env = await environment();
  await expect(readConnection(env)).rejects.toThrow("nobody is signed in");
  const file = await storeConnection(env, { url: parseUrl("https://cc.example"), token: TOKEN });
  await writeFile(file, `{"url": "https://cc.example", "token": "${TOKEN}`);
  await expect(readConnection(env)).rejects.toThrow(/^.* is damaged; run `o2 login` again$/);
  await chmod(file, 0o640);
  await expect(readConnection(env)).rejects.toThrow("can be read by others");
});

test("an address may lack its scheme, and never carries a password", () => {
  expect(parseUrl("cc.example").href).toBe("https://cc.example/");
  expect(parseUrl("http://127.0.0.1:8787?x=1#y").href).toBe("http://127.0.0.1:8787/");
  expect(() => parseUrl("ftp://cc.example")).toThrow("not an http(s) address");
  expect(() => parseUrl("https://me:secret@cc.example")).toThrow("must not carry a password");
});
