// Where a person has the word: approve or refuse exactly this package, keep or take back what could not be judged.
import { useState } from "react";
import type { IntentRecord } from "../../protocol/api.ts";
import type { Api, DecideAction } from "../api.ts";
import { ProblemNotice } from "./bits.tsx";
import { DiffView } from "./diff-view.tsx";
import { useCommand } from "./use-command.ts";

export interface ApprovalPanelProps {
  record: IntentRecord;
  mayOperate: boolean;
  commands: Pick<Api, "approve" | "reject">;
}

export function ApprovalPanel({ record, mayOperate, commands }: ApprovalPanelProps) {
  const [reason, setReason] = useState("");
  const command = useCommand();
  const { digest, diff, intentId } = record;
  const ready = digest !== null && diff !== null;
  return (
    <section className="person" aria-label="Approval" data-testid="approval">
      {ready ? <DiffView files={diff} open /> : <p className="faint">Loading the diff…</p>}
      {digest !== null && (
        <p className="faint">
          Approves exactly this package: <code className="digest">{digest}</code>
        </p>
      )}
      <div className="row">
        <button
          type="button"
          className="primary"
          data-testid="approve"
          disabled={!mayOperate || !ready || command.pending}
          onClick={() => digest !== null && command.run(() => commands.approve(intentId, digest))}
        >
          Approve
        </button>
        <input
          aria-label="Reason for a rejection"
          placeholder="Reason (optional)"
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        <button
          type="button"
          data-testid="reject"
          disabled={!mayOperate || command.pending}
          onClick={() => command.run(() => commands.reject(intentId, reason))}
        >
          Reject
        </button>
      </div>
      {command.error !== undefined && <ProblemNotice problem={command.error} />}
    </section>
  );
}

export interface DecisionPanelProps {
  id: string;
  mayOperate: boolean;
  commands: Pick<Api, "decide">;
}

export function DecisionPanel({ id, mayOperate, commands }: DecisionPanelProps) {
  const command = useCommand();
  const decide = (action: DecideAction) => command.run(() => commands.decide(id, action));
  return (
    <section className="person" aria-label="Decision" data-testid="decision">
      <div className="row">
        <button
          type="button"
          className="primary"
          data-testid="accept"
          disabled={!mayOperate || command.pending}
          onClick={() => decide("accept")}
        >
          Keep it
        </button>
        <button type="button" data-testid="decide-rollback" disabled={!mayOperate || command.pending} onClick={() => decide("rollback")}>
          Roll back
        </button>
        <button
          type="button"
          data-testid="decide-resume"
          title="Tries what failed or could not be judged once more, and goes on"
          disabled={!mayOperate || command.pending}
          onClick={() => decide("resume")}
        >
          Go on
        </button>
      </div>
      {command.error !== undefined && <ProblemNotice problem={command.error} />}
    </section>
  );
}
