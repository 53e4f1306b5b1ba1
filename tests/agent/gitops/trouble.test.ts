import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { access, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { kustomizationFor } from "../../../agent/krm/kustomization.ts";
import { processesWith } from "../../helpers/git-repo.ts";
import { gitServer } from "./server.ts";
import { freshDir, must, never, portOn, pushOf, repository, revertOf, slice } from "./setup.ts";

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}

test("a server that is down is told as unreachable after bounded retries", async () => {
  const port = await portOn(`http://127.0.0.1:${await closedPort()}/sites.git`, { retries: 2 });
  const started = performance.now();
  const result = await port.push(pushOf("a", ["edge1"]), null, never);
  expect(result).toMatchObject({ ok: false, error: { stage: "push", reason: "git_unreachable", retryable: true } });
  expect(performance.now() - started).toBeLessThan(3_000);
});

test("a server that never answers is given up in time and leaves no process", async () => {
  const repo = await repository();
  const server = await gitServer(repo.path);
  server.mode = "hang";
  const port = await portOn(server.url, { retries: 1, timeoutMs: 60 });
  const started = performance.now();
  expect(await port.diff({ slice: "a", sites: ["edge1"], files: slice("a", ["edge1"]) }, never)).toEqual({
    ok: false,
    error: {
      stage: "render",
      reason: "git_unreachable",
      message: "The git server could not be reached: no answer in time",
      retryable: true,
    },
  });
  expect(performance.now() - started).toBeLessThan(3_000);
  await expect.poll(() => processesWith(server.url)).toEqual([]);
});

test("a server that comes back during the retries gets the commit", async () => {
  const repo = await repository();
  const server = await gitServer(repo.path);
  server.mode = "unavailable";
  const port = await portOn(server.url, {
    log: {
      debug: () => {},
      info: () => {},
      warn: () => {
        server.mode = "ok";
      },
    },
  });
  const pushed = must(await port.push(pushOf("a", ["edge1"]), null, never));
  expect(pushed.commit).toBe(await repo.tip());
});

test("an answer lost after the server took the commit gives one commit and its id", async () => {
  const repo = await repository();
  const server = await gitServer(repo.path);
  server.mode = "lose-push";
  const port = await portOn(server.url);
  const pushed = must(await port.push(pushOf("a", ["edge1"]), null, never));
  expect((await repo.commits()).map((commit) => commit.commit)).toEqual([pushed.commit]);
});

test("a hook that refuses is told once, in its own words, and nothing arrives", async () => {
  const repo = await repository();
  const before = await repo.tip();
  await repo.hook("pre-receive", `echo tried >> tries; echo "change freeze until Monday"; exit 1`);
  const port = await portOn(repo.path);
  const push = pushOf("a", ["edge1"]);
  const result = await port.push(push, null, never);
  expect(result).toMatchObject({ ok: false, error: { stage: "push", reason: "git_refused", retryable: false } });
  expect(result.ok ? "" : result.error.message).toContain("change freeze until Monday");
  expect(await repo.tip()).toBe(before);

  await repo.hook("pre-receive", "exit 0");
  const pushed = must(await port.push(push, null, never));
  expect((await repo.commits()).map((commit) => commit.commit)).toEqual([pushed.commit]);
});

test("a branch that does not exist is told, not made", async () => {
  const repo = await repository();
  const port = await portOn(repo.path, { branch: "production" });
  const result = await port.push(pushOf("a", ["edge1"]), null, never);
  expect(result).toMatchObject({ ok: false, error: { reason: "git_refused", message: expect.stringContaining("refs/heads/production") } });
});

test("a credential opens the server and shows nowhere else", async () => {
  const repo = await repository();
  const password = "s3cret-p@ss";
  const server = await gitServer(repo.path, password);
  const dir = await freshDir();
  const logged: unknown[] = [];
  const note = (fields: object, message: string) => logged.push(fields, message);
  const log = { debug: note, info: note, warn: note };

  const port = await portOn(server.url, { dir, log, credential: () => Promise.resolve({ username: "agent", password }) });
  expect(must(await port.push(pushOf("a", ["edge1"]), null, never)).repositoryUrl).toBe(server.url);

  const wrong = await portOn(server.url, { dir, log, credential: () => Promise.resolve({ username: "agent", password: "wr0ng-one" }) });
  const refused = await wrong.push(pushOf("b", ["edge1"]), null, never);
  expect(refused).toMatchObject({ ok: false, error: { reason: "git_refused", retryable: false } });
  const none = await portOn(server.url, { dir, log });
  expect(await none.push(pushOf("c", ["edge1"]), null, never)).toMatchObject({ ok: false, error: { reason: "git_refused" } });

  const secrets = [password, "wr0ng-one", ...server.seen.map((header) => header.replace("Basic ", ""))];
  const told = JSON.stringify([refused, logged]);
  const kept = await promisify(execFile)("grep", ["-rlF", ...secrets.flatMap((secret) => ["-e", secret]), dir]).catch(() => ({
    stdout: "",
  }));
  expect({ told: secrets.filter((secret) => told.includes(secret)), kept: kept.stdout }).toEqual({ told: [], kept: "" });
});

test("a URL with a password or of another kind is no configuration", async () => {
  for (const url of ["http://u:p@127.0.0.1/x.git", "ext::sh -c id", "--upload-pack=id", "relative/x.git"]) {
    await expect(portOn(url)).rejects.toThrow(/must/);
  }
});

test("stale locks and a revert cut short are no obstacle", async () => {
  const repo = await repository();
  const dir = await freshDir();
  const push = pushOf("a", ["edge1"]);
  const first = await portOn(repo.path, { dir });
  const { commit } = must(await first.push(push, null, never));
  const gitDir = join(dir, "clone.git");
  const litter = async () => {
    for (const name of [
      "index.lock",
      "HEAD.lock",
      "packed-refs.lock",
      "refs/remotes/origin/main.lock",
      "refs/agent/outgoing.lock",
      "REVERT_HEAD",
    ]) {
      await writeFile(join(gitDir, name), name === "REVERT_HEAD" ? `${commit}\n` : "");
    }
    await mkdir(join(gitDir, "sequencer"), { recursive: true });
    await writeFile(join(dir, "work", "left-behind"), "x");
  };
  await litter();
  await repo.commit({ "README.md": "1\n" });
  must(await (await portOn(repo.path, { dir })).revert(revertOf(push, commit), never)); // after a restart
  await litter();
  await repo.commit({ "README.md": "2\n" });
  must(await first.push(pushOf("b", ["edge1"]), null, never)); // while running
  await litter();
  const again = pushOf("c", ["edge1"]);
  const { commit: third } = must(await first.push(again, null, never));
  must(await first.revert(revertOf(again, third), never));
  expect(await repo.files("sites")).toEqual([
    "sites/edge1/kustomization.yaml",
    "sites/edge1/slices/b/Kptfile",
    "sites/edge1/slices/b/capacity.yaml",
  ]);
});

test.each([
  ["is gone", async (gitDir: string) => rm(gitDir, { recursive: true })],
  ["is half made", async (gitDir: string) => rm(join(gitDir, "HEAD"))],
  [
    "has lost its objects",
    async (gitDir: string) => rm(join(gitDir, "objects"), { recursive: true }).then(() => mkdir(join(gitDir, "objects"))),
  ],
  ["has a broken index", async (gitDir: string) => writeFile(join(gitDir, "index"), "no index")],
  ["has a broken ref", async (gitDir: string) => writeFile(join(gitDir, "refs/remotes/origin/main"), "0123\n")],
])("a clone that %s is mended on the way", async (_, harm) => {
  const repo = await repository();
  const dir = await freshDir();
  const running = await portOn(repo.path, { dir });
  const push = pushOf("a", ["edge1"]);
  const { commit } = must(await running.push(push, null, never));

  await harm(join(dir, "clone.git"));
  must(await running.revert(revertOf(push, commit), never));
  await harm(join(dir, "clone.git"));
  must(await (await portOn(repo.path, { dir })).push(pushOf("b", ["edge1"]), null, never));

  expect(await repo.read("sites/edge1/kustomization.yaml")).toBe(kustomizationFor(["slices/b/capacity.yaml"]));
  expect((await readdir(dir)).sort().filter((name) => !name.startsWith("old-"))).toEqual(["clone.git", "home", "work"]);
});

test("an abort kills a push in the middle within two seconds, and nothing half done is on the branch", async () => {
  const repo = await repository();
  const server = await gitServer(repo.path);
  const port = await portOn(server.url);
  const before = await repo.tip();
  must(await port.diff({ slice: "a", sites: ["edge1"], files: [] }, never));
  server.mode = "hang-push";
  const abort = new AbortController();
  const result = port.push(pushOf("a", ["edge1"]), null, abort.signal);
  await expect.poll(() => server.pushes).toBe(1);
  const behind = port.push(pushOf("b", ["edge1"]), null, abort.signal);
  const started = performance.now();
  abort.abort();
  const cancelled = {
    ok: false,
    error: { stage: "push", reason: "agent_error", message: "The work was cancelled; nothing was pushed.", retryable: true },
  };
  expect(await Promise.all([result, behind])).toEqual([cancelled, cancelled]);
  expect(performance.now() - started).toBeLessThan(2_000);
  expect(await repo.tip()).toBe(before);
  await expect.poll(() => processesWith(server.url)).toEqual([]);

  server.mode = "ok";
  const pushed = must(await port.push(pushOf("c", ["edge1"]), null, never));
  expect(pushed.parent).toBe(before);
});

test("an abort after the server took the commit does not deny it", async () => {
  const repo = await repository();
  // The hook runs when the commit is in; the client still waits for its end.
  await repo.hook("pre-receive", "exit 0");
  await writeFile(join(repo.path, "hooks/post-receive"), "#!/bin/sh\ntouch taken\nwhile [ ! -e go ]; do sleep 0.02; done\n", {
    mode: 0o755,
  });
  const port = await portOn(repo.path);
  const abort = new AbortController();
  const result = port.push(pushOf("a", ["edge1"]), null, abort.signal);
  await expect.poll(() => exists(join(repo.path, "taken"))).toBe(true);
  abort.abort();
  expect(must(await result).commit).toBe(await repo.tip());
  await writeFile(join(repo.path, "go"), "");
});

test("an agent killed in the middle of a push and started again gives one commit", async () => {
  const repo = await repository();
  const dir = await freshDir();
  await repo.hook("pre-receive", "touch waiting; i=0; while [ ! -e go ] && [ $i -lt 500 ]; do sleep 0.02; i=$((i+1)); done");
  const input = pushOf("a", ["edge1", "edge2"]);
  const child = spawn(process.execPath, [join(import.meta.dirname, "push-child.ts"), JSON.stringify({ url: repo.path, dir, input })], {
    stdio: "inherit",
  });
  await expect.poll(() => exists(join(repo.path, "waiting")), { timeout: 10_000 }).toBe(true);
  child.kill("SIGKILL");
  await once(child, "exit");

  const again = (await portOn(repo.path, { dir })).push(input, null, never); // races with the orphaned git
  const elsewhere = (await portOn(repo.path)).push(input, null, never);
  await writeFile(join(repo.path, "go"), "");

  const pushed = must(await again);
  expect(must(await elsewhere)).toEqual(pushed);
  await expect.poll(() => processesWith(repo.path)).toEqual([]);
  expect((await repo.commits()).map((commit) => commit.commit)).toEqual([pushed.commit]);
});

test("a commit made but not pushed when the agent died is no second one afterwards", async () => {
  const repo = await repository();
  const dir = await freshDir();
  const input = pushOf("a", ["edge1"]);
  await repo.hook("pre-receive", "exit 1");
  expect((await (await portOn(repo.path, { dir })).push(input, null, never)).ok).toBe(false);
  await repo.hook("pre-receive", "exit 0");
  must(await (await portOn(repo.path, { dir })).push(input, null, never));
  must(await (await portOn(repo.path)).push(input, null, never));
  expect(await repo.commits()).toHaveLength(1);
});

test("a branch rewritten by somebody is followed", async () => {
  const repo = await repository();
  const port = await portOn(repo.path);
  const base = await repo.tip();
  const input = pushOf("a", ["edge1"]);
  must(await port.push(input, null, never));
  await repo.git("update-ref", "refs/heads/main", base);
  const theirs = await repo.commit({ "README.md": "anew\n" });
  must(await port.push(pushOf("b", ["edge1"]), null, never));
  const pushed = must(await port.push(input, null, never));
  expect((await repo.commits()).map((commit) => commit.subject)).toEqual(["Deploy a", "Deploy b", "Somebody's change"]);
  expect([pushed.commit, theirs]).toEqual([await repo.tip(), (await repo.commits())[2]?.commit]);
});
