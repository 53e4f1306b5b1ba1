// Where a person has the word: the panel that asks, loaded only when it does.
import { Suspense, useState } from "react";
import { Loading } from "../../common/empty.tsx";
import { part } from "../../common/part.tsx";
import type { Known } from "./use-intent.ts";

const ApprovalPanel = part(
  () => import("../approval/approval-panel.tsx"),
  (module) => module.ApprovalPanel,
);
const DecisionPanel = part(
  () => import("../approval/decision-panel.tsx"),
  (module) => module.DecisionPanel,
);
const ClarifyForm = part(
  () => import("../approval/clarify-form.tsx"),
  (module) => module.ClarifyForm,
);

export function Asked({ known: { record, view, full } }: { known: Known }) {
  const { answer, approve, decide } = view.commands;
  // The panel stays after the decision: when what was approved turns out to be another plan by now, it is the one who says so.
  const [wasAsked, setWasAsked] = useState(false);
  if (approve && full && !wasAsked) setWasAsked(true);
  if (!(answer || approve || decide || wasAsked)) return null;
  if (!full && !wasAsked) return <Loading rows={1} height={180} />;
  return (
    <Suspense fallback={<Loading rows={1} height={180} />}>
      {answer && <ClarifyForm record={record} />}
      {wasAsked && <ApprovalPanel record={record} brief />}
      {decide && <DecisionPanel record={record} brief />}
    </Suspense>
  );
}
