// What went wrong, as people read it: the page's own words where it knows the cause, else the server's, and never anything that is not text.
import { expect, test } from "vitest";
import { ApiError, type ApiErrorCode } from "../../web/api.ts";
import { Problem } from "../../web/common/problem.tsx";
import { asFailure, failureOf } from "../../web/state/problem.ts";
import { markup, textOf } from "./markup.tsx";

const told = (problem: unknown, language: "en" | "zh-TW" = "en") => textOf(markup(<Problem problem={problem} />, language));
const refused = (code: ApiErrorCode, message: string) => new ApiError({ code, message, status: 400 });

test("where there is no problem nothing is shown", () => {
  expect([undefined, null].map((none) => told(none))).toEqual(["", ""]);
});

test.each<[ApiErrorCode, RegExp, RegExp]>([
  ["NETWORK", /^The Control Center did not answer\. Check your connection; nothing was lost, try again\.$/, /\p{Script=Han}/u],
  ["BAD_REPLY", /^The server.+ answer was not understood\. Reload the page/, /\p{Script=Han}/u],
  ["UNAUTHENTICATED", /^This token is not accepted\./, /\p{Script=Han}/u],
])("of %s the page knows the cause, and tells it in the viewer's language instead of the inner words", (code, english, chinese) => {
  const problem = refused(code, "inner words");
  expect(told(problem)).toMatch(english);
  expect(told(problem, "zh-TW")).toMatch(chinese);
  expect(told(problem) + told(problem, "zh-TW")).not.toContain("inner words");
});

test("an error of the page's own shows no inner words", () => {
  expect(told(new Error("secret stack"))).toBe("Something went wrong in this page. Reload it.");
});

test("what the server says is shown with the fields that it names, when to try again, and the request to quote", () => {
  const details = [{ field: "text", message: "must not be empty" }];
  const problem = { ...failureOf(refused("VALIDATION", "Not like this.")), details, requestId: "r-1", retryAfterSeconds: 5 };
  expect(asFailure(problem)).toBe(problem);
  expect(told(problem)).toBe("Not like this. Try again in 5 s.text must not be emptyRequest r-1");
});

test("a scope that is missing is told together with what to do about it", () => {
  expect(told(refused("FORBIDDEN", "operate is missing."))).toMatch(/^operate is missing\. Your token may look, but not do this/);
});

test("hostile words of a server stay text, and nothing is hidden in them", () => {
  const evil = "<script>alert(1)</script><img src=x onerror=alert(1)>\u001b[31m\u202egnp.exe";
  const page = markup(<Problem problem={refused("CONFLICT", evil)} />);
  expect(page).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
  expect(page).not.toMatch(/<script|<img/);
  for (const hidden of ["\u001b", "\u202e"]) expect(page).not.toContain(hidden);
});
