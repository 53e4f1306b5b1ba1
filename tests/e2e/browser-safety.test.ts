// The page against what others write, and against itself: hostile text is text, the content security policy holds, and a viewer can do nothing.
// Every area of the page is walked with the same hostile story.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { words as common } from "../../web/i18n/en/common.ts";
import { launchBrowser, type Opened, openPage, PHONE } from "../helpers/browser.ts";
import { type Stack, startStack } from "../helpers/stack.ts";
import { type Area, areasOf, enter, STORY, type Story, tell } from "./support/areas.ts";
import { giveToken, type OwnToken } from "./support/token.ts";

const IMAGE = `<img src=x data-owned onerror="window.__owned=1">`;
const MARKUP = `${IMAGE}<script data-owned>window.__owned=1</script>`;
const HIDDEN = "\u202egnirts\u202c \u2066isolated\u2069 in\u200bvisible\ufeff";
const ANSI = "\u001b[31mred\u001b[0m\u0007\u009b2J";
const RTL = "אתר ראשי";
const longWord = (length: number) => "w".repeat(length);
const SAID = {
  aside: `${IMAGE} ${HIDDEN} ${RTL} ${longWord(1_000)}`, // the rules take a script for an attack and refuse the sentence
  site: `${MARKUP} ${HIDDEN} ${ANSI} ${RTL} ${longWord(5_000)}`,
  comment: `${MARKUP} ${HIDDEN} ${ANSI} ${RTL} ${longWord(200)}`,
};
const NAME = `${MARKUP} ${HIDDEN} ${RTL}`;

// As the page shows them instead.
const SHOWN_HIDDEN = "⟨U+202E⟩gnirts⟨U+202C⟩";
const SHOWN_ANSI = "␛[31mred␛[0m␇⟨U+009B⟩2J";

let stack: Stack;
let browser: Browser;
let opened: Opened; // on a phone, from before the story and with an intent open: it hears the agents' log lines, too
let person: OwnToken;
let story: Story;
beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack(STORY), launchBrowser()]);
  opened = await openPage(browser, stack, { viewport: PHONE, reducedMotion: "reduce" });
  opened.page.setDefaultTimeout(15_000);
  await opened.page.evaluate(LISTEN);
  person = giveToken(stack, NAME, ["operate"]);
  const attack = await stack.deploy(`${MARKUP} ${HIDDEN} ${RTL} ${longWord(3_000)}`);
  await enter(opened.page, { path: `/intents/${attack}?tab=log`, shows: "[data-testid=tab-log][aria-selected=true]" });
  story = await tell(stack, SAID, person.secret);
  expect((await stack.settled(attack)).status).toBe("rejected");
}, 500_000);
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

const LISTEN = `
  window.__violations = [];
  document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
    window.__violations.push(violatedDirective + " " + blockedURI));`;

interface Look {
  wrong: string[]; // what must not be
  text: string; // all that is shown or told
}

/** What became of the text of others. */
function look(page: Page): Promise<Look> {
  return page.locator("html").evaluate((html) => {
    const document = html.ownerDocument;
    const wrong: string[] = [];
    if (document.defaultView.__owned !== undefined) wrong.push("a script of theirs ran");
    for (const made of document.querySelectorAll("[data-owned], [onerror], [onclick], body script:not([src]), iframe, object"))
      wrong.push(`made: ${made.outerHTML.slice(0, 80)}`);
    const told = [...document.querySelectorAll("[title], [aria-label]")].map((one) => `${one.title}\n${one.getAttribute("aria-label")}`);
    const text = [document.title, document.body.textContent, ...told].join("\n");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    const hidden = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/.exec(text);
    if (hidden !== null) wrong.push(`hidden: ${JSON.stringify(text.slice(hidden.index - 40, hidden.index + 10))}`);
    if (html.scrollWidth > html.clientWidth) wrong.push(`wider than the screen by ${html.scrollWidth - html.clientWidth} px`);
    return { wrong, text };
  });
}

const nameOf = ({ path, open }: Area) => `${path} ${open?.press ?? ""}`.trim();

/** What of the hostile text each area shows, by its name; and everything that must not be. */
async function walk(page: Page): Promise<{ wrong: string[]; shown: Map<string, string> }> {
  const wrong: string[] = [];
  const shown = new Map<string, string>();
  for (const area of areasOf(story)) {
    await enter(page, area);
    const found = await look(page);
    wrong.push(...found.wrong.map((what) => `${nameOf(area)}: ${what}`));
    shown.set(nameOf(area), found.text);
  }
  return { wrong, shown };
}

test("text of others is text on every area: no element, no script, nothing hidden, no wider page, no violation of the policy", async () => {
  const { page, faults } = opened;
  const { wrong, shown } = await walk(page);
  expect(wrong).toEqual([]);
  // It was there to be seen, with marks for what is hidden.
  const sees = (path: string, ...parts: string[]) => {
    const text = shown.get(path) ?? "";
    expect(
      parts.filter((part) => !text.includes(part)),
      path,
    ).toEqual([]);
  };
  const all = [MARKUP, SHOWN_HIDDEN, SHOWN_ANSI, RTL];
  for (const path of [
    "/",
    `/intents/${story.live}`,
    `/intents/${story.waiting}`,
    "/approvals waiting-toggle",
    `/deployments/${story.deployment}`,
  ])
    sees(path, IMAGE, SHOWN_HIDDEN, RTL);
  sees("/", MARKUP);
  for (const path of [`/intents/${story.failed}`, `/alerts/${story.alert}`, "/sites/edge3", "/sites", "/monitoring", "/activity"])
    sees(path, ...all);
  sees(`/intents/${story.failed}?tab=log`, ...all);
  expect(await page.evaluate("window.__violations")).toEqual([]);
  expect(faults).toEqual([]);
});

test("what an agent says of a site is a line of the log, with marks for what is hidden", async () => {
  const { page } = opened;
  await enter(page, { path: `/intents/${story.failed}?tab=log`, shows: "[data-testid=log-lines]" });
  const line = page.locator("[data-testid=log-line][data-level=warn]").filter({ hasText: SHOWN_ANSI });
  await line.first().waitFor();
  expect((await look(page)).wrong).toEqual([]);
});

test("the policy allows no inline script, no eval and no style from elsewhere", async () => {
  const policy = (await fetch(stack.url)).headers.get("content-security-policy") ?? "";
  const directives = new Map(policy.split(";").map((part) => [part.trim().split(" ")[0] ?? "", part.trim().split(" ").slice(1)]));
  const EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"; // of no characters at all
  expect(directives.get("default-src")).toEqual(["'none'"]);
  expect(directives.get("script-src")).toEqual(["'self'"]);
  expect(directives.get("style-src")).toEqual(["'self'", EMPTY_STYLE]);
  for (const name of ["base-uri", "form-action", "frame-ancestors"]) expect(directives.get(name), name).toEqual(["'none'"]);
  expect(policy).not.toMatch(/unsafe|data:|\*/);
});

test("an inline script that gets into the page does not run, and the browser says so", async () => {
  const { page, faults } = opened;
  const before = faults.length;
  await page.locator("html").evaluate((html) => {
    const document = html.ownerDocument;
    const script = document.createElement("script");
    script.textContent = "window.__owned = 1";
    const button = document.createElement("button");
    button.setAttribute("onclick", "window.__owned = 1");
    document.body.append(script, button);
    button.click();
    script.remove();
    button.remove();
  });
  expect(await page.evaluate("window.__owned")).toBeUndefined();
  expect(await page.evaluate("window.__violations")).toEqual(["script-src-attr inline", "script-src-elem inline"]);
  expect(faults.length).toBeGreaterThan(before);
});

const COMMANDS = [
  ...[
    "send",
    "dry-run",
    "rerun",
    "approve",
    "reject",
    "answer",
    "accept",
    "decide-rollback",
    "decide-resume",
    "rollback",
    "scale",
    "terminate",
  ],
  ...["rollback-confirm", "look", "test", "save-routing", "send-correction", "site-rollback"],
];

test("a viewer sees every command off with its reason, and the server refuses each as well", async () => {
  const viewer = giveToken(stack, "a viewer", ["read"]);
  const { page, faults } = await openPage(browser, stack, { token: viewer.secret, reducedMotion: "reduce" });
  page.setDefaultTimeout(15_000);
  const seen = new Set<string>();
  for (const area of areasOf(story).filter(mayCommand)) {
    await enter(page, area);
    const buttons = await commandsOn(page);
    for (const { name, off, reason } of buttons) {
      expect({ at: nameOf(area), name, off, reason }).toEqual({
        ...{ at: nameOf(area), name, off: "true" },
        reason: expect.stringMatching(new RegExp(`${common["permission.operate"]}|${common["permission.admin"]}`)),
      });
      seen.add(name);
    }
  }
  expect([...seen]).toEqual(
    expect.arrayContaining(["send", "approve", "reject", "answer", "decide-resume", "rollback", "scale", "terminate", "look"]),
  );
  expect(faults).toEqual([]);

  const commands = [
    ["/api/v1/intents", { text: "Deploy eMBB slice on edge1 with 10Mbps" }],
    [`/api/v1/intents/${story.waiting}/approve`, { digest: `sha256:${"0".repeat(64)}` }],
    [`/api/v1/intents/${story.waiting}/reject`, {}],
    [`/api/v1/intents/${story.decision}/decide`, { action: "accept" }],
    [`/api/v1/deployments/${story.deployment}/rollback`, {}],
    ["/api/v1/slices/video-7/terminate", {}],
    [`/api/v1/alerts/${story.alert}/ack`, {}],
  ] as const;
  for (const [path, body] of commands) {
    const answer = await stack.api("POST", path, body, { authorization: `Bearer ${viewer.secret}` });
    expect(answer, path).toMatchObject({ status: 403, body: { error: { code: "FORBIDDEN" } } });
  }
});

const READ_ONLY = /tab=(timeline|diff|evidence|log)$|unknown$|^\/(no-such-page|more)$/; // below a head that is seen without them, too

const mayCommand = ({ path, open }: Area) => !READ_ONLY.test(path) && (open === undefined || open.press === "waiting-toggle");

interface Command {
  name: string;
  off: string | null;
  reason: string;
}

/** Each command that is shown, whether it is off, and the words that say why. */
function commandsOn(page: Page): Promise<Command[]> {
  return page.locator("button[data-testid]").evaluateAll(
    (buttons, names) =>
      buttons
        .filter((button) => names.includes(button.dataset.testid ?? ""))
        .map((button) => {
          const told = button.ownerDocument.getElementById(button.getAttribute("aria-describedby") ?? "");
          const reason = told?.textContent ?? button.getAttribute("aria-description") ?? "";
          return { name: button.dataset.testid ?? "", off: button.getAttribute("aria-disabled"), reason };
        }),
    COMMANDS,
  );
}
