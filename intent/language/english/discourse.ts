// English words that tell what a clause does in a longer text: ask for something, tell what happened, or leave a place alone.
import { type Entry, type Flag, flagEntries, split } from "../senses.ts";

const ASKERS = ["i", "we", "they"];

function forEach(subjects: readonly string[], verbs: string): string {
  return subjects.flatMap((subject) => verbs.split(", ").map((verb) => `${subject}${verb.startsWith("'") ? "" : " "}${verb}`)).join(", ");
}

const WHOEVER = "somebody, someone, anybody, anyone, one of you, the team, your team".split(", ");
const MODALS = "could, can, would, will".split(", ");
const GLAD = "appreciate it if, be grateful if, be glad if, be happy if, be thankful if, be pleased if, love it if, be obliged if".split(
  ", ",
);

/** "could somebody", "can anyone" */
const ASKED_OF_ANY = MODALS.flatMap((modal) => WHOEVER.map((who) => `${modal} ${who}`)).join(", ");
/** "I'd appreciate it if somebody could" */
const GLAD_IF = ["i", "we"]
  .flatMap((subject) => ["'d", " would"].map((would) => subject + would))
  .flatMap((subject) => GLAD.map((glad) => `${subject} ${glad}`))
  .join(", ");
const SPELLS =
  "week, month, year, quarter, weekend, season, night, spring, summer, autumn, fall, winter, monday, tuesday, wednesday, thursday, friday, saturday, sunday, christmas, easter, january, february, march, april, may, june, july, august, september, october, november, december".split(
    ", ",
  );
/** "last Christmas", "the previous quarter", "over the summer" */
const PAST_TIMES = [
  ...SPELLS.flatMap((spell) => ["last", "the previous", "the last"].map((past) => `${past} ${spell}`)),
  "the whole last quarter, the whole last month, the whole last year, over the summer, over the winter, over christmas, earlier this week, earlier this month, earlier this year, in the past, back then, at the time, this morning",
].join(", ");

const FLAGS: readonly (readonly [Flag, string])[] = [
  [
    "opaque",
    "when you have a minute, when you have a moment, when you get a minute, when you can, whenever you can, when ready, for the moment, at the moment",
  ],
  [
    "request",
    `please, pls, plz, kindly, could you, can you, would you, will you, can we, could we, may we, may i, can i, could i, could the, can the, would you mind, would you be so kind as to, would it be possible to, is it possible to, i would like you to, i'd like you to, we'd like you to, let's, let us, go ahead and, be so kind as to, time to, all i want to know is, all we want to know is, i only want to know, we only want to know, i just want to know, ${ASKED_OF_ANY}`,
  ],
  [
    "desire",
    `${forEach(ASKERS, "'d like, would like, 'd want, need, want, 'd need, 'd prefer, would prefer, 'd welcome, ask for, are asking for, require, request, are after, are looking for, could use, would love, 'd love, wish")}, ` +
      "the wish to have, the wish for, the wish to get, wish to have, the request for, our request is, the request is, the request is for, the order is, the order is for, our order is, the need for, is hoping for, are hoping for, hopes for, hope for, in the market for, in need of, " +
      "needs, wants, need, want, require, requires, requests, asks for, is asking for, would like, should get, must get, needs to be, need to be, has to be, have to be, should be, can be, could be, can now be, may be, must be, is to be, should really, we should, ought to",
  ],
  [
    "desireBehind",
    "would do, will do, would be welcome, would be very welcome, would be great, would be nice, would be perfect, would suffice, would cover, is what, are what",
  ],
  [
    "head",
    `it would help if you could, it would help if we could, it would help us if you could, it would help if, it would help me if, it would help us if, it would help to have, it would help to get, it would be best if, it would be good if, it would be great if, it would be nice if, it'd help if, it'd be great if, i'd be grateful if you could, we'd be grateful if you could, i would be grateful if you could, could you see to it that, can you see to it that, please see to it that, ${GLAD_IF}`,
  ],
  ["whatever", "what, all"],
  [
    "background",
    "nobody, no one, none of, was, were, had, did, got, went, came, lost, gave, made, took, rang, fell, broke, hit, found, told, wrote, said, says, ran, began, stood, saw, felt, left, paid, cost us, stopped, failed, used to, " +
      "has been, have been, has had, have had, has lost, have lost, has made, have made, has grown, have grown, has become, has gone, have gone, has moved, has confirmed, has approved, has bought, has decided, have decided, has worked, " +
      `${PAST_TIMES}, ` +
      "last night's, yesterday, yesterday's, ago, back in, until spring, following the, following yesterday's, " +
      "complains, complain, complaining, are complaining, claims, blames, blame, reports, keep calling, keeps calling, measured, measures, the old, so far, first named, first said, first asked, first wanted, first thought, initially, originally, first planned, once thought, leaks, offers only, peaks at, peaked at, currently loses, lag, lags, stutter, stutters, drops calls, is tired of, are tired of, on the old, today it has, it has, at the moment it, is still, are still, swear, crawling",
  ],
  [
    "spared",
    "has to stay, have to stay, must stay, can stay, is to stay, stays where it is, stays as it is, stays as is, not affected, unaffected, copes fine, cope fine, no action needed, no action required, nothing to do there, out of scope, belongs to, belong to, mustn't be touched, must not be touched, not to be touched, should not be touched, is out, never got it, never had it, does not have it, doesn't have it, do not have it, don't have it, need nothing, needs nothing, require nothing, requires nothing, wants nothing, want nothing, need no action, needs no action, need no change, needs no change, need no attention, needs no attention, need no work, needs no work, is not concerned, are not concerned, is unaffected, was not part of it, is frozen, are frozen, is dark, is under maintenance, goes into maintenance, is waiting, is still waiting, went dark, lost power, has lost power, is full, is down, is offline, is closed, are closed, is broken, is shut",
  ],
  [
    "specifies",
    "asked for, will, need, needs, must, needs to, need to, has to, have to, has to carry, should, is enough, are enough, is plenty, are plenty, is fine for, would be enough, will be enough, is sufficient, are sufficient, sized for, asks for, ask for, insist on, insists on, is required, are required, is needed, are needed, will be, are going live, goes live, is expected, are expected, at least, at most, no more than, no less than, or better, or less, or more",
  ],
  ["refersPlace", "there, over there, that site, this site, both of them, on both, at both, the same site, those sites, these sites"],
  [
    "refersThing",
    "it, its, them, their, theirs, they, that one, this one, these, those, the same, same type, likewise, both of them, there, over there, that site, this site, the slice",
  ],
  ["therefore", "so, therefore, hence, thus, consequently, that is why, which is why"],
  [
    "settled",
    "is what, are what, was signed, were signed, was agreed, were agreed, was ordered, were ordered, have signed, has signed, have ordered, has ordered, signed for, signed up for, agreed on, settled on, agreed to, contracted, would be fine, will be fine, is fine, are fine, would be ok, would be okay, would be acceptable, is acceptable, would be enough, would be sufficient, counts for them, corrects this to, corrected this to, corrects it to, corrected it to, changed this to, changes this to, now says",
  ],
  ["wants", "needs, wants, need, want, require, requires, requests, asks for, is asking for, would like"],
  [
    "subject",
    "i, we, they, he, she, you, somebody, someone, nobody, everybody, who, they will, he will, she will, who will, they would, they can, who can, they plan to, they intend to, they are going to",
  ],
  ["others", "they, he, she, somebody, someone, nobody, everybody"],
  [
    "proVerb",
    "do so, do that, do this, do exactly that, do just that, go ahead, proceed, carry on, see to it, see to that, take care of it, take care of that, take care of this, get this done, get that done, get it done, make it so, make that happen, make this happen, make it happen, get on with it",
  ],
  [
    "length",
    "altitude, height, high, tall, depth, deep, wide, width, long, length, away, apart, thick, underground, offshore, elevation, above ground, above sea level, above the ground, below ground, below the surface, below sea level, of cable, of fibre, of fiber, of track",
  ],
  ["relativeClause", "which, who, whose, where"],
];

/** What is had is deployed, unless a verb behind it says what is to be done with it: "I'd rather have the slice removed". */
const WISHES = split(
  `${forEach(ASKERS, "would rather have, 'd rather have, would rather get, would prefer to have, 'd prefer to have, would like to have, 'd like to have")}, could you have, can you have, would you have, please have, would it be possible to have, would it be possible to get, is it possible to have, is it possible to get`,
);

export function discourseEntries(): Entry[] {
  const wishes = WISHES.map((phrase): Entry => ({ phrase, sense: { kind: "action", action: "deploy", strength: 1 } }));
  const list = WISHES.join(", ");
  return [...wishes, ...flagEntries([...FLAGS, ["wish", list], ["desire", list]])];
}

const PAST = /^[a-z]{3,}ed$/;
const NO_PAST = new Set([
  "need",
  "speed",
  "feed",
  "indeed",
  "exceed",
  "proceed",
  "embed",
  "hundred",
  "seed",
  "shed",
  "red",
  "bed",
  "based",
  "dedicated",
  "guaranteed",
  "required",
  "shared",
  "named",
  "called",
  "connected",
]);

/** A past or a participle by its ending: what stands in a clause that asks for nothing tells what happened. */
export function isPast(word: string): boolean {
  return PAST.test(word) && !NO_PAST.has(word);
}
