// Quick templates: sentences that fill the box, with names of this installation where it has any. Filling sends nothing.
import type { Deployment } from "../../protocol/deployment.ts";
import type { Site } from "../../protocol/site.ts";

export interface Template {
  name: string;
  text: string;
}

export function templates(sites: readonly Site[], deployments: readonly Deployment[]): Template[] {
  const first = sites[0]?.id ?? "edge1";
  const second = sites[1]?.id ?? "edge2";
  const live = deployments.find((deployment) => deployment.status === "live");
  const slice = live?.slice ?? "my-slice";
  const at = live?.sites[0]?.site ?? first;
  return [
    { name: "Deploy eMBB", text: `Deploy eMBB slice on ${first} and ${second} with 200Mbps and 20ms latency` },
    { name: "Deploy URLLC", text: `Deploy URLLC slice on ${first} with 20Mbps, 5ms latency and 99.999% reliability` },
    { name: "Deploy mMTC", text: `Deploy mMTC slice on ${second} for 5000 devices with 10Mbps` },
    { name: "Check status", text: `Check status of ${first}` },
    { name: "Scale up", text: `Scale slice ${slice} on ${at} to 300Mbps` },
    { name: "Roll back", text: `Roll back slice ${slice} on ${at}` },
  ];
}
