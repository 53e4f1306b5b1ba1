// English words that hold a sentence together or tell what kind of sentence it is.
import type { Entry, Flag, Language } from "../senses.ts";
import { actionEntries } from "./actions.ts";
import { measureEntries } from "./measures.ts";
import { serviceEntries } from "./services.ts";

const FLAGS: readonly [Flag, string][] = [
  [
    "not",
    "not, don't, dont, do not, doesn't, never, no, no need to, without, isn't, shouldn't, won't, must not, mustn't, cannot, can't, nor, neither, avoid, keep it, keep the slice, leave it, leave the slice",
  ],
  [
    "except",
    "except, except for, excluding, but not, other than, apart from, aside from, besides, save for, minus, leave out, leaving out, skip, skipping, all but, everything but, " +
      "with the exception of, do not touch, don't touch, do not use, don't use, leave alone, not including",
  ],
  ["but", "but"],
  ["instead", "instead of, rather than, in place of"],
  [
    "correction",
    "oops, whoops, no wait, wait no, wait, sorry, i mean, i meant, make that, make it, scratch that, correction, or rather, on second thought, on second thoughts, my bad, my mistake, " +
      "strike that, actually, i meant to say, change that to",
  ],
  ["between", "between, in between"],
  ["from", "from, currently, was"],
  ["to", "to, through, thru, until, till, into, up to"],
  ["upper", "up to, at most, no more than, not more than, maximum of, max"],
  ["join", "and, adn, nad, an, &, +, plus, as well as, or"],
  ["quantifier", "all, every, each, entire, whole, any"],
  [
    "everywhere",
    "everywhere, network wide, networkwide, nationwide, all over, across the network, across the board, the whole network, the entire network, every location, all location",
  ],
  ["bothOf", "both"],
  ["siteNoun", "site, edge, edge site, edge node, edge location, edge cloud, edge cluster, location, edge data center, edge dc"],
  ["sliceNoun", "slice, network slice, nsi, slicing, slcie"],
  ["named", "named, called, name, id, with name, with the name, labelled, labeled"],
  [
    "perDevice",
    "per device, per user, per ue, per sensor, per meter, per camera, per subscriber, per vehicle, per drone, per robot, per terminal, per tracker, per node, apiece, each device, each sensor",
  ],
  ["relative", "by, by another, by an additional, additional, extra, another, further, twice, double, triple, halve"],
  ["priority", "priority, prio, priority level, importance"],
  ["nines", "nines, nine's, 9's, 9 s"],
  ["copula", "is, are, was, were, has, have, had, seems, looks, isn't, 's, went, remains, stays"],
  [
    "filler",
    "of, the, a, an, about, around, roughly, approximately, at, least, most, is, be, to, in, on, for, with, up, total, max, min, around, under, below, over, than, must, stay, my, our, teh, its, their, new, only, just, please, guaranteed, minimum, maximum, more, less, dedicated, sustained, peak, sub",
  ],
  ["clauseBreak", "so, but, then, because, since, while, whereas, therefore, hence, however"],
  [
    "domain",
    "deployment, network, connectivity, 5g, radio, ran, core, upf, smf, amf, service, traffic, bandwidth, throughput, latency, change, version, release, rollout, update, upgrade, config, " +
      "configuration, capacity, qos, sla, coverage, pdu session, s nssai, nssai, sst, private network, nf, network function, commit, intent, job, agent, alarm, alert, status, health, healthy, overview",
  ],
  ["question", "is, are, how, what, which, does, do, did, why, where, when, can you tell, any, has, who"],
  ["help", "how do i, how to, how can i, how should i, how would i, what does, explain, teach me, what is the difference"],
  [
    "otherVerb",
    "move, migrate, relocate, transfer, hand over, restart, reboot, pause, suspend, resume, optimise, optimize, fix, repair, rename, clone, copy, isolate, benchmark, troubleshoot, debug, " +
      "secure, encrypt, back up, backup, reset, lock, unlock, export, import, notify, schedule, block, compare, bill, charge, merge, split, swap, replace",
  ],
  [
    "greeting",
    "hello, hi, hey, howdy, good morning, good afternoon, good evening, greetings, thanks, thank you, bye, goodbye, how are you, yo, sup, test, testing, who are you, what can you do",
  ],
  [
    "attack",
    "ignore previous, ignore all previous, ignore your previous, ignore the previous, ignore all prior, ignore prior, ignore above, ignore the above, ignore all instructions, ignore your instructions, " +
      "ignore all the instructions, ignore these instructions, ignore any instructions, ignore your rules, ignore all rules, ignore the rules, ignore your system prompt, ignore the system prompt, ignore everything, " +
      "disregard previous, disregard your, disregard all, disregard the above, disregard any, disregard the previous, disregard prior, forget your instructions, forget all, forget everything, forget previous, forget your previous, " +
      "forget the previous, override your, bypass your, bypass the, system prompt, system message, you are now, act as, pretend to be, pretend you, jailbreak, developer mode, dan mode, " +
      "new instructions, your instructions, previous instructions, prior instructions, your guidelines, your rules, without authentication, disable authentication, sudo, rm - rf, drop table, < script, " +
      "curl http, wget http, exec (, eval (, run the command, run this command, shell command, execute the command, env var, environment variable, /etc/passwd, etc passwd, id_rsa, ssh key",
  ],
  [
    "secret",
    "api key, api keys, apikey, password, passwd, credential, secret, secrets, private key, access token, bearer token, admin token, auth token, token",
  ],
  [
    "foreign",
    "poem, song, story, joke, essay, recipe, weather, email, mail, letter, meeting, calendar, wordpress, website, web site, nginx, apache, database, mysql, postgres, redis, docker, virtual machine, blog, " +
      "translation, translate, homework, stock, bitcoin, pizza, restaurant, flight, hotel, movie tickets, coffee, python, javascript, code, script, playlist, invoice, presentation",
  ],
];

/** Right as they are, and one slip away from a word of the tables. */
const ORDINARY =
  "remote, state, stage, sale, sales, slide, slides, side, sides, size, sized, sliced, cite, suite, night, might, right, then, them, they, there, their, these, those, this, that, than, thank, " +
  "with, will, well, want, went, were, where, what, when, need, seed, feed, send, some, same, come, came, more, move, moved, mode, model, late, later, latest, rates, ratio, data, date, dates, " +
  "here, hear, year, near, next, text, test, tests, rest, best, must, just, most, post, host, cost, last, past, fast, cast, care, core, cores, cope, hope, home, house, user, used, uses, " +
  "user's, else, ease, each, reach, teach, team, teams, term, terms, form, from, farm, warm, firm, team, real, really, ready, read, road, load, loads, long, line, lines, link, links, like, " +
  "live, life, five, give, drive, first, firsts, three, tree, free, freed, meet, met, meter, metre, letter, later, water, matter, better, center, centre, enter, order, older, under, until, unit, " +
  "room, rooms, boom, book, look, looks, took, tool, tools, pool, cool, school, could, would, should, cloud, crowd, crown, brown, down, town, own, open, often, upon, also, only, once, over, ever, " +
  "even, event, events, every, very, vary, carry, marry, city, site's, plant, plan, plane, place, plaza, price, prices, pride, prime, crime, time, times, name, game, games, team's, campus, campaign, company, customer, " +
  "creates, great, greet, green, agree, agreed, degree, create, crate, dare, dear, dead, deal, mean, meal, meat, seat, heat, treat, threat, through, though, thought, tough, enough, laugh, lunch, bunch, " +
  "reads, reset, repeat, report, reported, resort, support, supports, supporting, supported, important, import, export, expert, except, accept, expect, aspect, respect, inspect, stream, streams, stop, shop, ship, chip, " +
  "cell, sell, tell, bell, well, wall, call, calls, fall, full, pull, push, bush, busy, easy, east, west, north, south, mouth, month, mother, other, others, rather, gather, father, further, number, member, " +
  "remember, december, november, october, september, august, today, tomorrow, tonight, around, ground, grounds, round, sound, found, bound, wound, window, windows, minimum, maximum, maximal, optimum, autumn, leaves, leave, leaf";

function flagEntries(): Entry[] {
  const entries: Entry[] = [];
  for (const [flag, phrases] of FLAGS) {
    for (const phrase of phrases.split(", ")) entries.push({ phrase, sense: { kind: "flag", flag } });
  }
  return entries;
}

export function english(): Language {
  return {
    entries: [...actionEntries(), ...serviceEntries(), ...measureEntries(), ...flagEntries()],
    ordinaryWords: [...new Set(ORDINARY.split(", "))],
  };
}
