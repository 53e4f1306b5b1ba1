// Small parts that many components share: badge, time, copy button, error notice.
import { useEffect, useState } from "react";
import { clockTime } from "../state/format.ts";
import type { Label } from "../state/labels.ts";
import { describe, type Problem } from "../state/problem.ts";
import { Icon } from "./icon.tsx";

/** Icon, word and colour: a state is never told by colour alone. */
export function Badge({ label }: { label: Label }) {
  return (
    <span className="badge" data-tone={label.tone}>
      <Icon name={label.tone} />
      {label.word}
    </span>
  );
}

/** The viewer's time; the exact instant on hover. */
export function Time({ at }: { at: string }) {
  return (
    <time dateTime={at} title={at}>
      {clockTime(at, Date.now())}
    </time>
  );
}

const COPIED_MS = 1_500;

export function CopyButton({ value, shown, what }: { value: string; shown: string; what: string }) {
  const [copied, setCopied] = useState<"yes" | "no" | null>(null);
  useEffect(() => {
    if (copied === null) return;
    const timer = setTimeout(() => setCopied(null), COPIED_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  // The clipboard is absent on plain http; the value stays selectable then.
  const copy = () =>
    Promise.resolve(navigator.clipboard?.writeText(value) ?? Promise.reject(new Error("no clipboard"))).then(
      () => setCopied("yes"),
      () => setCopied("no"),
    );
  return (
    <span className="copy">
      <code title={value}>{shown}</code>
      <button type="button" className="quiet" aria-label={`Copy ${what}`} onClick={() => void copy()}>
        <Icon name={copied === "yes" ? "done" : "copy"} />
      </button>
      <span className="copied" aria-live="polite">
        {copied === "yes" ? "copied" : copied === "no" ? "select and copy by hand" : ""}
      </span>
    </span>
  );
}

/** What went wrong, which field, and what to quote when asking for help. */
export function ProblemNotice({ problem, retry }: { problem: unknown; retry?: () => void }) {
  const told: Problem = describe(problem);
  return (
    <div className="notice" data-tone="failed" role="alert">
      <p>{told.message}</p>
      {told.details.length > 0 && (
        <ul>
          {told.details.map((detail) => (
            <li key={`${detail.field} ${detail.message}`}>
              <code>{detail.field}</code> {detail.message}
            </li>
          ))}
        </ul>
      )}
      {told.requestId !== null && <p className="faint">Request {told.requestId}</p>}
      {retry !== undefined && (
        <button type="button" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  );
}
