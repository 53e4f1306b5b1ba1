// What the components write into the page: hostile text as text, every state with a word, an empty page with the next step.
import { createElement, type ReactElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { ApiError } from "../../web/api.ts";
import { ProblemNotice } from "../../web/components/bits.tsx";
import { Composer } from "../../web/components/composer.tsx";
import { Deployments } from "../../web/components/deployments.tsx";
import { DiffView } from "../../web/components/diff-view.tsx";
import { EventFeed } from "../../web/components/event-feed.tsx";
import { Header } from "../../web/components/header.tsx";
import { PipelineCard, type PipelineCardProps } from "../../web/components/pipeline-card.tsx";
import { Pipelines } from "../../web/components/pipelines.tsx";
import { SitesPanel } from "../../web/components/sites-panel.tsx";
import { SloTable } from "../../web/components/slo-table.tsx";
import { Understood } from "../../web/components/understood.tsx";
import { completes } from "./runs.ts";
import { at, COMMIT, deployment, event, evidence, failure, plan, record, site, understanding } from "./sample.ts";

const EVIL = `<script>alert(1)</script><img src=x onerror=alert(1)>\u001b[31m\u202egnp.exe"'`;
const markup = (element: ReactElement) => renderToStaticMarkup(element);
const none = () => Promise.reject(new Error("no command is given while rendering"));
const commands = { answer: none, approve: none, reject: none, decide: none, cancel: none, correct: none };

function card(change: Partial<PipelineCardProps> = {}): string {
  const props: PipelineCardProps = {
    record: record(),
    deployment: null,
    sites: [site("edge1")],
    first: true,
    mayOperate: true,
    commands,
    onRollback: () => undefined,
    ...change,
  };
  return markup(createElement(PipelineCard, props));
}

test("hostile text of intents, sites, errors, effects and diffs stays text", () => {
  const evilSite = { site: "edge1", state: "failed" as const, commit: COMMIT, message: EVIL, updatedAt: at(0) };
  const place = deployment({
    status: "failed",
    slice: EVIL,
    sites: [evilSite],
    evidence: [{ ...evidence("edge1", "error"), query: EVIL, message: EVIL }],
  });
  const diff = [{ path: EVIL, change: "added" as const, patch: `+${EVIL}` }];
  const pages = [
    card({
      record: record({ text: EVIL, createdBy: EVIL, status: "failed", failure: failure({ message: EVIL, details: [EVIL] }) }),
      deployment: place,
    }),
    card({ record: record({ status: "cancelled", effects: [EVIL] }) }),
    card({ record: record({ status: "awaiting_approval", digest: EVIL, diff }) }),
    card({
      record: record({
        status: "needs_clarification",
        understanding: { ...understanding([]), clarifications: [{ field: "targetSites", question: EVIL }] },
      }),
    }),
    markup(createElement(Deployments, { deployments: [place], mayOperate: true, onRollback: () => undefined })),
    markup(createElement(DiffView, { files: diff, open: true })),
    markup(createElement(SitesPanel, { sites: [site("edge1", { status: "degraded", message: EVIL })] })),
    markup(
      createElement(EventFeed, {
        events: [event(1, { type: "intent.received", intent: 1, data: { text: EVIL, targetSites: [], by: EVIL, dryRun: false } })],
      }),
    ),
    markup(createElement(ProblemNotice, { problem: new ApiError({ code: "CONFLICT", message: EVIL, status: 409 }) })),
    markup(createElement(Understood, { text: EVIL, sites: [site("edge1", { id: "edge1", aliases: [EVIL] })] })),
  ];
  for (const page of pages) {
    expect(page).not.toMatch(/<script|<img/);
  }
  expect(pages[0]).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
});

test("a card carries what a browser test waits on: intent, stages and sites with their states", () => {
  const stages = [
    { stage: "input_received" as const, at: at(0), site: null },
    { stage: "llm_processing" as const, at: at(1), site: null },
  ];
  const place = deployment({
    status: "applying",
    sites: [{ site: "edge1", state: "syncing", commit: null, message: "", updatedAt: at(0) }],
  });
  const page = card({ record: record({ status: "parsing", stages, plan: plan("embb-1", ["edge1"]) }), deployment: place });
  expect(page).toContain(`data-testid="pipeline" data-intent-id="${record().intentId}" data-status="parsing"`);
  expect(page).toContain('data-testid="stage" data-stage="input_received" data-state="done"');
  expect(page).toContain('data-testid="stage" data-stage="llm_processing" data-state="active" aria-current="step"');
  expect(page).toContain('data-testid="site-leaf" data-site="edge1" data-state="syncing"');
  expect(page).toContain("syncing</span>");
});

test("questions, approval and decision each show their own form", () => {
  const asks = { ...understanding([]), clarifications: [{ field: "serviceType" as const, question: "Which type?" }] };
  expect(card({ record: record({ status: "needs_clarification", understanding: asks }) })).toContain("Which type?");
  const waiting = card({ record: record({ status: "awaiting_approval", digest: "sha256:x", diff: [] }) });
  expect(waiting).toContain('data-testid="approve"');
  expect(waiting).toContain("sha256:x");
  expect(card({ record: record({ status: "needs_decision", failure: failure() }) })).toContain('data-testid="accept"');
});

test("without the right to operate every command is off", () => {
  const page = card({ record: record({ status: "awaiting_approval", digest: "sha256:x", diff: [] }), mayOperate: false });
  for (const id of ["approve", "reject", "cancel"]) expect(page).toMatch(new RegExp(`data-testid="${id}" disabled=""`));
});

test("the latest measurement of each objective is the one that is shown", () => {
  const again = [evidence("edge1", "inconclusive"), { ...evidence("edge1", "pass"), measuredAt: at(9) }];
  const page = markup(createElement(SloTable, { evidence: again }));
  expect(page.match(/data-testid="evidence"/g)).toHaveLength(1);
  expect(page).toContain('data-verdict="pass"');
  expect(page).toContain("10 ms");
});

test("the header never calls a page live that is not", () => {
  const header = (freshness: Parameters<typeof Header>[0]["freshness"]) =>
    markup(
      createElement(Header, {
        ...{
          me: { name: "ada", scopes: ["read"] },
          place: { path: "/integrations", go: () => undefined },
          freshness,
          agents: [],
          sites: [site("edge1")],
          health: null,
          loaded: true,
          now: Date.parse(at(60)),
        },
        ...{ onReconnect: () => undefined, onSignOut: () => undefined },
      }),
    );
  expect(header({ state: "live" })).toContain('data-testid="connection" data-state="live"');
  expect(header({ state: "catching_up" })).toContain("Catching up");
  expect(header({ state: "stale", since: Date.parse(at(0)), reason: null })).toMatch(
    /data-state="stale".*Stale since \d\d:00:00.*Reconnect/,
  );
  expect(header({ state: "stale", since: null, reason: null })).toContain("Not connected");
  expect(header({ state: "live" })).toContain("No agent online");
  expect(header({ state: "live" })).toContain('<a href="/">Pipeline</a><a href="/integrations" aria-current="page">Integrations</a>');
});

test("empty panels name the next step", () => {
  const empty = {
    shown: 8,
    deploymentOf: () => null,
    sites: [],
    mayOperate: true,
    commands,
    onRollback: () => undefined,
    onMore: () => undefined,
  };
  expect(markup(createElement(Pipelines, { ...empty, intents: [] }))).toContain("take a template");
  expect(markup(createElement(Deployments, { deployments: [], mayOperate: true, onRollback: () => undefined }))).toContain(
    "Send a sentence",
  );
  expect(markup(createElement(EventFeed, { events: [] }))).toContain("Send an intent");
  expect(markup(createElement(SitesPanel, { sites: [] }))).toContain("when it connects");
});

test("a viewer's composer says why it does not send", () => {
  const props = { sites: [], templates: [], refusal: "Your token may look only.", preview: () => null, onSend: none };
  const page = markup(createElement(Composer, props));
  expect(page).toContain("Your token may look only.");
  expect(page).toMatch(/data-testid="send" disabled=""/);
});

test("what the rules understand is shown with its source, and what is open is asked", () => {
  const page = markup(createElement(Understood, { text: "Deploy a slice on edge1 with 200Mbps", sites: [site("edge1")] }));
  expect(page).toContain('data-status="clarification_needed"');
  expect(page).toContain(">edge1</li>");
  expect(page).toContain(">↓ 200 Mbps</li>");
});

test("the event feed has a row with words for every event of a run", () => {
  const events = completes(1).map((what, seq) => event(seq + 1, what));
  const page = markup(createElement(EventFeed, { events }));
  expect(page.match(/data-testid="event"/g)).toHaveLength(events.length);
  expect(page).toContain("Committed to git");
});
