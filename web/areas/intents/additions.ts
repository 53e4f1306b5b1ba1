// What an answer adds to a sentence: the API takes a type and a number only as words. In the sentence's own language, not in the page's. Pure.
import type { RequirementField, ServiceType } from "../../../protocol/intent.ts";

interface Words {
  comma: string;
  type(type: ServiceType): string;
  amounts: Record<RequirementField, (value: number) => string>;
}

const ENGLISH: Words = {
  comma: ", ",
  type: (type) => `service type ${type}`,
  amounts: {
    downlinkMbps: (value) => `downlink ${value} Mbps`,
    uplinkMbps: (value) => `uplink ${value} Mbps`,
    latencyMs: (value) => `latency ${value} ms`,
    reliabilityPercent: (value) => `reliability ${value} %`,
    availabilityPercent: (value) => `availability ${value} %`,
    maxDevices: (value) => `${value} devices`,
  },
};

const CHINESE: Words = {
  comma: "，",
  type: (type) => `服務類型 ${type}`,
  amounts: {
    downlinkMbps: (value) => `下行 ${value} Mbps`,
    uplinkMbps: (value) => `上行 ${value} Mbps`,
    latencyMs: (value) => `延遲 ${value} ms`,
    reliabilityPercent: (value) => `可靠度 ${value} %`,
    availabilityPercent: (value) => `可用性 ${value} %`,
    maxDevices: (value) => `${value} 台裝置`,
  },
};

function wordsFor(text: string): Words {
  return /\p{Script=Han}/u.test(text) ? CHINESE : ENGLISH;
}

function added(text: string, addition: string): string {
  return `${text.trimEnd().replace(/[.,;，。；、]$/u, "")}${wordsFor(text).comma}${addition}`;
}

export function withType(text: string, type: ServiceType): string {
  return added(text, wordsFor(text).type(type));
}

export function withAmount(text: string, field: RequirementField, value: number): string {
  return added(text, wordsFor(text).amounts[field](value));
}
