import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type Finding, ok, runChecks } from "../../../agent/doctor/check.ts";
import { dataDirCheck } from "../../../agent/doctor/data-dir.ts";
import { credentialCheck, networkCheck } from "../../../agent/doctor/network.ts";
import { repositoryCheck } from "../../../agent/doctor/repository.ts";
import { siteChecks } from "../../../agent/doctor/sites.ts";
import { exitCodeOf, renderJson, renderTable } from "../../../agent/doctor/table.ts";
import { toolChecks } from "../../../agent/doctor/tools.ts";
import type { Health } from "../../../protocol/api.ts";
import { PROTOCOL_VERSION } from "../../../protocol/version.ts";
import { startFakeWorker } from "../../helpers/fake-worker.ts";
import { createGitRepo } from "../../helpers/git-repo.ts";
import { gitServer } from "../gitops/server.ts";

async function folder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "doctor-test-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

async function program(dir: string, name: string, script: string): Promise<string> {
  const file = join(dir, name);
  await writeFile(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return file;
}

async function serve(answer: { status?: number; body: string; date?: string | null }): Promise<string> {
  const server = createServer((_request, response) => {
    response.sendDate = answer.date !== null;
    response.writeHead(answer.status ?? 200, typeof answer.date === "string" ? { date: answer.date } : {}).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return `http://127.0.0.1:${address.port}`;
}

const component = { status: "ok", message: "" } as const;
const HEALTH: Health = {
  status: "ok",
  protocol: PROTOCOL_VERSION,
  components: { worker: component, d1: component, room: component, agents: component, sites: component, llm: component },
};

const levels = (findings: readonly Finding[]) => findings.map(({ level, what }) => `${level} ${what}`);

test("programs that are there tell their version; a login is looked for, and no model is called", async () => {
  const dir = await folder();
  const calls = join(dir, "calls");
  const claudeBin = await program(dir, "claude", `echo "$@" >> ${calls}\necho "2.1.329 (Claude Code)"`);
  const kptBin = await program(dir, "kpt", 'echo "1.0.0-beta.55"');
  await program(dir, "tmux", 'echo "tmux 3.5a"');
  await program(dir, "git", 'echo "git version 2.47.1"');
  const env = { PATH: `${dir}:/usr/bin:/bin`, HOME: dir, ANTHROPIC_API_KEY: "sk-ant-never-shown" };
  const findings = await runChecks(toolChecks({ env, claudeBin, kptBin }));
  expect(findings).toEqual([
    { level: "ok", what: "claude", detail: "2.1.329 (Claude Code), login by ANTHROPIC_API_KEY (not tried)", fix: "" },
    { level: "ok", what: "kpt", detail: "1.0.0-beta.55", fix: "" },
    { level: "ok", what: "git", detail: "git version 2.47.1", fix: "" },
    { level: "ok", what: "tmux", detail: "tmux 3.5a", fix: "" },
  ]);
  expect(await readFile(calls, "utf8")).toBe("--version\n");
  const [out] = await runChecks(toolChecks({ env: { PATH: env.PATH, HOME: dir }, claudeBin, kptBin }).slice(0, 1));
  expect(out).toMatchObject({ level: "warn", detail: expect.stringContaining("not logged in") });
});

test("claude, kpt and tmux may be missing; git may not, nor be too old", async () => {
  const dir = await folder();
  const env = { PATH: dir, HOME: dir };
  const nothing = { env, claudeBin: join(dir, "claude"), kptBin: join(dir, "kpt") };
  expect(levels(await runChecks(toolChecks(nothing)))).toEqual(["warn claude", "warn kpt", "fail git", "warn tmux"]);
  await program(dir, "git", 'echo "git version 2.30.9"');
  const [old] = (await runChecks(toolChecks(nothing))).filter(({ what }) => what === "git");
  expect(old).toMatchObject({ level: "fail", detail: "git version 2.30.9 is older than 2.31" });
});

test("a check that hangs is a finding within its bound, and one that throws does not end the others", async () => {
  const started = performance.now();
  const findings = await runChecks(
    [
      { what: "hanging", run: () => new Promise(() => undefined) },
      { what: "throwing", run: () => Promise.reject(new Error("no such thing")) },
      { what: "well", run: async () => [ok("well", "yes")] },
    ],
    50,
  );
  expect(performance.now() - started).toBeLessThan(2_000);
  expect(levels(findings)).toEqual(["fail hanging", "fail throwing", "ok well"]);
});

test("the network line tells health and latency, the clock line how far apart the clocks are", async () => {
  const workerUrl = await serve({ body: JSON.stringify(HEALTH) });
  expect(await runChecks([networkCheck({ workerUrl, source: {} })])).toEqual([
    { level: "ok", what: "network", detail: expect.stringMatching(/^127\.0\.0\.1:\d+ at 127\.0\.0\.1, health ok in \d+ ms$/), fix: "" },
    { level: "ok", what: "clock", detail: expect.any(String), fix: "" },
  ]);
  const slow = await serve({ body: JSON.stringify(HEALTH), date: new Date(Date.now() - 60_000).toUTCString() });
  const [, clock] = await runChecks([networkCheck({ workerUrl: slow, source: {} })]);
  expect(clock).toMatchObject({ level: "warn", detail: expect.stringMatching(/^(59|60)\.\d s ahead of the control centre$/) });
  const wrong = await serve({ body: JSON.stringify(HEALTH), date: new Date(Date.now() + 3_600_000).toUTCString() });
  expect((await runChecks([networkCheck({ workerUrl: wrong, source: {} })]))[1]).toMatchObject({
    level: "fail",
    detail: expect.stringContaining("behind"),
  });
  const silent = await serve({ body: JSON.stringify(HEALTH), date: null });
  const [, same] = await runChecks([networkCheck({ workerUrl: silent, source: {} })]);
  expect(same).toEqual(ok("clock", "the control centre is on this machine"));
});

test("a stranger at the address, an address that nobody answers and a name that is not known are failures", async () => {
  const stranger = await serve({ body: "<html>" });
  const [not] = await runChecks([networkCheck({ workerUrl: stranger, source: {} })]);
  expect(not).toMatchObject({ level: "fail", detail: expect.stringContaining("not as the control centre does") });
  const source = { HTTP_PROXY: "http://user:secret@proxy.example:3128" };
  const [closed] = await runChecks([networkCheck({ workerUrl: "http://127.0.0.1:9", source })]);
  expect(closed).toMatchObject({ level: "fail", fix: expect.stringContaining("only used with NODE_USE_ENV_PROXY=1") });
  expect(JSON.stringify(closed)).not.toContain("secret");
  const [unknown] = await runChecks([networkCheck({ workerUrl: "http://no-such-host.invalid", source: {} })]);
  expect(unknown).toMatchObject({ level: "fail", detail: "the name no-such-host.invalid is not known here" });
});

test("the credential must be there, private, and accepted", async () => {
  const worker = await startFakeWorker();
  onTestFinished(() => worker.close());
  const file = join(await folder(), "credential.json");
  const secrets: string[] = [];
  const look = async () => {
    const place = { workerUrl: worker.url, file, version: "0.0.0", onSecret: (secret: string) => void secrets.push(secret) };
    const [finding] = await runChecks([credentialCheck(place)]);
    return finding;
  };
  expect(await look()).toMatchObject({ level: "fail", detail: expect.stringContaining("There is no credential") });
  await writeFile(file, JSON.stringify({ agentId: worker.agentId, credential: worker.credential }), { mode: 0o600 });
  expect(await look()).toEqual({ level: "ok", what: "credential", detail: `${worker.agentId}, accepted`, fix: "" });
  expect(secrets).toEqual([worker.credential]);
  expect(worker.requests.map(({ route }) => route)).toEqual(["ticket"]);
  await chmod(file, 0o644);
  expect(await look()).toMatchObject({ level: "fail", detail: expect.stringContaining("can be read by others") });
  await writeFile(file, JSON.stringify({ agentId: worker.agentId, credential: "another-credential-0123456789" }));
  await chmod(file, 0o600);
  expect(await look()).toMatchObject({ level: "fail", detail: expect.stringContaining("refused"), fix: expect.stringContaining("enroll") });
});

test("the repository is read and tried for writing with the credential, and stays as it was", async () => {
  const repo = await createGitRepo();
  onTestFinished(() => repo.remove());
  const before = await repo.git("for-each-ref");
  const server = await gitServer(repo.path, "right-password");
  const look = (password: string, branch = "main") =>
    runChecks([
      repositoryCheck({
        repository: { url: server.url, branch },
        searchPath: process.env.PATH ?? "",
        credential: async () => ({ username: "agent", password }),
      }),
    ]);
  expect(levels(await look("right-password"))).toEqual(["ok repository", "ok push right"]);
  expect(server.pushes).toBe(0);
  expect(await repo.git("for-each-ref")).toBe(before);
  expect(levels(await look("right-password", "no-such-branch"))).toEqual(["fail repository", "ok push right"]);
  const refused = await look("wrong-password");
  expect(levels(refused)).toEqual(["fail repository"]);
  expect(refused[0]?.fix).toBe("check the credential and its rights");
  expect(JSON.stringify(refused)).not.toContain("wrong-password");
  server.mode = "hang";
  const started = performance.now();
  expect(levels(await look("right-password"))).toEqual(["fail repository"]);
  expect(performance.now() - started).toBeLessThan(8_000);
});

test("the data directory must be writable; one that is yet to be made is not made", async () => {
  const dir = await folder();
  const [there] = await runChecks([dataDirCheck(dir)]);
  expect(there).toMatchObject({ level: "ok", detail: expect.stringMatching(/GiB free$/) });
  const [later] = await runChecks([dataDirCheck(join(dir, "a/b"))]);
  expect(later).toMatchObject({ level: "ok", detail: expect.stringContaining("will be made") });
  expect(await readdir(dir)).toEqual([]);
  const [file] = await runChecks([dataDirCheck("/proc/self")]);
  expect(file).toMatchObject({ level: "fail", detail: expect.stringContaining("cannot be written to") });
});

test("a site is one line when all is well, and one line for each thing that is not", async () => {
  const site = (id: string) => ({
    ...{ id, aliases: [], labels: {}, freeze: [] },
    kube: { url: "http://127.0.0.1:9", sync: "configsync" as const, name: "root-sync" },
    o2ims: { url: "http://127.0.0.1:9", dialect: "oran-o2ims-rest" as const },
    prometheus: { url: "http://127.0.0.1:9" },
    capacity: { downlinkMbps: 1, uplinkMbps: 1, maxDevices: 1 },
  });
  const checks = siteChecks([site("edge1"), site("edge2")], ({ id }) => ({
    check: async () => [
      { name: "kube", ok: true, message: "synced" },
      { name: "o2ims.credential", ok: id === "edge1", message: "no token in file /x" },
    ],
  }));
  expect(await runChecks(checks)).toEqual([
    { level: "ok", what: "site edge1", detail: "kube, o2ims.credential", fix: "" },
    {
      ...{ level: "fail", what: "site edge2", detail: "o2ims.credential: no token in file /x" },
      fix: "check what o2ims.tokenRef names, and its rights",
    },
  ]);
});

test("the table has a fix per line that needs one, and the exit code counts failures only", () => {
  const good = ok("git", "2.47\u001b[2J");
  const odd: Finding = { level: "warn", what: "tmux", detail: "missing", fix: "install tmux" };
  const bad: Finding = { level: "fail", what: "credential", detail: "none", fix: "enroll" };
  expect(renderTable([good, odd, bad], false)).toBe(
    [
      "ok    git         2.47 [2J",
      "warn  tmux        missing",
      "                  fix: install tmux",
      "FAIL  credential  none",
      "                  fix: enroll",
      "",
      "1 failed, 1 warned: this agent cannot do all of its work.",
      "",
    ].join("\n"),
  );
  expect([exitCodeOf([good, odd]), exitCodeOf([good, odd, bad])]).toEqual([0, 1]);
  expect(JSON.parse(renderJson([bad]))).toEqual({ ok: false, checks: [bad] });
});
