// What the rules of intent/ would understand of a draft. The rules are heavy: this file is loaded when somebody begins to write. Pure.
import type { KnownSite } from "../../../intent/sites.ts";
import { understand } from "../../../intent/understand.ts";
import type { Understanding } from "../../../protocol/intent.ts";

export interface UnderstoodInput {
  text: string; // as it would be sent
  targetSites: readonly string[];
  sites: readonly KnownSite[];
  slices: readonly string[]; // names of those that are live
  textWithType: string; // the same with a type added to it
}

export interface Understood {
  text: string; // which was read: what is in the box may be newer
  understanding: Understanding;
  asksSites: boolean; // by the sentence alone; stays while one chooses them
  asksType: boolean; // and words at the end would settle it
  asksAmount: boolean;
}

export function understood({ text, targetSites, sites, slices, textWithType }: UnderstoodInput): Understood {
  const read = (sentence: string, given: readonly string[]) =>
    understand({ intentId: "preview", text: sentence, context: {}, targetSites: given, answers: null, sites, slices, now: new Date() });
  const asks = ({ clarifications }: Understanding, wanted: string) => clarifications.some(({ field }) => field === wanted);
  const understanding = read(text, targetSites);
  const alone = targetSites.length === 0 ? understanding : read(text, []);
  const asksType = asks(understanding, "serviceType") && !asks(read(textWithType, targetSites), "serviceType");
  const asksAmount = asks(understanding, "requirement") && Object.keys(understanding.intent.requirements).length === 0;
  return { text, understanding, asksSites: asks(alone, "targetSites"), asksType, asksAmount };
}
