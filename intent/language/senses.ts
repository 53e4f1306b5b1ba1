// What a word or phrase can mean to the machinery. A language is a table from phrases to these senses and nothing else.
import type { Action, ServiceType } from "../../protocol/intent.ts";
import type { Unit } from "../units.ts";

export type SupportedAction = Exclude<Action, "unsupported">;
export type Strength = 1 | 2 | 3; // 3: only networks are meant; 2: plain imperative; 1: weak hint that a stronger word beats
export type Direction = "downlink" | "uplink" | "both";
export type Measure = "bandwidth" | "latency" | "reliability" | "availability" | "loss" | "other";

/** Grammatical helpers. Each is one job that a word does; the machinery asks for the job, never for the word. */
export type Flag =
  | "opaque" // a phrase that must not be read word by word: "don't forget to", "no rush"
  | "not" // don't, no, never: takes back the action or type that follows
  | "notBehind" // takes back the action or site before it
  | "except" // all sites but these
  | "exceptAll" // "all but": everywhere and an exception in one
  | "exceptBehind" // an exception after the thing that it excepts
  | "keep" // keep, leave, retain: what follows stays as it is
  | "already" // tells what is there: the sites of such a clause are no targets
  | "but" // an exception right after "all", a turn elsewhere
  | "instead" // instead of, rather than
  | "returns" // with a version or an earlier state behind it: a rollback
  | "earlier" // previous, former, version, state: what a rollback goes back to
  | "report" // a status word that can be asked for as a thing: a health report
  | "leadsOn" // after the object of a verb: on, at, for, with
  | "finalVerb" // a verb only where its clause ends: "slice 7 can go"
  | "telegram" // the full stop of a text in capitals
  | "correction" // oops, no wait, I mean: what stands before is replaced
  | "between"
  | "from"
  | "to"
  | "join" // and, &, plus
  | "quantifier" // all, every, each
  | "everywhere"
  | "bothOf"
  | "first" // the first two sites
  | "siteNoun"
  | "siteCounter" // between a number and the noun of a site, in languages that count so
  | "siteAdjective" // may stand between "all" and "sites"
  | "numberWord" // between a noun and its number: no., #
  | "sliceNoun"
  | "nameNoun" // after or before it a name stands: slice, deployment
  | "named" // named, called: a name follows
  | "nameLabel" // name:, id: – a name follows only a colon or after a noun
  | "numbered" // a noun that takes a number and is no name: phase-2, sub-10
  | "ticket" // its number is that of a ticket
  | "nameGap" // between a verb and a name, and never a name itself
  | "nameEnd" // what follows is no name
  | "object" // marks the object before its verb
  | "device"
  | "countNoun" // number of …: the number may follow at once
  | "counter" // stands between a number and what is counted
  | "thingCounter" // counts things even where their noun is unknown
  | "each"
  | "perDevice"
  | "present" // current, latest: what is measured now
  | "sum" // altogether, in total: a count stated apart from its noun
  | "purpose" // for, serving: what a slice is for stands behind it
  | "total" // max, total: before a device noun it says that a number follows
  | "relative" // by 100, another 100
  | "relativeBehind" // 100 more
  | "adds" // a verb that adds to what is there when a quantity follows it
  | "priority"
  | "nines"
  | "article" // a, an: one
  | "numberJoin" // two hundred and five
  | "decimalPoint"
  | "oneIn" // 1 in 100 000
  | "percentBefore" // the unit stands before the number
  | "perMilleBefore"
  | "half" // behind a unit: and a half of it
  | "generation" // a unit that after a small number names a radio generation
  | "up" // a direction right beside a bit rate
  | "down"
  | "copula" // is, was, has: what it is said of is described, not addressed
  | "filler" // words that may stand inside an entity: of, the, about
  | "polite" // may stand before a verb: please, could you
  | "modal" // a verb follows: should, must
  | "definite" // the, this: speaks of what is there already
  | "possessive" // the noun of what stands before it follows
  | "condition" // if, in case: what follows is not asked for now
  | "clauseBreak" // so, but, then
  | "domain" // words of this trade that are no slice and no site
  | "question"
  | "asksWhether" // should we, how do I, what would it cost: the verb behind it is only asked about
  | "asksOnly" // just asking, do nothing yet: the verbs before it are only asked about
  | "leaveAlone" // do not touch: what stands beside it stays as it is, and nothing else is named by that
  | "onHold" // put … on hold: an order to wait
  | "untouched" // leave … alone: closes what a word of keeping opened
  | "coverb" // stands between a "not" and its verb with a place or an object: 不要在 edge1 部署
  | "asks" // asks for facts whatever the verb
  | "asksFirst" // does so at the start of a text: did, which, how many
  | "wish" // want, need: what is wanted comes after it
  | "perSecond" // before an amount: so much each second
  | "help" // how do I: a question about the system, not a request
  | "otherVerb" // asks for something that this system does not do to a slice
  | "greeting"
  | "attack" // tries to change the rules instead of the network
  | "disregard" // ignore, forget: an attack together with the next
  | "rules" // instructions, prompt
  | "secret" // what an attack wants to see
  | "reveal" // the verb of such an attack
  | "foreign" // things that can be deployed, but not by this system
  | "otherThing" // the same, but only as the object of a verb: an app may also be what a slice is for
  | "dateBefore" // before a date
  | "dateAfter" // after a date
  | "month"
  | "currency" // before an amount of money
  | "request" // a verb behind it is asked for: please, could you, let's
  | "desire" // a thing or a verb behind it is asked for: we need, should be
  | "desireBehind" // the thing before it is asked for: would do, would be welcome
  | "head" // opens a request and says nothing of it: it would help if
  | "whatever" // what we need is, all I want is
  | "background" // tells what happened or how things are: its clause asks for nothing
  | "spared" // its clause says of a place or slice that it is out, or is to stay
  | "specifies" // states what is required
  | "refersPlace" // there: a site that was named before
  | "refersThing" // it, them: something that was named before
  | "therefore" // so, hence: what follows from what was told
  | "settled" // "is what they ordered", "would be fine": what was agreed on is required, though it is told
  | "plans" // 想, 打算, 計畫: behind somebody it tells what they mean to do
  | "reports" // 回報, 確認: behind somebody it tells what they said
  | "since" // 之後: behind a verb it tells how things are now
  | "party" // 客戶, 業主: somebody else
  | "length" // altitude, high, deep: beside it "m" are metres
  | "wants" // what somebody else wants: asked for, unless the text orders something itself
  | "subject" // we, they: what the verb behind it says is told, not ordered
  | "others" // they, somebody: who does what is told
  | "proVerb" // do so, go ahead: orders what was proposed before
  | "relativeClause"; // which, who: tells more of what stands before

export type Sense =
  | { kind: "action"; action: SupportedAction; strength: Strength }
  | { kind: "type"; type: ServiceType }
  | { kind: "useCase"; type: ServiceType; weight: 1 | 2 }
  | { kind: "direction"; direction: Direction }
  | { kind: "measure"; measure: Measure }
  | { kind: "unit"; unit: Unit }
  | { kind: "number"; value: number }
  | { kind: "multiplier"; value: number; suffix?: true } // suffix: only when glued to its number, as in 20k
  | { kind: "ordinal"; value: number }
  | { kind: "level"; priority: number | undefined } // a priority in words; undefined: it names no number
  | { kind: "flag"; flag: Flag };

/** A phrase in lower case, words apart by one space, and what it means. A hyphen in the text matches the space. */
export interface Entry {
  phrase: string;
  sense: Sense;
}

/** Digits and powers of ten of a script that writes numbers without spaces. */
export interface Numerals {
  digits: Readonly<Record<string, number>>;
  powers: Readonly<Record<string, number>>; // 10 … 1e8
  point: string;
  half: string;
  article: string; // the digit that before a counter only says "a"
}

export interface Language {
  entries: readonly Entry[];
  /** Words that are right as they are and must not be "corrected" to a phrase of the table. */
  ordinaryWords: readonly string[];
  /** Words that may stand apart from their verb: tear the slice down. */
  particles: readonly string[];
  /** The form of a word that the table has, when the word is an inflection of it. */
  stem?: (word: string) => string | undefined;
  /** A form of a word that is known: right as it is, though no table has it. */
  isForm?: (word: string, isKnown: (base: string) => boolean) => boolean;
  /** A word that no table knows, but whose form says that it names several things. */
  isPlural?: (word: string) => boolean;
  /** Whether the word by its form tells of the past: such a clause asks for nothing unless it says so. */
  isPast?: (word: string) => boolean;
  /** Whether a verb in this form says what is to have been done: removed, torn down. */
  isParticiple?: (word: string) => boolean;
  /** Whether the word says whose the next one is: "yesterday's". */
  isPossessive?: (word: string) => boolean;
  numerals?: Numerals;
}

export function split(list: string): string[] {
  return list.split(", ");
}

export function flagEntries(flags: readonly (readonly [Flag, string])[]): Entry[] {
  return flags.flatMap(([flag, phrases]) => split(phrases).map((phrase): Entry => ({ phrase, sense: { kind: "flag", flag } })));
}
