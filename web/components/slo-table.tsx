// The measured service levels, as they were executed: objective, value, threshold, verdict, and the query behind each.
import type { Evidence } from "../../protocol/slo.ts";
import { measured } from "../state/format.ts";
import { OBJECTIVE_LABELS, VERDICT_LABELS } from "../state/labels.ts";
import { Badge } from "./bits.tsx";

export function SloTable({ evidence }: { evidence: readonly Evidence[] }) {
  // Measured again after a crash or a decision: the last measurement of each objective counts.
  const latest = [...new Map(evidence.map((one) => [`${one.site} ${one.objective}`, one])).values()];
  return (
    <div className="scroll">
      <table className="slo">
        <caption>Measured service levels</caption>
        <thead>
          <tr>
            <th scope="col">Site</th>
            <th scope="col">Objective</th>
            <th scope="col">Measured</th>
            <th scope="col">Wanted</th>
            <th scope="col">Verdict</th>
          </tr>
        </thead>
        <tbody>
          {latest.map((one) => (
            <tr key={`${one.site} ${one.objective}`} data-testid="evidence" data-verdict={one.verdict}>
              <th scope="row">{one.site}</th>
              <td title={one.query}>{OBJECTIVE_LABELS[one.objective]}</td>
              <td className="number">{measured(one.value, one.unit)}</td>
              <td className="number">
                {one.comparator === "lte" ? "≤" : "≥"} {measured(one.threshold, one.unit)}
              </td>
              <td title={one.message}>
                <Badge label={VERDICT_LABELS[one.verdict]} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
