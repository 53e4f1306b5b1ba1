// English words for what to do. Strength 3: only networks are meant by it; 2: a plain imperative; 1: a hint that a stronger word beats.
import { type Entry, type Strength, type SupportedAction, split } from "../senses.ts";

const VERBS: readonly [SupportedAction, Strength, string][] = [
  [
    "deploy",
    3,
    "deployment of, provisioning of, rollout of, instantiation of, commissioning of, deploy request, deployment request, provisioning request, bring into service, put into service, go live, bring into operation, put into operation, deploy, redeploy, provision, roll out, rollout, onboard, spin up, stand up, instantiate, commission, light up, turn up",
  ],
  [
    "deploy",
    2,
    "creation of, setup of, activation of, installation of, introduction of, establishment of, put up, lay on, lay down, introduce, initialise, initialize, inaugurate, sort us out with, sort out a, kickstart, bootstrap, throw up, knock up, put together, bring to life, spin us up, get up and running, get it going, get us going, get us up and running, have set up, make available, open up, rig up, furnish, furnish us with, equip, bring in, carve, carve off, cut a new, dedicate, dedicate a, set aside a, lease, grant us, construct, erect, fit out, start a new, start a, open a, open a new, build a, build a new, build us a, create a new, add a new, add another, add a, new slice, another slice, additional slice, place an order for, put in an order for, apply for, let us have, let me have, make it so that, prep, set us up with, set them up with, hook us up with, stand us up, create, launch, set up, setup, bring up, establish, install, activate, enable, allocate, spawn, start up, bring online, put in place, kick off, fire up, get going, carve out, " +
      "stand me up, spin me up, set me up, turn on, switch on, go live with, bring live, whip up, crank up a, boot up, configure a new, order a new",
  ],
  [
    "deploy",
    1,
    "go for, go with, going for, going with, opt for, opting for, settle for, settle on, will do, would do, push, push out, push down, would be great to have, would be nice to have, would be good to have, be great to have, great to have, nice to have, good to have, grateful for, appreciate, be happy with, love to have, like to have, can we have, could we have, may we have, can i have, could i have, may i have, can we get, could we get, can i get, could i get, keen on, wants, needs, demands, demand, calls for, call for, we are after, in need of, wish for, hoping for, hope to have, hoping to get, hope to get, we would welcome, would benefit from, connect, wire up, link up, hook, attach, join up, get connected, online, cover, cover with, bring coverage to, support, cater for, dedicated to, set apart, desire, seek, seeking, interested in, request for, order for, application for, should get, shall get, must get, gets, to be served, it is requested, is requested, are requested, is needed, are needed, is required, are required, is wanted, is desired, in order to serve, equip with, there should be, there must be, there shall be, there needs to be, due for, due to get, is to get, build, make, open, start, add, need, want, require, request, order, give, get me, get us, get a, get an, get another, i would like, i'd like, we'd like, would like, would love, " +
      "provide, new, put, looking for, looking to get, requesting, requires, must have, should have, hook up, get, reserve, serve, host, run, place, supply, deliver, assign, prepare, arrange, could use",
  ],
  [
    "scale",
    3,
    "scaling of, expansion of, capacity increase, bandwidth increase, capacity upgrade, bandwidth upgrade, scale request, resize request, upsizing of, downsizing of, scale to, autoscale, scale, scale up, scale down, scale out, scale in, upscale, downscale, resize, rescale",
  ],
  [
    "scale",
    2,
    "increase of, increase in, reduction of, reduction in, trim, trim down, pare down, pare back, slash, curtail, augment, amplify, elevate, escalate to, jack up, hike, hike up, notch up, ratchet up, ratchet down, crank, crank down, bring down to, bring up to, bring it up to, bring it down to, pump up, pump, ramp, stretch, broaden, strengthen, multiply, upgrade to, downgrade to, upgrade from, move from, go from, goes from, going from, should go from, needs to go to, need to go to, should go to, has to go to, can go to, must go to, may go to, is to go to, jump to, come down to, comes down to, come up to, drop to, fall to, rise to, get down to, get up to, bring down from, bring up from, change from, change to, set to, dimension to, redimension, adjust to, adjust from, adjust upwards, adjust downwards, modify to, take from, tone down, scale it, turn it up, squeeze to, squeeze, clamp, knock down to, shift to, reset the bandwidth to, nudge, nudge up, double up, give a boost, speed up, slow down, hoist, max out at, top up, top up to, allow up to, add headroom, make room for, step it up, increase, bump, bump up, bump down, raise, expand, grow, shrink, reduce, decrease, boost, lower, double, triple, quadruple, halve, enlarge, ramp up, ramp down, step up, step down, " +
      "dial up, dial down, turn down, beef up, widen, extend, cut down, scale back, crank up, throttle, throttle down, take up, push up, move up, lift, uplift, uprate, scale it up, scale it down, tighten, relax, improve, upsize, downsize, rightsize, move up to, go up to, go down to, drop down to, push up, cap, limit",
  ],
  [
    "scale",
    1,
    "go to, bring, let the, let our, let it, let slice, dial, more users, more devices, more sensors, more headroom, higher bandwidth, higher speed, higher throughput, lower latency, less bandwidth, wider, roomier, snappier, stronger, beefier, needs a boost, is too slow, are too slow, is too small, too little bandwidth, not enough bandwidth, not enough capacity, out of capacity, congested, overloaded, saturated, maxed out, at its limit, at capacity, short on bandwidth, short of bandwidth, should handle, must handle, has to handle, needs to handle, should cope with, must cope with, must support, must now support, should support, now needs, will need, has grown to, is outgrowing, outgrown, take, faster, quicker, bigger, larger, smaller, adjust, modify, change, update, upgrade, downgrade, set, cut, more bandwidth, more capacity, more throughput, need more, needs more, give it more, tune, tweak, " +
      "add capacity, add bandwidth, add more, drop the latency, drop latency, reconfigure, should now, can't keep up, cannot keep up, running out of, is struggling, alter, edit, revise",
  ],
  [
    "rollback",
    3,
    "rollback of, rollback request, roll it all back, rolling back, roll the clock back, roll everything back, roll back, rollback, rolls back, roll it back, roll them back, roll that back, roll this back, back out, fall back, backout, rollbacks",
  ],
  [
    "rollback",
    2,
    "reverse, reversal of, reversion of, reinstate, reinstatement of, restoration of, back to how it was, back to the way it was, way it was, how it was before, the way it was before, as it was before, as it was, as before, undo the, rewind, unwind, walk back, back out of, backtrack, step back to, turn back, return to version, back to its previous, back to their previous, previous state, earlier state, former state, prior state, previous revision, wind back, recover, countermand, negate the change, cancel the last change, cancel the last, cancel the latest, nullify, retract, get back, give us back, to be rolled back, one version back, one step back, one release back, swap back, use the previous, revert, undo, restore, go back to, get back to, return to, set back to, reset to, take back, put back, switch back, bring back, flip back, change back, move back, return to the previous, back to the previous, back to previous, back to the last, back to the old, back to version",
  ],
  [
    "rollback",
    1,
    "last change, latest change, recent change, most recent change, previous change, last update, last modification, last adjustment, last edit, previous version, last known good, prior version, last good",
  ],
  [
    "status",
    2,
    "want to know, like to know, need to know, wish to know, love to know, have to know, checking whether, checking if, checking how, checking that, checking on, checking up on, mind checking, mind looking, verifying whether, verifying if, verifying that, confirming whether, confirming if, confirming that, looking into, look into, looking at how, seeing whether, seeing if, telling me, telling us, mind telling, mind showing, showing me, showing us, letting me know, letting us know, finding out, let me know how, let me know if, let me know whether, let me know what, let me know the, let us know how, let us know if, let us know whether, let us know what, know what, know which, find out, curious, any idea, do you know, can you confirm, could you confirm, please confirm, confirm whether, confirm that, confirm if, see if, see whether, see how, verify, verify that, verify whether, keep me posted on, brief me on, update me on, an update on, the latest on, what is deployed, what's deployed, what is live, what's live, what slices, which slices, how well, how good, how many, list all, show all, show me, walk me through, run a check on, run a health check, run health check, give me the status, give us the status, take a look at, have a look at, peek at, get status, get the status, get me status, retrieve, examine, diagnose, read out, ascertain, enquire, inquire, status of, state of, condition of, health status, telemetry for, statistics for, stats for, metrics for, kpis for, kpi for, how did, what about, what happened, what happened to, what's happening, what is happening, whats happening, what is the matter with, what's wrong with, what is wrong with, status, show, list, check, check up on, check in on, health check, health of, display, describe, inspect, how is, how are, how's, hows, what is running, what's running, view, query, " +
      "report on, look at, tell me, look up, overview, summarise, summarize, any issues, any problem, any alarm, whats up with, what's up with, what's going on, is everything, how many, fetch, " +
      "give me a summary, give me the state, give me an update, get me the state, get me the health, doing ok, ok?, pull up, status check, print the state, know if, know whether, know how, wondering if, wondering whether",
  ],
  [
    "status",
    1,
    "up and running, is performing, are performing, performing, perform, how much, is it up, is it running, still running, still alive, reachable, operational, working properly, working ok, working okay, working as expected, behaving, is up, are up, is down, are down, is healthy, are healthy, meets its sla, meet its sla, meeting its sla, within sla, in good shape, in good health, review, dump, poll, print, stats, statistics, kpis, kpi, metrics, readout, figures, inventory, rundown, briefing, health report, status report, performance report, summary, fare, faring, coping, holding up, monitor, report, let me see, see all, see the, state, running, alive, healthy, health, see, still up, doing",
  ],
  [
    "terminate",
    3,
    "termination of, decommissioning of, decommission request, teardown of, deprovisioning of, removal request, termination request, cease, cease service, tearing down, end of life, eol, terminate, tear down, teardown, decommission, deprovision, undeploy",
  ],
  [
    "terminate",
    2,
    "need anymore, want anymore, removal of, deletion of, shutdown of, deactivation of, retirement of, take out, take out of service, take out of operation, put out of service, taken out of service, take it down, take them down, bring to an end, put an end to, pull down, pull out, knock down, knock out, strip, strip out, throw out, throw away, chuck, chuck out, bin the, bin it, trash, terminate it, wipe out, annihilate, obliterate, revoke, vacate, relinquish, surrender, give up, hand back, cut off, cut the cord on, unsubscribe, unsubscribe from, do away with, dispense with, dispose of, part with, lose the, close out, close off, shutter, mothball, put to rest, lay to rest, put to sleep, finish off, stop running, stop serving, quit, extinguish, expunge, unload, unregister, deregister, deallocate, tidy up, take apart, break down the, roll up the slice, can go, may go, must go, has to go, needs to go, should go, is to go, have to go, can all go, is obsolete, are obsolete, is surplus, do not need anymore, do not need any more, don't need any more, do not need any longer, don't need any longer, not needed any more, not needed any longer, isn't needed anymore, isn't needed any more, is not needed anymore, is not needed any more, no further need for, have no use for, no use for, no longer require, no longer required, no longer want, no longer wanted, no longer use, no longer used, no longer in use, is unused, done with, are done with, we're done with, finished with, past its use, can be removed, has been replaced, turn it off, switch it off, shut it down, kill it, remove it, delete it, rm, del, destroy it, zap, delete, remove, destroy, shut down, shutdown, take down, kill, get rid of, retire, deactivate, disable, uninstall, wipe, scrap, purge, " +
      "turn off, switch off, clean up, bring down, stop, dismantle, take offline, nuke, withdraw, take away, pull, erase, tear out, rip out, pull the plug on, kill off, free up, wind down, spin down, shut, cancel, abort, undeploy, unprovision, " +
      "close down, phase out, no longer need, no longer needed, not needed anymore, don't need anymore, offboard, sunset, drop the slice, ditch, discontinue, abolish, power off, power down, delist, eliminate, decom",
  ],
  ["terminate", 1, "drop, end, close, release, axe, clear"],
];

/** Forms that the rule below does not make. */
const IRREGULAR: readonly [SupportedAction, string][] = [
  [
    "deploy",
    "hooking up, wiring up, linking up, connecting, bringing online, getting online, putting online, coming online, spun up, spinning up, setting up, brought up, built, made, stood up, putting in place",
  ],
  ["scale", "grown, shrunk, cut to, brought to, brought up to, brought down to, taken up to, taken down to"],
  ["rollback", "rolled back, undone, put back, taken back, reversing, restoring"],
  [
    "terminate",
    "shutting down, taken down, torn down, gotten rid of, got rid of, pulled down, brought down, shutting off, removed, switched off, thrown out",
  ],
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
