// Why a plan needs a person: the request, the sites, the policy, or what it does to others.
import { expect, test } from "vitest";
import { type ApprovalInput, approvalReasons } from "../../intent/approval.ts";
import { OperationsPolicy } from "../../protocol/policy.ts";

const usual: ApprovalInput = {
  asked: "auto",
  plan: { action: "scale", sites: ["edge1", "edge2"], preempts: [] },
  policy: OperationsPolicy.parse({}),
  labels: new Map([
    ["edge1", { environment: "production", tier: "gold" }],
    ["edge2", { environment: "lab", tier: "gold" }],
  ]),
};
const nowhere = { ...usual, labels: new Map() };
const policy = (approval: object) => OperationsPolicy.parse({ approval });

test.each<[string, ApprovalInput, string[]]>([
  ["nothing speaks for it", nowhere, []],
  ["the request asks", { ...nowhere, asked: "required" }, ["the request asks for it"]],
  ["a production site", usual, ["edge1 is a production site"]],
  [
    "the policy, for this action",
    { ...nowhere, policy: policy({ actions: ["terminate", "scale"] }) },
    ["the policy wants it for every scale"],
  ],
  ["the policy, for another action", { ...nowhere, policy: policy({ actions: ["terminate"] }) }, []],
  [
    "the policy, for sites with a label",
    { ...usual, policy: policy({ labels: { environment: "lab" } }) },
    ["edge1 is a production site", "the policy wants it for sites with environment=lab, as edge2 is"],
  ],
  [
    "slices that would have to go",
    { ...nowhere, plan: { ...usual.plan, preempts: [{ slice: "low-2", site: "edge2", deploymentId: "dep_01k00000000000000000000002" }] } },
    ["slice low-2 would be removed from edge2 to make room"],
  ],
])("%s", (_, input, reasons) => {
  expect(approvalReasons(input)).toEqual(reasons);
});

test("all reasons are told", () => {
  const all = approvalReasons({ ...usual, asked: "required", policy: policy({ actions: ["scale"], labels: { tier: "gold" } }) });
  expect(all).toEqual([
    "the request asks for it",
    "the policy wants it for every scale",
    "edge1 is a production site",
    "the policy wants it for sites with tier=gold, as edge1 is",
    "the policy wants it for sites with tier=gold, as edge2 is",
  ]);
});
