// Trouble under kpt: refusals, hanging functions, cancellation, a missing binary. Needs kpt on PATH for all but the last.
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { createJobScope } from "../../../agent/job-scope.ts";
import { createEmbeddedKrm } from "../../../agent/krm/embedded.ts";
import { createKptKrm } from "../../../agent/krm/kpt.ts";
import { selectKrm } from "../../../agent/krm/select.ts";
import { blueprintsWith, inputOf, never, planOf, runs, SEARCH_PATH, tempDir } from "./fixtures.ts";

/** Functions of which one is replaced by the given program. */
function functionsWith(name: string, body: string): string {
  const dir = tempDir();
  const file = path.join(dir, name);
  writeFileSync(file, `#!/usr/bin/env node\n${body}\n`);
  chmodSync(file, 0o755);
  return dir;
}

/** A function that never answers and does not listen to TERM; it leaves its process id behind. */
function hanging(): { functionsDir: string; pid: () => number } {
  const pidFile = path.join(tempDir(), "pid");
  const body = `import { writeFileSync } from "node:fs";
process.on("SIGTERM", () => {});
writeFileSync(${JSON.stringify(pidFile)}, String(process.pid));
setInterval(() => {}, 1000);`;
  return {
    functionsDir: functionsWith("slice-identity.ts", body),
    pid: () => (existsSync(pidFile) ? Number(readFileSync(pidFile, "utf8")) : 0),
  };
}

/** A killed orphan stays a zombie until init reaps it, which may take its time: that counts as gone. */
function alive(pid: number): boolean {
  const state = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" }).stdout.trim();
  return state !== "" && !state.startsWith("Z");
}

function leftovers(): string[] {
  return readdirSync(os.tmpdir()).filter((name) => name.startsWith("intent-krm-") && !name.startsWith("intent-krm-cache"));
}

describe.skipIf(!runs("kpt", ["version"]))("the kpt runner (skipped where kpt is not on PATH)", () => {
  test("what kpt prints is told per site, in the name of the job that renders, and without the folder of this machine", async () => {
    const scope = createJobScope();
    const told: string[] = [];
    const log = { info: (fields: object, message: string) => told.push(`${scope.fields().jobId} ${JSON.stringify(fields)} ${message}`) };
    const krm = createKptKrm({ kptBin: "kpt", searchPath: SEARCH_PATH, log });
    // Three sites at two places: one waits for another's end.
    const render = (jobId: string, sites: string[]) =>
      scope.run({ jobId, intentId: "int_1", attempt: 1, kind: "intent.prepare" }, () =>
        krm.render(inputOf(planOf("eMBB", { sites })), never()),
      );
    await Promise.all([render("one", ["edge1", "edge2"]), render("other", ["edge3"])]);
    const passed = told.filter((line) => line.includes("[PASS]") && line.includes("slice-validate"));
    expect(passed.map((line) => line.split(" kpt: ")[0]).sort()).toEqual([
      'one {"site":"edge1"}',
      'one {"site":"edge2"}',
      'other {"site":"edge3"}',
    ]);
    expect(told.filter((line) => line.includes(os.tmpdir()))).toEqual([]);
  });

  test("a package the validator refuses fails with one line per result, as the embedded runner has it", async () => {
    const blueprintsDir = blueprintsWith("embb/interface-n3.yaml", (text) => text.replace("cniType: macvlan", "cniType: magic"));
    const input = inputOf(planOf("eMBB"));
    const byKpt = await createKptKrm({ kptBin: "kpt", searchPath: SEARCH_PATH, blueprintsDir }).render(input, never());
    const line =
      "sites/edge1/slices/video-7/interface-n3.yaml: Interface n3-video-7: spec.cniType must be equal to one of the allowed values";
    expect(byKpt).toEqual({
      ok: false,
      error: {
        stage: "render",
        reason: "invalid_package",
        message: `The package is not valid: ${line}`,
        retryable: false,
        details: [line],
        site: "edge1",
      },
    });
    expect(await createEmbeddedKrm({ blueprintsDir }).render(input, never())).toEqual(byKpt);
  });

  test("a template that is not YAML fails as invalid_package and names the file", async () => {
    const blueprintsDir = blueprintsWith("urllc/smf.yaml", (text) => text.replace("spec:", "spec: ]"));
    const result = await createKptKrm({ kptBin: "kpt", searchPath: SEARCH_PATH, blueprintsDir }).render(inputOf(planOf("URLLC")), never());
    expect(result).toMatchObject({ ok: false, error: { reason: "invalid_package" } });
    expect(result.ok ? [] : result.error.details).toEqual([expect.stringMatching(/^blueprints\/urllc\/smf\.yaml: /)]);
  });

  test("a function that dies is reported with its last words and no path of the machine", async () => {
    const functionsDir = functionsWith("slice-identity.ts", 'process.stderr.write("out of luck");\nprocess.exit(3);');
    const result = await createKptKrm({ kptBin: "kpt", searchPath: SEARCH_PATH, functionsDir }).render(inputOf(planOf("eMBB")), never());
    expect(result.ok ? [] : result.error.details).toEqual([
      "sites/edge1/slices/video-7/Kptfile: function slice-identity.ts ended with code 3: out of luck",
    ]);
  });

  test("a function that answers garbage is an invalid package", async () => {
    const functionsDir = functionsWith("slice-identity.ts", 'process.stdin.resume();\nprocess.stdout.write("{{{");');
    const result = await createKptKrm({ kptBin: "kpt", searchPath: SEARCH_PATH, functionsDir }).render(inputOf(planOf("eMBB")), never());
    expect(result).toMatchObject({ ok: false, error: { reason: "invalid_package", site: "edge1" } });
    expect(JSON.stringify(result)).not.toContain(os.tmpdir());
  });

  test("a hanging function ends at our timeout, its process is gone and nothing is left on disk", async () => {
    const before = leftovers();
    const { functionsDir, pid } = hanging();
    const krm = createKptKrm({ kptBin: "kpt", searchPath: SEARCH_PATH, functionsDir, timeoutMs: 1_000 });
    const started = performance.now();
    const result = await krm.render(inputOf(planOf("eMBB")), never());
    expect(result).toEqual({
      ok: false,
      error: { stage: "render", reason: "agent_error", message: "kpt did not finish within 1000 ms", retryable: true, site: "edge1" },
    });
    expect(performance.now() - started).toBeLessThan(2_500);
    expect(pid()).toBeGreaterThan(0);
    await expect.poll(() => alive(pid())).toBe(false);
    expect(leftovers().filter((name) => !before.includes(name))).toEqual([]);
  });

  test("a cancelled render stops at once and kills the process group", async () => {
    const { functionsDir, pid } = hanging();
    const cancel = new AbortController();
    const render = createKptKrm({ kptBin: "kpt", searchPath: SEARCH_PATH, functionsDir }).render(inputOf(planOf("eMBB")), cancel.signal);
    const outcome = expect(render).rejects.toThrow("cancelled by a person");
    await expect.poll(() => pid(), { timeout: 5_000 }).toBeGreaterThan(0);
    const started = performance.now();
    cancel.abort(new Error("cancelled by a person"));
    await outcome;
    expect(performance.now() - started).toBeLessThan(2_000);
    await expect.poll(() => alive(pid())).toBe(false);
  });

  test("a function sees nothing of the agent's environment but what it needs", async () => {
    const seen = path.join(tempDir(), "env");
    const body = `import { writeFileSync } from "node:fs";
writeFileSync(${JSON.stringify(seen)}, JSON.stringify(Object.keys(process.env)));
process.exit(1);`;
    await createKptKrm({ kptBin: "kpt", searchPath: SEARCH_PATH, functionsDir: functionsWith("slice-identity.ts", body) }).render(
      inputOf(planOf("eMBB")),
      never(),
    );
    const ofKpt = "KUSTOMIZE_ENABLE_ALPHA_COMMANDS";
    const allowed = new Set(["PATH", "HOME", "TMPDIR", "NODE_COMPILE_CACHE", ofKpt]);
    expect(JSON.parse(readFileSync(seen, "utf8")).filter((key: string) => !allowed.has(key))).toEqual([]);
  });

  test("kpt is chosen when its binary runs", async () => {
    expect((await selectKrm({ kptBin: "kpt", searchPath: SEARCH_PATH })).runner).toBe("kpt");
  });
});

test("the embedded runner is chosen when there is no kpt, and renders", async () => {
  const krm = await selectKrm({ kptBin: path.join(tempDir(), "kpt"), searchPath: SEARCH_PATH });
  expect(krm.runner).toBe("embedded");
  expect(await krm.render(inputOf(planOf("eMBB")), never())).toMatchObject({ ok: true });
});

test("the embedded runner is chosen when kpt does not answer its version", async () => {
  const kptBin = path.join(functionsWith("kpt", "process.exit(1);"), "kpt");
  expect((await selectKrm({ kptBin, searchPath: SEARCH_PATH })).runner).toBe("embedded");
});

test("the embedded runner is chosen when the functions lost their executable bit", async () => {
  const functionsDir = tempDir();
  cpSync(path.resolve(import.meta.dirname, "../../../agent/krm/exec"), functionsDir, { recursive: true });
  const kptBin = path.join(functionsWith("kpt", "process.exit(0);"), "kpt");
  expect((await selectKrm({ kptBin, searchPath: SEARCH_PATH, functionsDir })).runner).toBe("kpt");
  chmodSync(path.join(functionsDir, "slice-validate.ts"), 0o644);
  expect((await selectKrm({ kptBin, searchPath: SEARCH_PATH, functionsDir })).runner).toBe("embedded");
});

test("a kpt that cannot be started is an agent error, not a fault of the package", async () => {
  const krm = createKptKrm({ kptBin: path.join(tempDir(), "kpt"), searchPath: SEARCH_PATH });
  expect(await krm.render(inputOf(planOf("eMBB")), never())).toMatchObject({
    ok: false,
    error: { stage: "render", reason: "agent_error", retryable: true, site: "edge1" },
  });
});
