// Sends a draft. The same request tried again after a lost answer carries the same key: it cannot become two intents.
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { paths } from "../../app/paths.ts";
import { server } from "../../app/server.ts";
import { useTell } from "../../common/use-tell.ts";
import { newKey } from "../../state/key.ts";
import type { Failure } from "../../state/problem.ts";
import { asFailure } from "../../state/problem.ts";
import { type Draft, requestOf } from "./draft.ts";

export interface Sending {
  send(draft: Draft, dryRun: boolean): void;
  busy: "send" | "dry-run" | null;
  problem: { failure: Failure; dryRun: boolean } | null;
}

export function useSend(onSent: (draft: Draft) => void): Sending {
  const { t } = useTranslation("intents");
  const tell = useTell();
  const [create, { reset }] = server.useCreateIntentMutation();
  const [busy, setBusy] = useState<Sending["busy"]>(null);
  const [problem, setProblem] = useState<Sending["problem"]>(null);
  const tried = useRef({ body: "", key: "" });

  const run = async (draft: Draft, dryRun: boolean) => {
    const intent = requestOf(draft, dryRun);
    const body = JSON.stringify(intent);
    if (tried.current.body !== body) tried.current = { body, key: newKey() };
    setBusy(dryRun ? "dry-run" : "send");
    setProblem(null);
    const answer = await create({ intent, key: tried.current.key });
    setBusy(null);
    if (answer.data === undefined) {
      const failure = asFailure(answer.error);
      setProblem(failure === null ? null : { failure, dryRun });
      return;
    }
    tried.current = { body: "", key: "" };
    reset();
    tell.done(t(dryRun ? "sent.dry_run" : "sent"), paths.intent(answer.data.intentId));
    onSent(draft);
  };
  const send = (draft: Draft, dryRun: boolean) => {
    if (busy === null) void run(draft, dryRun);
  };
  return { send, busy, problem };
}
