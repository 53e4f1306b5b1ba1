// The text of a commit: subject, body and trailers. Pure. What a person wrote cannot pass for a trailer or a line of ours.

const SUBJECT_MAX_CHARS = 120;
const BODY_MAX_CHARS = 8_000;
const TRAILER_MAX_CHARS = 2_000;
const RESERVED = /^(intent-id|job-id|sites|wave|approved-by|reverts-commit|signed-off-by)\s*:/i;
// A trailer, the divider of a mailed patch, or the line by which git tells its reverts.
const LOOKS_LIKE_OURS = /^([A-Za-z0-9-]+\s*:|---|\(cherry picked from|This reverts commit)/;

interface CommitText {
  subject: string;
  body: string;
  trailers: readonly (readonly [key: string, value: string | null])[]; // null: left out
}

export function commitMessage({ subject, body, trailers }: CommitText): string {
  const lines = trailers.filter((trailer): trailer is readonly [string, string] => trailer[1] !== null);
  const block = lines.map(([key, value]) => `${key}: ${oneLine(value).slice(0, TRAILER_MAX_CHARS)}`).join("\n");
  return `${[cleanSubject(subject), cleanBody(body), block].filter((part) => part !== "").join("\n\n")}\n`;
}

/** As `git revert` words it; its line is kept so that other tools recognise the commit. */
export function revertMessage(reverted: { subject: string; commit: string }, text: Omit<CommitText, "subject">): string {
  const made = commitMessage({ ...text, subject: `Revert "${oneLine(reverted.subject)}"` });
  const end = made.indexOf("\n\n");
  return `${made.slice(0, end)}\n\nThis reverts commit ${reverted.commit}.${made.slice(end)}`;
}

export function cleanSubject(text: string): string {
  const line = oneLine(text).slice(0, SUBJECT_MAX_CHARS).trim() || "Update slice";
  return RESERVED.test(line) || line.startsWith("This reverts commit") ? `> ${line}` : line;
}

function cleanBody(text: string): string {
  return text
    .slice(0, BODY_MAX_CHARS)
    .split(/\r\n|[\n\r\u0085\u2028\u2029\v\f]/)
    .map((line) => line.replace(/[\p{Cc}\p{Cf}]/gu, (character) => (character === "\t" ? " " : "")).trimEnd())
    .map((line) => (LOOKS_LIKE_OURS.test(line.trimStart()) ? `> ${line.trimStart()}` : line))
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

/** A person's name as git writes it: no line end and none of the marks around the address. */
export function cleanIdentity(text: string): string {
  return oneLine(text.replace(/[<>]/g, "")) || "agent";
}

function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
}
