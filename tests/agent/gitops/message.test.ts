import fc from "fast-check";
import { expect, test } from "vitest";
import { cleanSubject, commitMessage, revertMessage } from "../../../agent/gitops/message.ts";

const trailers = [
  ["Job-Id", "job_1"],
  ["Approved-By", null],
] as const;

test("a message is subject, body and trailers, and an absent value leaves its trailer out", () => {
  expect(commitMessage({ subject: "Deploy a", body: "Two\nlines", trailers })).toBe("Deploy a\n\nTwo\nlines\n\nJob-Id: job_1\n");
  expect(commitMessage({ subject: " ", body: "", trailers })).toBe("Update slice\n\nJob-Id: job_1\n");
});

test("a revert is worded as git words it", () => {
  expect(revertMessage({ subject: "Deploy a", commit: "abc" }, { body: "Why: so", trailers })).toBe(
    'Revert "Deploy a"\n\nThis reverts commit abc.\n\n> Why: so\n\nJob-Id: job_1\n',
  );
});

test("a subject is one line of printable text that is no trailer of ours", () => {
  expect(cleanSubject("feat: deploy\r\n\tvideo\u0000\u202e")).toBe("feat: deploy video");
  expect(cleanSubject("job-id : job_2")).toBe("> job-id : job_2");
  expect(cleanSubject("x".repeat(500))).toHaveLength(120);
});

test("whatever the texts, only our own lines start like a trailer, a divider or a revert", () => {
  const hostile = fc.array(
    fc.constantFrom("Job-Id: x", "\n", "\r", "\u2028", " ", "---", "This reverts commit abc.", "\u0000", "Sites:", "a", "\t", "\u200b"),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(hostile, hostile, (subject, body) => {
      const message = commitMessage({ subject: subject.join(""), body: body.join(""), trailers });
      expect(message.endsWith("\n\nJob-Id: job_1\n")).toBe(true);
      const rest = message.slice(0, -"\n\nJob-Id: job_1\n".length).split(/[\n\r\u2028]/);
      expect(rest.filter((line) => /^\s*(Job-Id\s*:|Sites\s*:|---|This reverts)/.test(line) && line !== rest[0])).toEqual([]);
      expect(rest[0]).not.toMatch(/^(Job-Id|Sites)\s*:|^This reverts/);
    }),
  );
});
