// What the rules would understand of the sentence as one types: chips with their provenance, and what is still open. Loaded on demand.
import { useDeferredValue, useMemo } from "react";
import { understand } from "../../intent/understand.ts";
import type { Requirements, Understanding } from "../../protocol/intent.ts";
import type { Site } from "../../protocol/site.ts";
import { Icon } from "./icon.tsx";

const QUANTITIES: readonly { key: keyof Requirements; word(value: number): string }[] = [
  { key: "downlinkMbps", word: (value) => `↓ ${value} Mbps` },
  { key: "uplinkMbps", word: (value) => `↑ ${value} Mbps` },
  { key: "latencyMs", word: (value) => `≤ ${value} ms` },
  { key: "reliabilityPercent", word: (value) => `${value} % reliable` },
  { key: "availabilityPercent", word: (value) => `${value} % available` },
  { key: "maxDevices", word: (value) => `${value} devices` },
];

interface Chip {
  field: string; // as provenance names it
  word: string;
}

export function Understood({ text, sites }: { text: string; sites: readonly Site[] }) {
  const calm = useDeferredValue(text.trim());
  const understanding = useMemo(() => (calm === "" ? null : preview(calm, sites)), [calm, sites]);
  if (understanding === null) return null;
  if (understanding.status === "rejected") {
    return (
      <p className="understood faint" data-testid="understood" data-status="rejected">
        Not something this system does, as far as the rules can tell. Name what to deploy, scale, check or take back, and where.
      </p>
    );
  }
  const { provenance } = understanding;
  return (
    <div className="understood" data-testid="understood" data-status={understanding.status}>
      <ul aria-label="Understood so far">
        {chips(understanding).map((chip) => {
          const source = provenance[chip.field]?.source ?? "text";
          return (
            <li key={`${chip.field} ${chip.word}`} data-source={source} title={`from: ${source}`}>
              {chip.word}
            </li>
          );
        })}
      </ul>
      {[...understanding.clarifications.map((one) => one.question), ...understanding.warnings].map((line) => (
        <p key={line} className="open">
          <Icon name="wait" /> {line}
        </p>
      ))}
    </div>
  );
}

function preview(text: string, sites: readonly Site[]): Understanding {
  return understand({ intentId: "preview", text, context: {}, targetSites: [], answers: null, sites, now: new Date() });
}

export function chips({ intent }: Understanding): Chip[] {
  const found: Chip[] = [{ field: "action", word: intent.action }];
  if (intent.intentType !== null) found.push({ field: "intentType", word: intent.intentType });
  for (const site of intent.targetSites) found.push({ field: "targetSites", word: site });
  if (intent.slice !== undefined) found.push({ field: "slice", word: intent.slice });
  for (const { key, word } of QUANTITIES) {
    const value = intent.requirements[key];
    if (value !== undefined) found.push({ field: `requirements.${key}`, word: word(value) });
  }
  return found;
}
