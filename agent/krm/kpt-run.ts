// One run of `kpt fn render` on one package, bounded by our own timeout: kpt's own limit for a function is five minutes.
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";
import { isRecord, list, record, text } from "./resource.ts";
import { parseResource } from "./yaml-text.ts";

const MAX_OUTPUT_BYTES = 1_000_000; // kpt prints a line per function; more than this is a fault
const MAX_STDERR_LINES = 5;

export interface KptRun {
  kptBin: string;
  env: Record<string, string>;
  timeoutMs: number;
}

export interface KptPackage {
  workDir: string; // a fresh directory of this run
  files: { name: string; text: string }[];
}

/** `said` is what kpt printed. `findings` are `<file>: <message>` lines, or bare messages where kpt names no file. */
export type KptOutcome =
  | { kind: "rendered"; files: { name: string; text: string }[]; said: string[] }
  | { kind: "refused"; findings: { file: string | null; message: string }[] }
  | { kind: "timeout" }
  | { kind: "unavailable"; message: string };

async function resultsOf(resultsDir: string): Promise<{ file: string | null; message: string }[]> {
  const source = await readFile(path.join(resultsDir, "results.yaml"), "utf8").catch(() => "");
  const parsed = parseResource(source);
  if (typeof parsed === "string") return [];
  return list(parsed.items).flatMap((entry) => {
    const { exec, exitCode, stderr, results } = record(entry);
    const errors = list(results).filter((result) => isRecord(result) && result.severity === "error");
    if (errors.length === 0 && typeof exitCode === "number" && exitCode !== 0) {
      const last = text(stderr).trim().split("\n").slice(-MAX_STDERR_LINES).join(" ");
      return [{ file: "Kptfile", message: `function ${text(exec)} ended with code ${exitCode}${last === "" ? "" : `: ${last}`}` }];
    }
    return errors.map((result) => {
      const { message, file } = record(result);
      const name = text(record(file).path);
      return { file: name === "" ? null : name, message: text(message) };
    });
  });
}

async function filesOf(folder: string): Promise<{ name: string; text: string }[]> {
  const names = (await readdir(folder)).toSorted();
  return Promise.all(names.map(async (name) => ({ name, text: await readFile(path.join(folder, name), "utf8") })));
}

/** Without the paths of this machine: the package's are made short, and other files of the run are gone when somebody reads of them. */
function linesOf(output: string, workDir: string): string[] {
  const packageDir = path.join(workDir, "package");
  const lines = output.replaceAll(`${packageDir}/`, "").replaceAll(packageDir, "package").split("\n");
  return lines.map((line) => line.trimEnd()).filter((line) => line !== "" && !line.includes(workDir));
}

/** Writes the package, renders it in place, reads it back. Throws only when `signal` fires; the process group is then dead. */
export async function runKpt({ workDir, files }: KptPackage, run: KptRun, signal: AbortSignal): Promise<KptOutcome> {
  const packageDir = path.join(workDir, "package");
  const resultsDir = path.join(workDir, "results");
  await mkdir(packageDir);
  await Promise.all(files.map((file) => writeFile(path.join(packageDir, file.name), file.text)));

  const result = await execa(run.kptBin, ["fn", "render", packageDir, "--allow-exec", "--results-dir", resultsDir], {
    cwd: workDir,
    env: run.env,
    extendEnv: false, // the agent's environment holds secrets; a function needs none of them
    stdin: "ignore",
    timeout: run.timeoutMs,
    cancelSignal: signal,
    // The whole group at once and without grace: kpt would die of a TERM and leave a function that ignores it behind.
    // Nothing is lost, the working directory is thrown away.
    killDescendants: true,
    killSignal: "SIGKILL",
    maxBuffer: MAX_OUTPUT_BYTES,
    reject: false,
  });
  signal.throwIfAborted();
  if (result.timedOut) return { kind: "timeout" };
  if (!result.failed) return { kind: "rendered", files: await filesOf(packageDir), said: linesOf(result.stderr, workDir) };
  if (result.exitCode === undefined) return { kind: "unavailable", message: result.originalMessage ?? "kpt did not start" };
  const findings = await resultsOf(resultsDir);
  if (findings.length > 0) return { kind: "refused", findings };
  return { kind: "refused", findings: [{ file: null, message: linesOf(result.stderr, workDir).slice(-MAX_STDERR_LINES).join(" ") }] };
}
