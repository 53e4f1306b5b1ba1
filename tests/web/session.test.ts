// Where the token is kept, and what counts as a sign-in link.
import { expect, test } from "vitest";
import { forgetToken, isSendable, keepToken, readToken, type TokenStores, tokenOfFragment } from "../../web/session.ts";

function memory(): Storage {
  const values = new Map<string, string>();
  return {
    get length() {
      return values.size;
    },
    clear: () => values.clear(),
    getItem: (key) => values.get(key) ?? null,
    key: (index) => [...values.keys()][index] ?? null,
    removeItem: (key) => void values.delete(key),
    setItem: (key, value) => void values.set(key, value),
  };
}

const stores = (): TokenStores => ({ tab: memory(), browser: memory() });

test("a token is kept for the tab, and for the browser only on request", () => {
  const here = stores();
  keepToken(here, "one", false);
  expect({ read: readToken(here), tab: here.tab.length, browser: here.browser.length }).toEqual({ read: "one", tab: 1, browser: 0 });
  keepToken(here, "two", true);
  expect({ read: readToken(here), tab: here.tab.length, browser: here.browser.length }).toEqual({ read: "two", tab: 0, browser: 1 });
});

test("signing out leaves nothing behind", () => {
  const here = stores();
  keepToken(here, "one", true);
  forgetToken(here);
  expect({ read: readToken(here), tab: here.tab.length, browser: here.browser.length }).toEqual({ read: null, tab: 0, browser: 0 });
});

test("a token that is refused late is forgotten without the one that took its place", () => {
  const here = stores();
  keepToken(here, "new", true);
  forgetToken(here, "old");
  expect(readToken(here)).toBe("new");
  forgetToken(here, "new");
  expect(readToken(here)).toBeNull();
});

test.each([
  ["itoc_abc-123.~+/=", true],
  ["", false],
  ["two words", false],
  ["café", false],
  ["abc\u200b", false],
  ["權杖", false],
])("that a header can carry the token %j is %j", (token, can) => {
  expect(isSendable(token)).toBe(can);
});

test.each([
  ["#token=%E6%AC%8A", undefined],
  ["#token=abc-123", "abc-123"],
  ["#token=a%2Fb%3D", "a/b="],
  ["#token=", undefined],
  ["#token=%E0%A4%A", undefined],
  ["#other=abc", undefined],
  ["", undefined],
])("the fragment %j carries %j", (hash, token) => {
  expect(tokenOfFragment(hash)).toBe(token);
});
