// How findings are shown: a table for people, one JSON document for programs. Pure.
import type { Finding, Level } from "./check.ts";

const WORD: Record<Level, string> = { ok: "ok", warn: "warn", fail: "FAIL" };
const COLOR: Record<Level, string> = { ok: "32", warn: "33", fail: "31;1" };

/** Control characters and line breaks of whatever answered must not draw on the terminal. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim();
}

export function renderTable(findings: readonly Finding[], color: boolean): string {
  const paint = (level: Level, text: string) => (color ? `\u001b[${COLOR[level]}m${text}\u001b[0m` : text);
  const width = Math.max(0, ...findings.map(({ what }) => what.length));
  const lines = findings.flatMap(({ level, what, detail, fix }) => [
    `${paint(level, WORD[level].padEnd(4))}  ${what.padEnd(width)}  ${oneLine(detail)}`,
    ...(fix === "" ? [] : [`      ${" ".repeat(width)}  fix: ${oneLine(fix)}`]),
  ]);
  return `${[...lines, "", summary(findings)].join("\n")}\n`;
}

function summary(findings: readonly Finding[]): string {
  const count = (level: Level) => findings.filter((finding) => finding.level === level).length;
  if (count("fail") > 0) return `${count("fail")} failed, ${count("warn")} warned: this agent cannot do all of its work.`;
  return count("warn") > 0 ? `Nothing failed, ${count("warn")} warned: this agent can work.` : "All is well.";
}

export function renderJson(findings: readonly Finding[]): string {
  return `${JSON.stringify({ ok: exitCodeOf(findings) === 0, checks: findings }, null, 2)}\n`;
}

/** 0: this agent can work; 1: something failed. */
export function exitCodeOf(findings: readonly Finding[]): 0 | 1 {
  return findings.some(({ level }) => level === "fail") ? 1 : 0;
}
