// Who understood the sentence: provider, model, cache, fallback, what was tried before, and what it took.
import type { Understanding } from "../../protocol/intent.ts";
import { duration } from "../state/format.ts";
import { attemptWords, costOf, readBy, usageWords } from "../state/served.ts";

export function ReadBy({ metadata }: { metadata: Understanding["metadata"] }) {
  const { served, promptVersion, durationMs } = metadata;
  return (
    <details className="read-by" data-testid="read-by" data-provider={metadata.provider}>
      <summary>Read by {readBy(metadata)}</summary>
      <ul className="texts faint">
        <li>took {duration(durationMs)}</li>
        {promptVersion !== undefined && <li>prompt {promptVersion}</li>}
        {served !== undefined && (
          <>
            <li>tokens {usageWords(served.usage)}</li>
            <li>cost {costOf(served.cost)}</li>
            {served.arm !== null && <li>A/B share of {served.arm}</li>}
            {served.attempts.map((attempt, index) => (
              <li key={index} data-testid="attempt" data-outcome={attempt.outcome}>
                {attemptWords(attempt)}
              </li>
            ))}
          </>
        )}
      </ul>
    </details>
  );
}
