// Sends a draft. The same request tried again after a lost answer carries the same key: it cannot become two intents.
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { paths } from "../../app/paths.ts";
import { server } from "../../app/server.ts";
import { useAppSelector } from "../../app/store.ts";
import { useTell } from "../../common/use-tell.ts";
import type { Failure } from "../../state/problem.ts";
import { asFailure } from "../../state/problem.ts";
import { type Draft, requestOf } from "./draft.ts";
import { createTries, tellSent } from "./tries.ts";

export interface Sending {
  send(draft: Draft, dryRun: boolean): void;
  busy: "send" | "dry-run" | null;
  problem: { failure: Failure; dryRun: boolean } | null;
}

export interface SendOptions {
  storage: Storage | null; // of the box whose draft and keys are kept in it
  onSent(): void;
}

export function useSend({ storage, onSent }: SendOptions): Sending {
  const { t } = useTranslation("intents");
  const tell = useTell();
  const [create, { reset }] = server.useCreateIntentMutation();
  const [busy, setBusy] = useState<Sending["busy"]>(null);
  const [problem, setProblem] = useState<Sending["problem"]>(null);
  const name = useAppSelector((state) => state.me.name);
  const [real] = useState(() => createTries(storage, `send.${name}`));
  const [dry] = useState(() => createTries(storage, `dry-run.${name}`)); // apart: a dry run does not push the key of the real thing aside

  const run = async (draft: Draft, dryRun: boolean) => {
    const intent = requestOf(draft, dryRun);
    const body = JSON.stringify(intent);
    const tries = dryRun ? dry : real;
    setBusy(dryRun ? "dry-run" : "send");
    setProblem(null);
    const answer = await create({ intent, key: tries.keyFor(body) });
    setBusy(null);
    if (answer.data === undefined) {
      const failure = asFailure(answer.error);
      setProblem(failure === null ? null : { failure, dryRun });
      return;
    }
    tries.sent(body);
    if (storage !== null) tellSent(storage, name, draft);
    reset();
    tell.done(t(dryRun ? "sent.dry_run" : "sent"), paths.intent(answer.data.intentId));
    onSent();
  };
  const send = (draft: Draft, dryRun: boolean) => {
    if (busy === null) void run(draft, dryRun);
  };
  return { send, busy, problem };
}
