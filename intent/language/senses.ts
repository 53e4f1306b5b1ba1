// What a word or phrase can mean to the machinery. A language is a table from phrases to these senses and nothing else.
import type { Action, ServiceType } from "../../protocol/intent.ts";
import type { Unit } from "../units.ts";

export type SupportedAction = Exclude<Action, "unsupported">;
export type Direction = "downlink" | "uplink" | "both";
export type Measure = "bandwidth" | "latency" | "reliability" | "availability" | "loss" | "other";

/** Grammatical helpers. Each is one job that a word does; the machinery asks for the job, never for the word. */
export type Flag =
  | "not" // don't, no, never: takes back the action or type that follows
  | "except" // all sites but these
  | "but" // an exception right after "all", a turn elsewhere
  | "instead" // instead of, rather than
  | "correction" // oops, no wait, I mean: what stands before is replaced
  | "between"
  | "from"
  | "to"
  | "upper" // up to, at most: a bound, never a direction
  | "join" // and, &, plus
  | "quantifier" // all, every, each
  | "everywhere"
  | "bothOf"
  | "siteNoun"
  | "sliceNoun"
  | "named"
  | "device"
  | "perDevice"
  | "relative" // by 100, double, twice
  | "priority"
  | "nines"
  | "copula" // is, was, has: what it is said of is described, not addressed
  | "filler" // words that may stand inside an entity: of, the, about
  | "clauseBreak" // so, but, then
  | "domain" // words of this trade that are no slice and no site
  | "question"
  | "help" // how do I: a question about the system, not a request
  | "otherVerb" // asks for something that this system does not do to a slice
  | "greeting"
  | "attack" // tries to change the rules instead of the network
  | "secret" // what an attack wants to see
  | "foreign"; // things that can be deployed, but not by this system

export type Sense =
  | { kind: "action"; action: SupportedAction; strength: 1 | 2 | 3 } // 3: only networks are meant; 2: plain imperative; 1: weak hint
  | { kind: "type"; type: ServiceType }
  | { kind: "useCase"; type: ServiceType; weight: 1 | 2 }
  | { kind: "direction"; direction: Direction }
  | { kind: "measure"; measure: Measure }
  | { kind: "unit"; unit: Unit }
  | { kind: "number"; value: number }
  | { kind: "multiplier"; value: number }
  | { kind: "ordinal"; value: number }
  | { kind: "flag"; flag: Flag };

/** A phrase in lower case, words apart by one space, and what it means. A hyphen in the text matches the space. */
export interface Entry {
  phrase: string;
  sense: Sense;
}

export interface Language {
  entries: readonly Entry[];
  /** Words that are right as they are and must not be "corrected" to a phrase of the table. */
  ordinaryWords: readonly string[];
}
