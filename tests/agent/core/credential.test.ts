import { chmod, readdir, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { readCredential, writeCredential } from "../../../agent/credential.ts";
import { enroll } from "../../../agent/enroll.ts";
import { createWorkerClient } from "../../../agent/worker-client.ts";
import { newId } from "../../../protocol/ids.ts";
import { startFakeWorker } from "../../helpers/fake-worker.ts";
import { tempDir } from "./assemble.ts";

test("a credential is written for its owner only, in one piece, and read back", async () => {
  await using temp = await tempDir();
  const file = path.join(temp.dir, "agent", "credential.json");
  const credential = { agentId: newId("agt"), credential: "a-credential-of-length-24" };
  await writeCredential(file, { ...credential, credential: "an-older-credential-of-length" });
  await writeCredential(file, credential);
  expect(await readCredential(file)).toEqual(credential);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readdir(path.dirname(file))).toEqual(["credential.json"]);
});

test("a credential that others can read is refused with the command that helps", async () => {
  await using temp = await tempDir();
  const file = path.join(temp.dir, "credential.json");
  await writeCredential(file, { agentId: newId("agt"), credential: "a-credential-of-length-24" });
  await chmod(file, 0o640);
  await expect(readCredential(file)).rejects.toThrow(`chmod 600 ${file}`);
});

test("a missing or broken credential file says what to do and quotes nothing of it", async () => {
  await using temp = await tempDir();
  const file = path.join(temp.dir, "credential.json");
  await expect(readCredential(file)).rejects.toThrow('Run "agent enroll"');
  await writeFile(file, '{"credential":"half-a-secr', { mode: 0o600 });
  const error: unknown = await readCredential(file).catch((cause: unknown) => cause);
  expect(error).toMatchObject({ message: `${file} is not a credential file. Remove it and run "agent enroll" again.` });
  expect(error).not.toHaveProperty("cause");
});

test("enrolment turns a one-time token into a credential file", async () => {
  await using temp = await tempDir();
  const worker = await startFakeWorker();
  const file = path.join(temp.dir, "new", "credential.json");
  const client = createWorkerClient({ baseUrl: worker.url, version: "0.0.0" });
  expect(await enroll(client, { token: worker.token, name: "vm-1", file })).toBe(worker.agentId);
  expect(await readCredential(file)).toEqual({ agentId: worker.agentId, credential: worker.credential });
  await expect(enroll(client, { token: worker.token, name: "vm-1", file })).rejects.toThrow("holds the credential of an agent already");
  const other = path.join(temp.dir, "other", "credential.json");
  const refused = enroll(client, { token: `${worker.token}-wrong`, name: "vm-1", file: other });
  await expect(refused).rejects.toThrow("Enrolment failed: UNAUTHENTICATED");
  await worker.close();
});

test("the token is not spent when the credential could not be kept", async () => {
  await using temp = await tempDir();
  const worker = await startFakeWorker();
  const blocker = path.join(temp.dir, "a-file");
  await writeFile(blocker, "");
  const client = createWorkerClient({ baseUrl: worker.url, version: "0.0.0" });
  const input = { token: worker.token, name: "vm-1", file: path.join(blocker, "credential.json") };
  await expect(enroll(client, input)).rejects.toThrow("the token was not used");
  expect(worker.requests).toEqual([]);
  await worker.close();
});
