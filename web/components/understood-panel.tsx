// Of one intent: who read its sentence, and the way to say that it was misread.
import { useState } from "react";
import type { IntentRecord } from "../../protocol/api.ts";
import type { CorrectionAccepted } from "../../protocol/correction.ts";
import type { Site } from "../../protocol/site.ts";
import type { Api } from "../api.ts";
import { CorrectForm } from "./correct-form.tsx";
import { ReadBy } from "./read-by.tsx";

export interface UnderstoodPanelProps {
  record: IntentRecord;
  sites: readonly Site[];
  mayOperate: boolean;
  onCorrect: Api["correct"];
}

export function UnderstoodPanel({ record, sites, mayOperate, onCorrect }: UnderstoodPanelProps) {
  const [open, setOpen] = useState(false);
  const [result, setResult] = useState<CorrectionAccepted | null>(null);
  const { understanding, command, intentId } = record;
  if (understanding === null || command !== null) return null; // not read yet, or it came as data
  const done = (accepted: CorrectionAccepted) => {
    setOpen(false);
    setResult(accepted);
  };
  return (
    <>
      <div className="row">
        <ReadBy metadata={understanding.metadata} />
        <span className="spring" />
        <button
          type="button"
          className="quiet"
          data-testid="correct"
          disabled={!mayOperate}
          title={mayOperate ? "" : "Correcting needs the scope operate"}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          Misread?
        </button>
      </div>
      {open && (
        <CorrectForm
          key={understanding.metadata.processedAt} // read anew meanwhile: what is corrected is what is shown
          {...{ intentId, understood: understanding.intent, sites, onCorrect }}
          onDone={done}
        />
      )}
      {result !== null && (
        <p className="notice" data-tone={result.applied ? "done" : "wait"} data-testid="corrected" role="status">
          Your correction is {result.message}.
        </p>
      )}
    </>
  );
}
