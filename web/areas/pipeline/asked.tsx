// Where a person has the word: the panel that asks, loaded only when it does.
import { lazy, Suspense, useState } from "react";
import { Loading } from "../../common/empty.tsx";
import type { Known } from "./use-intent.ts";

const ApprovalPanel = lazy(() => import("../approval/approval-panel.tsx").then((module) => ({ default: module.ApprovalPanel })));
const DecisionPanel = lazy(() => import("../approval/decision-panel.tsx").then((module) => ({ default: module.DecisionPanel })));
const ClarifyForm = lazy(() => import("../approval/clarify-form.tsx").then((module) => ({ default: module.ClarifyForm })));

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
      {decide && <DecisionPanel record={record} />}
    </Suspense>
  );
}
