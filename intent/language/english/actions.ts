// English words for what to do. Strength 3: only networks are meant by it; 2: a plain imperative; 1: a hint that a stronger word beats.
import { type Entry, type Strength, type SupportedAction, split } from "../senses.ts";

const VERBS: readonly [SupportedAction, Strength, string][] = [
  ["deploy", 3, "deploy, redeploy, provision, roll out, rollout, onboard, spin up, stand up, instantiate, commission, light up, turn up"],
  [
    "deploy",
    2,
    "create, launch, set up, setup, bring up, establish, install, activate, enable, allocate, spawn, start up, bring online, put in place, kick off, fire up, get going, carve out, " +
      "stand me up, spin me up, set me up, turn on, switch on, go live with, bring live, whip up, crank up a, boot up, configure a new, order a new",
  ],
  [
    "deploy",
    1,
    "build, make, open, start, add, need, want, require, request, order, give, get me, get us, get a, get an, get another, i would like, i'd like, we'd like, would like, would love, " +
      "new, put, looking for, looking to get, requesting, requires, must have, should have, hook up, get, reserve, serve, host, run, place, supply, deliver, assign, prepare, arrange, could use",
  ],
  ["scale", 3, "scale, scale up, scale down, scale out, scale in, upscale, downscale, resize, rescale"],
  [
    "scale",
    2,
    "increase, bump, bump up, bump down, raise, expand, grow, shrink, reduce, decrease, boost, lower, double, triple, quadruple, halve, enlarge, ramp up, ramp down, step up, step down, " +
      "dial up, dial down, turn down, beef up, widen, extend, cut down, scale back, crank up, throttle, throttle down, take up, push up, move up, lift, uplift, uprate, scale it up, scale it down, tighten, relax, improve, upsize, downsize, rightsize, move up to, go up to, go down to, drop down to, push up, cap, limit",
  ],
  [
    "scale",
    1,
    "take, faster, quicker, bigger, larger, smaller, adjust, modify, change, update, upgrade, downgrade, set, cut, more bandwidth, more capacity, more throughput, need more, needs more, give it more, tune, tweak, " +
      "add capacity, add bandwidth, add more, drop the latency, drop latency, reconfigure, should now, can't keep up, cannot keep up, running out of, is struggling, alter, edit, revise",
  ],
  [
    "rollback",
    3,
    "roll back, rollback, rolls back, roll it back, roll them back, roll that back, roll this back, back out, fall back, backout, rollbacks",
  ],
  [
    "rollback",
    2,
    "revert, undo, restore, go back to, get back to, return to, set back to, reset to, take back, put back, switch back, bring back, flip back, change back, move back, return to the previous, back to the previous, back to previous, back to the last, back to the old, back to version",
  ],
  ["rollback", 1, "previous version, last known good, prior version, last good"],
  [
    "status",
    2,
    "status, show, list, check, check up on, check in on, health check, health of, display, describe, inspect, how is, how are, how's, hows, what is running, what's running, view, query, " +
      "report on, look at, tell me, look up, overview, summarise, summarize, any issues, any problem, any alarm, whats up with, what's up with, what's going on, is everything, how many, fetch, " +
      "give me a summary, give me the state, give me an update, get me the state, get me the health, doing ok, ok?, up and running, pull up, status check, print the state, know if, know whether, know how, wondering if, wondering whether",
  ],
  ["status", 1, "monitor, report, let me see, see all, see the, state, running, alive, healthy, health, see, still up, doing"],
  ["terminate", 3, "terminate, tear down, teardown, decommission, deprovision, undeploy"],
  [
    "terminate",
    2,
    "delete, remove, destroy, shut down, shutdown, take down, kill, get rid of, retire, deactivate, disable, uninstall, wipe, scrap, purge, " +
      "turn off, switch off, clean up, bring down, stop, dismantle, take offline, nuke, withdraw, take away, pull, erase, tear out, rip out, pull the plug on, kill off, free up, wind down, spin down, shut, cancel, abort, undeploy, unprovision, " +
      "close down, phase out, no longer need, no longer needed, not needed anymore, don't need anymore, offboard, sunset, drop the slice, ditch, discontinue, abolish, power off, power down, delist, eliminate, decom",
  ],
  ["terminate", 1, "drop, end, close, release, axe, clear"],
];

/** Forms that the rule below does not make. */
const IRREGULAR: readonly [SupportedAction, string][] = [
  ["deploy", "spun up, spinning up, setting up, brought up, built, made, stood up, putting in place"],
  ["scale", "grown, shrunk"],
  ["terminate", "shutting down, taken down, torn down"],
];

const VOWEL_END = /e$/;

/** -ing and -ed forms say less than the imperative: "slices deployed on edge1" asks for nothing. */
function inflected(verb: string): string[] {
  const [head = "", ...rest] = verb.split(" ");
  if (!/^[a-z]{4,}$/.test(head)) return [];
  const stem = head.replace(VOWEL_END, "");
  return [`${stem}ing`, `${stem}ed`].map((form) => [form, ...rest].join(" "));
}

function entry(phrase: string, action: SupportedAction, strength: Strength): Entry {
  return { phrase, sense: { kind: "action", action, strength } };
}

export function actionEntries(): Entry[] {
  const entries: Entry[] = [];
  for (const [action, strength, list] of VERBS) {
    for (const verb of split(list)) {
      entries.push(entry(verb, action, strength));
      if (strength === 1 || action === "status") continue;
      for (const form of inflected(verb)) entries.push(entry(form, action, 1));
    }
  }
  for (const [action, list] of IRREGULAR) for (const form of split(list)) entries.push(entry(form, action, 1));
  return entries;
}
