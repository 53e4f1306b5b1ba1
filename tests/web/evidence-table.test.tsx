// A measurement as it is shown: what was measured and wanted, by which query; a value that is missing never reads as a number.
import { expect, test } from "vitest";
import { EvidenceTable } from "../../web/common/evidence-table.tsx";
import { markup, textOf } from "./markup.tsx";
import { evidence } from "./sample.ts";

const EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>";

test.each([true, false])("the value stands beside what was wanted, with the query and the verdict in words (compact: %s)", (compact) => {
  const missed = { ...evidence("edge1", "fail"), value: 180.126, threshold: 20, query: "p95{site='edge1'}", samples: 1 };
  const page = markup(<EvidenceTable label="Measured" evidence={[missed]} compact={compact} />);
  expect(page.match(/data-testid="evidence"/g)).toHaveLength(1);
  expect(page).toContain('data-verdict="fail" data-site="edge1"');
  expect(textOf(page)).toMatch(/edge1.*fail.*180\.13 ms≤ 20 ms1 sample.*p95\{site=/);
});

test("what was not measured says so", () => {
  const page = markup(<EvidenceTable label="Measured" evidence={[{ ...evidence("edge1", "inconclusive"), value: null }]} />);
  expect(textOf(page)).toContain("no value");
});

test("hostile queries and messages stay text", () => {
  const hostile = { ...evidence("edge1", "error"), query: EVIL, message: EVIL };
  expect(markup(<EvidenceTable label="Measured" evidence={[hostile]} />)).not.toMatch(/<script|<img/);
});
