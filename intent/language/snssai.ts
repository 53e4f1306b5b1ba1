// An explicit S-NSSAI in a sentence: "SST 1 SD 010203", "S-NSSAI 1-010203", or eight hex digits (TS 23.003 28.4.2).
import type { Snssai } from "../../protocol/intent.ts";
import type { Span } from "./doc.ts";

export interface SnssaiReference {
  sst: number;
  snssai: Snssai | undefined; // without an SD only the type is known
  span: Span;
}

const SST_SD = /\bsst[ ]?[:=]?[ ]?(\d{1,3})\b(?:[ ,;/\u3001-]{0,3}(?:and )?sd[ ]?[:=]?[ ]?(?:0x)?([0-9a-f]{6})\b)?/;
const S_NSSAI = /\bs?-?nssai[ ]?[:=]?[ ]?(\d{1,3})[-:/ ](?:0x)?([0-9a-f]{6})\b/;
const S_NSSAI_HEX = /\bs?-?nssai[ ]?[:=]?[ ]?(?:0x)?([0-9a-f]{2})([0-9a-f]{6})\b/;

export function findSnssai(folded: string): SnssaiReference | undefined {
  if (!folded.includes("sst") && !folded.includes("nssai")) return undefined;
  const hex = S_NSSAI_HEX.exec(folded);
  const match = SST_SD.exec(folded) ?? S_NSSAI.exec(folded) ?? hex;
  if (match === null) return undefined;
  const sst = Number.parseInt(match[1] ?? "", match === hex ? 16 : 10);
  if (!(sst <= 255)) return undefined;
  const sd = match[2];
  return { sst, snssai: sd === undefined ? undefined : { sst, sd }, span: [match.index, match.index + match[0].length] };
}
