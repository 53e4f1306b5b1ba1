// The questions an intent waits for, answerable in place: which sites, which kind of service, which number.
import { type FormEvent, useId, useState } from "react";
import type { Clarification, ClarificationAnswers, RequirementField, ServiceType } from "../../protocol/intent.ts";
import type { Site } from "../../protocol/site.ts";
import { QUANTITIES } from "../state/correction.ts";
import { ProblemNotice } from "./bits.tsx";
import { useCommand } from "./use-command.ts";

const SERVICES: readonly { type: ServiceType; hint: string }[] = [
  { type: "eMBB", hint: "broadband, video" },
  { type: "URLLC", hint: "low latency, control" },
  { type: "mMTC", hint: "many devices, sensors" },
];

export interface ClarifyFormProps {
  clarifications: readonly Clarification[];
  sites: readonly Site[];
  disabled: boolean;
  onAnswer(answers: ClarificationAnswers): Promise<unknown>;
}

export function ClarifyForm({ clarifications, sites, disabled, onAnswer }: ClarifyFormProps) {
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [service, setService] = useState<ServiceType | null>(null);
  const [quantity, setQuantity] = useState<RequirementField>("downlinkMbps");
  const [amount, setAmount] = useState("");
  const command = useCommand();
  const group = useId();

  const answers: ClarificationAnswers = {};
  if (chosen.length > 0) answers.targetSites = [...chosen];
  if (service !== null) answers.serviceType = service;
  if (Number(amount) > 0) answers.requirement = { [quantity]: Number(amount) };
  const given = { targetSites: chosen.length > 0, serviceType: service !== null, requirement: Number(amount) > 0 };
  const complete = clarifications.every((clarification) => given[clarification.field]);

  const toggle = (site: string, on: boolean) => setChosen(on ? [...chosen, site] : chosen.filter((one) => one !== site));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (complete) command.run(() => onAnswer(answers));
  };

  return (
    <form className="clarify" data-testid="clarify-form" onSubmit={submit}>
      {clarifications.map((clarification) => (
        <fieldset key={clarification.field} data-field={clarification.field} disabled={disabled}>
          <legend>{clarification.question}</legend>
          {clarification.field === "targetSites" &&
            sites.map((site) => (
              <label key={site.id} className="check">
                <input type="checkbox" checked={chosen.includes(site.id)} onChange={(event) => toggle(site.id, event.target.checked)} />
                {site.id}
              </label>
            ))}
          {clarification.field === "serviceType" &&
            SERVICES.map(({ type, hint }) => (
              <label key={type} className="check">
                <input type="radio" name={group} checked={service === type} onChange={() => setService(type)} />
                {type} <span className="faint">{hint}</span>
              </label>
            ))}
          {clarification.field === "requirement" && (
            <>
              <select aria-label="What to set" value={quantity} onChange={(event) => setQuantity(asQuantity(event.target.value))}>
                {QUANTITIES.map(({ key, name }) => (
                  <option key={key} value={key}>
                    {name}
                  </option>
                ))}
              </select>
              <input aria-label="Value" inputMode="decimal" value={amount} onChange={(event) => setAmount(event.target.value)} />
            </>
          )}
        </fieldset>
      ))}
      <button type="submit" className="primary" disabled={disabled || command.pending || !complete}>
        {command.pending ? "Sending…" : "Answer"}
      </button>
      {command.error !== undefined && <ProblemNotice problem={command.error} />}
    </form>
  );
}

function asQuantity(value: string): RequirementField {
  return QUANTITIES.find(({ key }) => key === value)?.key ?? "downlinkMbps";
}
