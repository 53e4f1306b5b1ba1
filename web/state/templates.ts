// Quick templates: sentences that fill the box, with names of this installation where it has any. Filling sends nothing.
import type { Site } from "../../protocol/site.ts";

export interface Template {
  name: string;
  text: string;
}

export function templates(sites: readonly Site[]): Template[] {
  const first = sites[0]?.id ?? "edge1";
  const second = sites[1]?.id ?? "edge2";
  return [
    { name: "Deploy eMBB", text: `Deploy eMBB slice on ${first} and ${second} with 200Mbps and 20ms latency` },
    { name: "Deploy URLLC", text: `Deploy URLLC slice on ${first} with 20Mbps, 5ms latency and 99.999% reliability` },
    { name: "Deploy mMTC", text: `Deploy mMTC slice on ${second} for 5000 devices with 10Mbps` },
  ];
}
