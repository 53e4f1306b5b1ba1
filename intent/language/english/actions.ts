// English words for what to do. Strength 3: only networks are meant by it; 2: a plain imperative; 1: a hint that a stronger word beats.
import type { Entry, SupportedAction } from "../senses.ts";

type Strength = 1 | 2 | 3;

const VERBS: readonly [SupportedAction, Strength, string][] = [
  ["deploy", 3, "deploy, provision, roll out, rollout, onboard, spin up, stand up, instantiate, commission, light up, turn up"],
  [
    "deploy",
    2,
    "create, launch, set up, setup, bring up, establish, install, activate, enable, allocate, spawn, start up, bring online, put in place",
  ],
  [
    "deploy",
    1,
    "build, make, open, start, add, need, want, require, request, order, give, get me, get us, get a, get an, get another, i would like, i'd like, new, put",
  ],
  ["scale", 3, "scale, scale up, scale down, scale out, scale in, upscale, downscale, resize"],
  [
    "scale",
    2,
    "increase, bump, bump up, raise, expand, grow, shrink, reduce, decrease, boost, lower, double, triple, halve, enlarge, ramp up, ramp down, step up, " +
      "dial up, dial down, turn down, beef up, widen, extend, cut down, scale back",
  ],
  [
    "scale",
    1,
    "adjust, modify, change, update, upgrade, downgrade, set, cut, more bandwidth, more capacity, more throughput, need more, " +
      "add capacity, add bandwidth, drop the latency, drop latency, reconfigure",
  ],
  ["rollback", 3, "roll back, rollback, roll it back, roll them back, roll that back, roll this back, back out, fall back"],
  [
    "rollback",
    2,
    "revert, undo, restore, go back to, take back, put back, switch back, bring back, flip back, change back, move back, return to the previous, back to the previous, back to previous, back to the last, back to the old, back to version",
  ],
  ["rollback", 1, "previous version, last known good, backout"],
  [
    "status",
    2,
    "status, show, list, check, health, healthy, display, describe, inspect, how is, how are, how's, what is running, what's running, view, query, " +
      "report on, look at, tell me, look up, overview, summarise, summarize",
  ],
  ["status", 1, "monitor, report, let me see, see all, see the, state, running, alive"],
  ["terminate", 3, "terminate, tear down, teardown, decommission, deprovision, undeploy"],
  [
    "terminate",
    2,
    "delete, remove, destroy, shut down, shutdown, take down, kill, get rid of, retire, deactivate, disable, uninstall, wipe, scrap, purge, " +
      "turn off, switch off, clean up, bring down, stop, dismantle, take offline",
  ],
  ["terminate", 1, "drop, cancel"],
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

function split(list: string): string[] {
  return list.split(", ");
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
