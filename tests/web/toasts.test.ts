// The toasts: what stays of them when news of the same object comes.
import { expect, test } from "vitest";
import { toasts, told } from "../../web/app/toasts.ts";

const after = (...said: Parameters<typeof told>[0][]) =>
  said.reduce((state, toast) => toasts.reducer(state, told(toast)), toasts.getInitialState()).map(({ message }) => message);

test("news of an object takes the place of what was said of it before", () => {
  const about = { tone: "done" as const, href: "/intents/int_1" };
  const other = { tone: "done" as const, message: "Sent another", href: "/intents/int_2" };
  expect(after({ ...about, message: "Sent" }, other, { ...about, message: "Approved" })).toEqual(["Sent another", "Approved"]);
});

test("an error of no object stays beside other messages and replaces only itself", () => {
  const failed = { tone: "failed" as const, message: "No answer" };
  expect(after(failed, { tone: "done", message: "Saved" }, failed)).toEqual(["Saved", "No answer"]);
});

test("of many only the newest four are kept", () => {
  expect(after(...["a", "b", "c", "d", "e"].map((message) => ({ tone: "done" as const, message })))).toEqual(["b", "c", "d", "e"]);
});
