// What a sentence was taken to mean, as fields that a person can put right. Only what was changed is sent.
import { type FormEvent, useRef, useState } from "react";
import type { CorrectionAccepted } from "../../protocol/correction.ts";
import { type ParsedIntent, ServiceType } from "../../protocol/intent.ts";
import type { Site } from "../../protocol/site.ts";
import type { Api } from "../api.ts";
import { CorrectableAction, correctedFields, QUANTITIES, type ReadingDraft, readingDraft } from "../state/correction.ts";
import { newKey } from "../state/key.ts";
import { ProblemNotice } from "./bits.tsx";
import { useCommand } from "./use-command.ts";

export interface CorrectFormProps {
  intentId: string;
  understood: ParsedIntent;
  sites: readonly Site[];
  onCorrect: Api["correct"];
  onDone(result: CorrectionAccepted): void;
}

export function CorrectForm({ intentId, understood, sites, onCorrect, onDone }: CorrectFormProps) {
  const [draft, setDraft] = useState<ReadingDraft>(() => readingDraft(understood));
  const command = useCommand();
  const sent = useRef({ body: "", key: "" });
  const fields = correctedFields(understood, draft);
  const change = (patch: Partial<ReadingDraft>) => setDraft({ ...draft, ...patch });
  const toggle = (site: string, on: boolean) =>
    change({ targetSites: on ? [...draft.targetSites, site] : draft.targetSites.filter((one) => one !== site) });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (fields === null) return;
    // The same correction tried again after a lost answer carries the same key: it cannot be stored twice.
    const body = JSON.stringify(fields);
    if (sent.current.body !== body) sent.current = { body, key: newKey() };
    command.run(() => onCorrect(intentId, fields, sent.current.key).then(onDone));
  };

  return (
    <form className="person correct" aria-label="Correct what was understood" data-testid="correct-form" onSubmit={submit}>
      <div className="options">
        <label>
          Action{" "}
          <select name="action" value={draft.action} onChange={(event) => change({ action: event.target.value })}>
            {draft.action === "unsupported" && <option value="unsupported">not understood</option>}
            {CorrectableAction.options.map((action) => (
              <option key={action} value={action}>
                {action}
              </option>
            ))}
          </select>
        </label>
        <label>
          Type{" "}
          <select name="serviceType" value={draft.serviceType} onChange={(event) => change({ serviceType: event.target.value })}>
            <option value="">none said</option>
            {ServiceType.options.map((type) => (
              <option key={type} value={type}>
                {type}
              </option>
            ))}
          </select>
        </label>
        <label>
          Slice <input name="slice" maxLength={80} value={draft.slice} onChange={(event) => change({ slice: event.target.value })} />
        </label>
        <label>
          Priority{" "}
          <input
            {...{ name: "priority", type: "number", min: "1", max: "10", step: "1", required: true }}
            value={draft.priority}
            onChange={(event) => change({ priority: event.target.value })}
          />
        </label>
      </div>
      <fieldset className="options">
        <legend>Sites</legend>
        {[...new Set([...sites.map(({ id }) => id), ...understood.targetSites])].map((site) => (
          <label key={site} className="check">
            <input type="checkbox" checked={draft.targetSites.includes(site)} onChange={(event) => toggle(site, event.target.checked)} />
            {site}
          </label>
        ))}
      </fieldset>
      <div className="options">
        {QUANTITIES.map(({ key, name }) => (
          <label key={key}>
            {name}{" "}
            <input
              {...{ name: key, type: "number", min: "0", step: key === "maxDevices" ? "1" : "any", placeholder: "none said" }}
              value={draft.requirements[key]}
              onChange={(event) => change({ requirements: { ...draft.requirements, [key]: event.target.value } })}
            />
          </label>
        ))}
      </div>
      <div className="row">
        <button type="submit" className="primary" data-testid="send-correction" disabled={fields === null || command.pending}>
          {command.pending ? "Sending…" : "Correct"}
        </button>
        {fields === null && <span className="faint">Change what was misread.</span>}
      </div>
      {command.error !== undefined && <ProblemNotice problem={command.error} />}
    </form>
  );
}
