// English words that hold a sentence together or tell what kind of sentence it is.
import { type Entry, type Flag, flagEntries, type Language, split } from "../senses.ts";
import { actionEntries } from "./actions.ts";
import { discourseEntries, isPast } from "./discourse.ts";
import { isForm, isParticiple, isPossessive } from "./forms.ts";
import { measureEntries } from "./measures.ts";
import { ORDINARY } from "./ordinary.ts";
import { PLACES } from "./places.ts";
import { serviceEntries } from "./services.ts";
import { STRANGERS } from "./strangers.ts";

/** Bounds that hold a "not" and take nothing back. */
const BOUNDS =
  "no slower than, at no more than, no bigger than, not to go over, not to go above, must never exceed, shall not exceed, shall never exceed, will not exceed, may never exceed, not going over, not going above, without going over, without going above, not fall short of, not surpass, must not surpass, should not surpass, not beyond, never beyond, not to surpass, not surpassing, not dipping below, not dip below, never dip below, never fall below, never goes above, never go above, never go below, not go below, not go above, not drop under, never drop under, never under, not under, nothing under, nothing below, nothing over, nothing above, nothing less than, nothing more than, not one ms more than, may not be lower than, may not be higher than, must not be lower than, must not be higher than, should not be lower than, should not be higher than, cannot be lower than, cannot be higher than, no fewer than, no less than, not less than, not lower than, no lower than, no more than, not more than, not exceeding, not to exceed, does not exceed, do not exceed, must not exceed, should not exceed, shouldn't exceed, may not exceed, mustn't exceed, never exceed, not above, no higher than, not higher than, not exceed, won't exceed, cannot exceed, can't exceed, no greater than, not greater than, no slower than, not slower than, no worse than, not worse than, never more than, never above, not over, no longer than, not longer than, never below, not below, must not fall below, should not fall below, must not drop below, should not drop below, never drop below, not drop below, not fall below, without exceeding";

const FLAGS: readonly (readonly [Flag, string])[] = [
  [
    "opaque",
    "slice of cake, slice of pizza, slice of bread, slice of pie, slice of toast, slice of cheese, slice of lemon, slice of ham, slice of melon, slice of life, slice of the pie, slice of the cake, slice of apple, " +
      "don't forget to, do not forget to, dont forget to, don't forget, no rush, no hurry, not urgent, no problem, not only, as soon as possible, asap, by the way, no worries, if possible, if you can, if you could, if you don't mind, " +
      "when you get a chance, when you have time, if feasible, at your earliest convenience, don't hesitate, not sure if, no later than, not later than, set of, on the rollout, in order to, if it's not too much trouble, " +
      "is it possible to, would it be possible to, any chance, is there any way, drop in, make sure, be sure to, go ahead, up next, on hold, follow up, follow up on, sign up, heads up, start of, end of, end of day, end of week, " +
      "no need for, it is not, in addition to, in addition, in case you, next to, get back to me, get back to us, report back, let me know, let us know, last time, status quo, first thing, at the end, so that, to the end, make it happen, make this happen, " +
      `${BOUNDS}`,
  ],
  [
    "not",
    "forget, forget about, forget the, never mind, never mind the, scrap the idea of, not, don't, dont, do not, doesn't, doesnt, never, no, no need to, without, isn't, shouldn't, should not, won't, wont, must not, mustn't, cannot, can't, nor, neither, avoid, keep it, keep the, leave it, leave the, leave my, leave our, leave alone, " +
      "not yet, please don't, hold off on, hold off, hold off with, holding off, hold back on, hold back from, put off, postpone, postpone the, defer, defer the, delay deploying, delay deployment, delay deployment of, delay the deployment of, pause the deployment of, pause deploying, hold the deployment of, hold deployment of, stop deploying, halt the deployment of, halt deploying, delay the rollout of, delay scaling, delay deleting, delay removing, delay terminating, wait with, wait before, waiting before, wait with the, stop short of, refrain from, nobody should, didn't ask to, no one should",
  ],
  [
    "notBehind",
    "stays, stay, stays put, remains, is staying, stays as is, stays up, is to stay, should stay, must stay, stays untouched, untouched, stays in place, remains untouched, remains in place, can stay, excluded, is out, are out, is off limits",
  ],
  [
    "except",
    "except, except for, excluding, but not, other than, apart from, aside from, besides, save for, minus, leave out, leaving out, skip, skipping, " +
      "with the exception of, do not use, don't use, not including, excl, exclude, w / o, bar, sans, rather not",
  ],
  [
    "leaveAlone",
    "do not touch, don't touch, dont touch, never touch, leave alone, keep your hands off, hands off, stay away from, keep away from",
  ],
  ["onHold", "on hold, on ice, on the back burner, on the shelf"],
  ["untouched", "alone, untouched, unchanged, in peace, as is, as it is, be"],
  ["exceptAll", "all but, everything but, everywhere but, all except, everything except, all sites but, all edges but"],
  ["keep", "keep, leave, retain, preserve, spare, hold on to, hang on to"],
  [
    "already",
    "already, works great, works fine, works well, working well, working fine, is working, we have, we run, have got, is live, are live, has been running, has been live, runs fine, runs great, is happy with, are happy with, is running, are running, currently have, currently run, was a success, does a great job, is doing great, is doing well",
  ],
  [
    "returns",
    "return, downgrade, reset, bring, put, take, set, switch, get, move, go, reinstate, restore, flip, change, step, drop, rewind, wind",
  ],
  [
    "earlier",
    "previous, prior, former, earlier, preceding, last, older, old, version, release, revision, build, known good, before, commit, snapshot",
  ],
  [
    "report",
    "report, health, state, status, summary, overview, health report, status report, performance report, statistics, stats, kpi, kpis, metrics, readout, figures, inventory, rundown, briefing, list, health check",
  ],
  [
    "leadsOn",
    "on, at, in, to, for, with, from, by, onto, into, across, over, via, through, within, under, near, serving, supporting, that, which, where, so, and, about, using, offering, providing, delivering, having, carrying, handling, guaranteeing, as, us, me, them, it, one, something, anything, this",
  ],
  ["finalVerb", "can go, may go, must go, has to go, needs to go, should go, is to go, have to go, can all go"],
  ["telegram", "stop"],
  ["but", "but, save"],
  [
    "instead",
    "just like, exactly like, identical to, mirroring, modelled on, same setup as, same config as, same configuration as, same type as, like that on, like that at, like the slice on, like the slice at, analogous to, as was done at, as was done on, as done at, as done on, as in, as at, following the example of, copying, instead of, rather than, in place of, same as, similar to, like the one on, like the one at, like we have on, as we have on, as on, and not, unlike",
  ],
  [
    "correction",
    "apologies, pardon, change it to, better make it, no make it, no make that, better make that, make this, oops, whoops, ooops, no wait, wait, wait no, sorry, i mean, i meant, make that, make it, scratch that, correction, or rather, on second thought, on second thoughts, my bad, my mistake, " +
      "strike that, actually, i meant to say, change that to, er, err, erm, hmm, nope, typo, let me correct that, should be, i should say, that should read",
  ],
  ["between", "between, in between, anywhere between, somewhere between"],
  ["from", "from, currently, was, presently, right now at, instead of"],
  ["to", "to, through, thru, until, till, into, up to, down to, \u2192, upto, onto, all the way to, towards"],
  ["join", "and, adn, nad, &, +, plus, as well as, or, also, along with, together with"],
  ["numberWord", "no, number, nr, num, #"],
  ["nameNoun", "slice, network slice, nsi, deployment, instance"],
  ["named", "named, called, with name, with the name, labelled, labeled, slice name, name it, call it, known as, dubbed"],
  ["nameLabel", "name, id, slice_name, identifier"],
  [
    "nameGap",
    "previous, prior, former, earlier, preceding, original, initial, other, second, first, third, whole, old, main, test, demo, temporary, up, down, back, out, a, an, the, my, our, this, that, these, those, network, deployment, instance, service, of, please, pls, now, latest, last, newest, recent, most, live, whole, entire, existing, current, running, old, new",
  ],
  [
    "nameEnd",
    "again, twice, thrice, yesterday, today, tomorrow, tonight, soon, later, back, off, over, out, me, us, him, her, you, someone, somebody, everyone, everybody, nobody, monday, tuesday, wednesday, thursday, friday, saturday, sunday, season, calls, packets, frames, sessions, people, slightly, somewhat, significantly, properly, fully, gradually, quickly, temporarily, permanently, accordingly, during, while, this, that, these, those, is, are, was, were, has, have, had, do, does, did, still, too, also, just, only, even, not, previous, earlier, whatever, which, what, who, where, when, how, there, anything, something, happen, not, if, once, than, after, before, during, entirely, completely, immediately, right, on, at, in, from, to, by, with, for, and, or, all, any, every, both, everything, it, them, again, so, because, due, per, since, until, change, changes, commit, update, intent, capacity, bandwidth, throughput, latency, speed, rate, traffic",
  ],
  ["each", "each, per"],
  [
    "perDevice",
    "per device, per user, per ue, per sensor, per meter, per camera, per subscriber, per vehicle, per drone, per robot, per terminal, per tracker, per node, apiece, each device, each sensor, each camera, each user, each ue, each meter, per session, per connection, per stream, per unit, per head, per car, per client, per viewer, per agv, per headset",
  ],
  [
    "countNoun",
    "number of devices, number of ues, number of users, device count, devices count, ue count, user count, max devices, max ues, max users, maximum devices, no of devices, no of ues, sensor count, num devices, num ues, connection count, max_devices, maxdevices, max ue, max device, max number of ues, max number of devices, maxnumberofues, quantity, qty, number of sensors, number of meters, number of cameras, number of endpoints, number of terminals, number of nodes, number of trackers, endpoint count, meter count, node count, device quantity, quantity of devices",
  ],
  [
    "present",
    "current, present, actual, latest, live, real time, today's, momentary, instantaneous, ongoing, measured, most recent, observed, peak, average",
  ],
  [
    "sum",
    "altogether, in total, in all, all told, all in all, all together, combined, taken together, overall, total, totalling, totaling, in sum",
  ],
  ["purpose", "for, serving, supporting, connecting, covering, handling, carrying, hosting, attaching, with"],
  ["total", "max, maximum, total, max number of, serving, supporting, supports, handle, handling"],
  ["relative", "by, by another, by an additional, additional, extra, another, further, twice, an extra, plus another"],
  ["relativeBehind", "more, extra, additional, on top, higher, lower, less, fewer"],
  [
    "adds",
    "add, add another, add an extra, add an additional, add a further, add extra, adding, adding another, give it another, give them another, throw in another, put another, put on another, tack on another",
  ],
  ["priority", "priority, prio, priority level, importance, priority of, prioritise at, prioritize at, prio level, priorty"],
  ["nines", "nines, nine's, 9's, 9 s, 9s"],
  ["article", "a, an"],
  ["numberJoin", "and"],
  ["decimalPoint", "point"],
  ["oneIn", "in, out of"],
  ["generation", "g"],
  [
    "otherThing",
    "app, apps, application, software, web server, webserver, application server, mail server, game server, dns server, file server, proxy server, physical server, a server, new server, database, sql server, firewall, router, kubernetes, k8s, cluster, docker image, container image, container images, helm chart, helm release, microservice, web service, api, api gateway, windows, linux, ubuntu, operating system, os, updates, antivirus, driver update, firmware, firmware update, printer, scanner, erp, crm, sap, ftp server, nas, bucket, storage, volume, virtual desktop, notebook, repository, repo, pipeline, dashboard, grafana, prometheus, proxy, cdn, cache, queue, rabbitmq, cron job, certificate, ssl certificate, domain name, chatbot, bot, model, ai model, language model, data lake, data warehouse, page, landing page, shop, store, branch, account, user account, user, folder, file, document, form, survey, poll, event, party, lunch, dinner, cake, beer, tent, house, rocket, satellite, troops, team, project, group, mailing list, mailbox, room, desk, office, fence, wall, bridge, door, window, gate, heating, lamp, lights, air conditioning, coffee machine, generator, airbag, parachute, plugin, extension, package, library, patch, template, backup, snapshot, vm, virtual machine, vms, hypervisor, load balancer, tunnel, vpn, website, site map, wiki, blog, feature flag, build, branch, code",
  ],
  ["up", "back, up"],
  ["down", "down"],
  [
    "copula",
    "is, are, was, were, has, have, had, seems, looks, isn't, 's, went, remains, stays, is already, already, can't, cannot, won't, keeps, just, will be",
  ],
  [
    "filler",
    `${BOUNDS}, of, the, a, an, about, around, roughly, approximately, approx, at, least, most, is, be, to, in, on, for, with, up, total, max, min, under, below, over, than, must, stay, my, our, teh, its, their, new, only, just, please, guaranteed, minimum, maximum, more, less, dedicated, sustained, peak, sub, one, as, or, equal, within, above, keep, kept, should, target, of at least, not exceed, exceeding, no, avg, average, some, say, ~, ca, circa, nearly, almost, better, " +
      "required, needed, via, this, that, all, been, lower, higher, fewer, greater, exactly, precisely, ideally, preferably, budget, limit, limited, capped, cap, ceiling, floor, bound, objective, requirement, guarantee, value, level, set, now, stays, maintain, ensure, remain, hold, holding, p95, p99, something, like, end, user, latest`,
  ],
  [
    "wish",
    "make, give, put, need, want, require, requires, would like, i would like, i'd like, we'd like, looking for, must have, should have, would love, could use",
  ],
  [
    "polite",
    "we would like to, we'd love to, i'd love to, we would love to, would you mind, if you would, would you kindly, feel free to, possibly, perhaps, maybe, it's time to, it is time to, time to, we have to, i have to, we must, we should, you should, you need to, you must, we are going to, we're going to, i am going to, we plan to, we intend to, we wish to, i wish to, you may, ready to, our task is to, your task is to, the task is to, action item, action, todo, to do, task, request, ask, reminder, hereby, effective immediately, immediately, straight away, right away, at once, right now, still, again, yesterday, recently, lately, earlier, please, pls, plz, kindly, can you, could you, would you, can we, could we, i want to, we want to, we'd like to, i'd like to, i would like to, i need to, we need to, let's, lets, let us, go ahead and, help me, help us, you to, just, team, all, folks, guys, today, tomorrow, tonight, now, then, also, next, first, second, finally, hi, hey, hello, dear, asap, urgently, quickly",
  ],
  ["modal", "should, must, shall, can, could, would, will, be, to, need to, needs to, has to, have to, ought to, gotta, wanna, gonna, you"],
  ["definite", "the, this, that, these, those, existing, our, my, its"],
  [
    "condition",
    "if, in case, unless, should it, should the, once, when, as soon as, the moment, every time, each time, whenever, otherwise, else",
  ],
  ["clauseBreak", "so, but, then, because, since, while, whereas, therefore, hence, however, and then"],
  [
    "domain",
    "deployment, network, connectivity, 5g, radio, ran, core, upf, smf, amf, service, traffic, bandwidth, throughput, latency, change, version, release, rollout, update, upgrade, config, " +
      "configuration, capacity, qos, sla, coverage, pdu session, s nssai, nssai, sst, private network, nf, network function, commit, intent, job, agent, alarm, alert, status, health, healthy, overview, running, everything, anything",
  ],
  [
    "question",
    "is, are, how, what, which, does, do, did, why, where, when, can you tell, any, has, who, whats, what's, hows, how's, were, was, have we",
  ],
  [
    "asksWhether",
    "should we, should i, shall we, shall i, what would, what does it take, what would it take, what will it, what does it cost, what happens, what if, how do i, how do we, how to, how can i, how can we, how should i, how should we, how would i, how would we, how does one, how long would it take, how long does it take, how much would it cost, how much does it cost, how much to, how hard is it, why should we, why would we, is it worth, is it wise to, is it safe to, is it ok to, is it okay to, is it a good idea to, does it make sense to, would it make sense to, would it be wise to, would it be better to, would it help to, do we need to, do we have to, do i need to, do i have to, whether to, whether we should, whether i should, if we should, if i should, what is needed to, what do i need to, what do we need to, when should we, who can, who may, who is allowed to, am i allowed to, are we allowed to",
  ],
  [
    "asksOnly",
    "just asking, only asking, merely asking, simply asking, just a question, just wondering, just curious, or not ?, do nothing yet, do nothing for now, but not yet, but not now, but not today, only not yet, don't do anything yet, do not do anything yet, don't do it yet, do not do it yet, hypothetically, hypothetical, purely theoretical, what would it cost, what does it cost, what would happen, what happens then, how much would it cost, how much would that cost, what would that cost, would that be a good idea, is that a good idea",
  ],
  [
    "asksFirst",
    "which, how many, did you, did we, did the, did it, did anyone, has the, has edge, have you, have we, have they, why did, why is, why was, when was, when were, when did, what slices, what is deployed, what's deployed, what is running, what's running, who deployed, who scaled, who deleted, what was, was the, were the, is there any, are there any, is there a, are there, what do we have",
  ],
  [
    "help",
    "how do i, how to, how can i, how should i, how would i, what does, explain, teach me, what is the difference, how does, what is a slice, what is urllc, what is embb, what is mmtc, what's the difference, what is network slicing, tutorial, documentation",
  ],
  [
    "greeting",
    "hello, hi, hey, howdy, good morning, good afternoon, good evening, greetings, thanks, thank you, bye, goodbye, how are you, yo, sup, test, testing, who are you, what can you do, hi there, hey there, hello there, morning, cheers, dear, hiya",
  ],
  ["dateBefore", "on, by, before, until, due, after, since, from, starting, no later than, effective, dated"],
  [
    "month",
    "january, february, march, april, june, july, august, september, october, november, december, jan, feb, apr, jun, jul, aug, sep, sept, oct, nov, dec, q",
  ],
  ["currency", "usd, eur, ntd, nt$, twd, gbp"],
  [
    "ticket",
    "inc, chg, req, ritm, task, prb, tkt, ticket, tickets, case, jira, bug, issue, cr, sr, pr, change request, wo, work order, ref, reference, rfc, order no, po, crq, story, incident, prj, project, invoice, rev, customer, account, extension, ext, phone, tel, mop, mr, noc, sop",
  ],
  [
    "numbered",
    "sub, wifi, wi, fi, rel, release, phase, rev, cat, ip, day, week, floor, room, rack, zone, gate, building, hall, stage, line, level, tier, type, option, version, build, band, qci, qi, sst, sd, covid, area, sector, cell, block, unit, bay, dock, " +
      "pier, terminal, port, lane, route, track, channel, layer, class, vlan, step, top, under, over, max, min, at, least, most, of, with, priority, prio, p, by, than, about, around, up, n, b, g, lte, nr, gen, cloud, pod, chapter, section, item, page, tac, mcc, mnc, plmn",
  ],
];

/** Priorities in words: only the ends of the scale name a number. */
const LEVELS: readonly (readonly [number | undefined, string])[] = [
  [
    10,
    "highest priority, top priority, maximum priority, max priority, utmost priority, priority highest, priority : highest, priority max, top prio, highest prio, max prio, priority top, priority : max, priority = max",
  ],
  [1, "lowest priority, minimum priority, min priority, priority lowest, priority : lowest, lowest prio, min prio, bottom priority"],
  [
    undefined,
    "high priority, low priority, medium priority, normal priority, critical, urgent, p1, p2, p3, p0, priority high, priority low, priority : high, priority : low, priority : medium, high prio, low prio, critical priority, sev1, sev 1, vip",
  ],
];

function levelEntries(): Entry[] {
  return LEVELS.flatMap(([priority, phrases]) => split(phrases).map((phrase): Entry => ({ phrase, sense: { kind: "level", priority } })));
}

/** The singular; which of the results is a word is for the lexicon to say. */
function stem(word: string): string | undefined {
  if (word.length < 3) return undefined;
  if (word.endsWith("'s")) return word.slice(0, -2);
  return word.endsWith("s") ? word.slice(0, -1) : undefined;
}

const PLURAL = /^[a-z]{3,}s$/;

export function english(): Language {
  return {
    entries: [
      ...actionEntries(),
      ...serviceEntries(),
      ...measureEntries(),
      ...flagEntries([...PLACES, ...FLAGS, ...STRANGERS]),
      ...discourseEntries(),
      ...levelEntries(),
    ],
    ordinaryWords: [...new Set(split(ORDINARY))],
    particles: ["up", "down", "out", "back", "off", "online", "offline", "anymore", "going", "running", "live"],
    stem,
    isForm,
    ...{ isPast, isParticiple, isPossessive },
    isPlural: (word) => PLURAL.test(word),
  };
}
