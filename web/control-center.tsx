// The signed-in page: puts the feed's state into the components and the API's commands into their hands.
import { lazy, Suspense, useEffect, useMemo, useState } from "react";
import type { Me } from "../protocol/api.ts";
import type { Deployment } from "../protocol/deployment.ts";
import type { Site } from "../protocol/site.ts";
import type { Api, NewIntent } from "./api.ts";
import { AlertsPanel } from "./components/alerts-panel.tsx";
import { ProblemNotice } from "./components/bits.tsx";
import { Composer } from "./components/composer.tsx";
import { Deployments } from "./components/deployments.tsx";
import { ErrorBoundary } from "./components/error-boundary.tsx";
import { EventFeed } from "./components/event-feed.tsx";
import { Header } from "./components/header.tsx";
import { Pipelines } from "./components/pipelines.tsx";
import { RollbackDialog } from "./components/rollback-dialog.tsx";
import { SitesPanel } from "./components/sites-panel.tsx";
import { SlicesPanel } from "./components/slices-panel.tsx";
import { useNow } from "./components/use-now.ts";
import type { Feed } from "./feed.ts";
import { announcement } from "./state/announce.ts";
import { freshness } from "./state/freshness.ts";
import type { RoutingEdit } from "./state/integrations.ts";
import { changesIntegrations, changesSlices, deploymentOf, deploymentsInOrder, intentsInOrder, isAlert, lastSeqOf } from "./state/shown.ts";
import { templates } from "./state/templates.ts";
import { useFeed, useStore } from "./use-feed.ts";
import { INTEGRATIONS_PATH, usePath } from "./use-path.ts";

const PIPELINES_AT_ONCE = 8;
const CLOCK_MS = 1_000;

const Understood = lazy(() => import("./components/understood.tsx").then((module) => ({ default: module.Understood })));
const IntegrationsPage = lazy(() => import("./components/integrations-page.tsx").then((module) => ({ default: module.IntegrationsPage })));

export interface ControlCenterProps {
  api: Api;
  me: Me;
  onSignOut(): void;
}

export function ControlCenter(props: ControlCenterProps) {
  const feed = useFeed(props.api);
  return feed === null ? null : <Page {...props} feed={feed} />;
}

function Page({ api, me, onSignOut, feed }: ControlCenterProps & { feed: Feed }) {
  const state = useStore(feed.state);
  const live = useStore(feed.live);
  const now = useNow(CLOCK_MS);
  const place = usePath();
  const [shown, setShown] = useState(PIPELINES_AT_ONCE);
  const [edit, setEdit] = useState<RoutingEdit | null>(null);
  const [rollback, setRollback] = useState<Deployment | null>(null);
  useEffect(() => feed.show(shown), [feed, shown]);

  const commands = useMemo(() => withTouch(api, feed), [api, feed]);
  const intents = useMemo(() => intentsInOrder(state), [state]);
  const deployments = useMemo(() => deploymentsInOrder(state), [state]);
  const elsewhere = place.path === INTEGRATIONS_PATH;
  const mayAdmin = me.scopes.includes("admin");
  const mayOperate = mayAdmin || me.scopes.includes("operate");

  return (
    <>
      <Header
        me={me}
        place={place}
        freshness={freshness(live.link, state, { now, startedAt: feed.startedAt })}
        agents={state.agents}
        sites={state.sites}
        health={live.health}
        loaded={state.loaded}
        now={now}
        onReconnect={feed.nudge}
        onSignOut={onSignOut}
      />
      {live.link.stopped !== null && (
        <p className="banner notice" data-tone="failed" role="alert">
          {live.link.stopped}
        </p>
      )}
      {elsewhere && (
        <ErrorBoundary fallback={<p className="page notice">This page could not be loaded. Reload it.</p>}>
          <Suspense fallback={null}>
            <IntegrationsPage
              changed={lastSeqOf(state.events, changesIntegrations)}
              onEdit={setEdit}
              {...{ mayOperate, mayAdmin, edit, api }}
            />
          </Suspense>
        </ErrorBoundary>
      )}
      {/* Hidden, not gone, while the other page is shown: what was typed into it must stay. */}
      <main className="page" hidden={elsewhere}>
        <div className="column">
          <Composer
            sites={state.sites}
            templates={templates(state.sites)}
            refusal={mayOperate ? null : "Your token may look only. To send intents, sign in with one that has the scope operate."}
            preview={(text) => <Preview text={text} sites={state.sites} />}
            onSend={async (intent: NewIntent, key) => feed.touch((await api.createIntent(intent, key)).intentId)}
          />
          {!state.loaded && live.problem === null && <p className="card faint">Loading the present state…</p>}
          {!state.loaded && live.problem !== null && <ProblemNotice problem={live.problem} retry={feed.nudge} />}
          {state.loaded && (
            <>
              <Pipelines
                intents={intents}
                shown={shown}
                deploymentOf={(record) => deploymentOf(state, record)}
                sites={state.sites}
                mayOperate={mayOperate}
                commands={commands}
                onRollback={setRollback}
                onMore={() => setShown(shown + PIPELINES_AT_ONCE)}
              />
              <Deployments deployments={deployments} mayOperate={mayOperate} onRollback={setRollback} />
            </>
          )}
        </div>
        {state.loaded && (
          <div className="column">
            <AlertsPanel changed={lastSeqOf(state.events, isAlert)} mayOperate={mayOperate} api={api} />
            <SlicesPanel changed={lastSeqOf(state.events, changesSlices)} mayOperate={mayOperate} commands={commands} />
            <SitesPanel sites={state.sites} />
            <EventFeed events={state.events} />
          </div>
        )}
      </main>
      <p className="visually-hidden" aria-live="polite">
        {announcement(state)}
      </p>
      {rollback !== null && <RollbackDialog deployment={rollback} commands={commands} onClose={() => setRollback(null)} />}
    </>
  );
}

function Preview({ text, sites }: { text: string; sites: readonly Site[] }) {
  if (text.trim() === "") return null;
  return (
    <ErrorBoundary fallback={null}>
      <Suspense fallback={null}>
        <Understood text={text} sites={sites} />
      </Suspense>
    </ErrorBoundary>
  );
}

/** The commands, each followed by a fresh look at what it changed: not every change has an event of its own. */
function withTouch(api: Api, feed: Feed) {
  const touched = async <T,>(intentId: string, work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } finally {
      feed.touch(intentId);
    }
  };
  return {
    answer: (id, body) => touched(id, api.answer(id, body)),
    approve: (id, digest) => touched(id, api.approve(id, digest)),
    reject: (id, reason) => touched(id, api.reject(id, reason)),
    decide: (id, action) => touched(id, api.decide(id, action)),
    cancel: (id) => touched(id, api.cancel(id)),
    correct: (id, fields, key) => touched(id, api.correct(id, fields, key)),
    deploymentDiff: api.deploymentDiff,
    slices: api.slices,
    scale: (name, requirements, key) => touched("", api.scale(name, requirements, key)),
    terminate: (name, key) => touched("", api.terminate(name, key)),
    rollback: (id, site, key) => touched("", api.rollback(id, site, key)),
  } satisfies Partial<Api>;
}
