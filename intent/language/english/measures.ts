// English numbers, units, directions and the nouns that say what a quantity is a quantity of.
import { bandwidthUnit, OTHER, PERCENT, type Unit } from "../../units.ts";
import { type Direction, type Entry, type Measure, split } from "../senses.ts";

const NUMBERS: Record<string, number> = {
  zero: 0,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
  thirteen: 13,
  fourteen: 14,
  fifteen: 15,
  sixteen: 16,
  seventeen: 17,
  eighteen: 18,
  nineteen: 19,
  twenty: 20,
  thirty: 30,
  forty: 40,
  fourty: 40,
  fifty: 50,
  sixty: 60,
  seventy: 70,
  eighty: 80,
  ninety: 90,
  half: 0.5,
  quarter: 0.25,
  couple: 2,
};

const MULTIPLIERS: Record<string, number> = {
  hundred: 100,
  thousand: 1e3,
  million: 1e6,
  mio: 1e6,
  mln: 1e6,
  billion: 1e9,
  bn: 1e9,
  dozen: 12,
  mil: 1e6,
  thousands: 1e3,
};

/** Only when glued to its number, as in 20k. */
const SUFFIXES: Record<string, number> = { k: 1e3, mn: 1e6 };

const ORDINALS = ["first, 1st", "second, 2nd", "third, 3rd", "fourth, 4th", "fifth, 5th", "sixth, 6th"];

const TIME: readonly [number, string][] = [
  [1, "ms, msec, msecs, millisecond, milli, millis, milisecond, mili second, milli second, millisec, milisec, mills"],
  [1e-3, "us, usec, usecs, microsecond, micro second, mcs, micros, microsec"],
  [1e-6, "ns, nsec, nanosecond"],
  [1e3, "s, sec, secs, second"],
];

const DIRECTIONS: Record<Direction, string> = {
  downlink:
    "towards the device, to the device, to devices, to the user, inbound, ingress, downloads, dnlink, dwn, dnl, downlnk, downlink, down link, dl, d l, dlink, download, downstream, downloading, downwards, downlinks, downward, \u2193",
  uplink:
    "towards the core, toward the core, from the device, from devices, outbound, egress, uploads, upl, up link, ulk, uplink, up link, ul, ulink, upload, upstream, uploading, upwards, uplinks, upward, \u2191",
  both: "in each direction, both up and down, both uplink and downlink, both downlink and uplink, upload and download, download and upload, up as well as down, down as well as up, upstream and downstream, downstream and upstream, uplink as well as downlink, downlink as well as uplink, in both directions, either way, up / down, down / up, symmetricly, symmetric, symmetrical, symmetrically, both directions, dl and ul, ul and dl, downlink and uplink, uplink and downlink, dl / ul, ul / dl, dl ul, each for uplink and downlink, bi directional, full duplex, sym, in either direction, both ways, each way, each direction, either direction, up and down, down and up, bidirectional, in both",
};

const MEASURES: Record<Measure, string> = {
  bandwidth:
    "data throughput, line rate, line speed, bit pipe, data pipe, network speed, connection speed, link speed, transfer rate, transfer speed, transmission rate, gbr, guaranteed bit rate, guaranteed bitrate, peak rate, mbr, bandwith, bandwitdh, tp, bandwidth, throughput, data rate, datarate, bitrate, bit rate, speed, capacity, rate, bw, thpt, tput, thru put, thruput, b w, pipe, data speed",
  latency:
    "latency window, latency range, latency band, latency target, latency limit, latency bound, latency ceiling, latency cap, delay window, delay range, delay target, delay limit, delay bound, delay tolerance, transit time, transmission time, propagation delay, network delay, turnaround, turnaround time, responsiveness, response window, control loop time, cycle time, user plane latency, one way delay, one way latency, rt delay, air interface latency, end to end delay, end to end latency, loop delay, motion to photon, glass to glass, latency, delay, rtt, round trip, round trip time, lag, response time, e2e, end to end, ping, packet delay, delay budget, pdb, one way, response, lat, latencies, delays, round trip latency, latency budget, reaction time, ping time",
  reliability:
    "dependability, delivery probability, packet delivery ratio, packet delivery rate, pdr, message delivery, transmission success, of packets, of messages, of frames, of all packets, packets arriving, packets arrive, reliability, reliable, packet delivery, delivery success, delivery rate, delivery ratio, success rate, packet success, delivered, reliably, packet reliability, rel, reliab, success probability, delivery",
  availability:
    "in service time, service uptime, annual uptime, monthly uptime, operational time, online time, availability target, uptime target, of the time, availability, available, uptime, up time, service level, sla, avail, service availability, up, always on",
  loss: "packet loss ratio, packet loss rate, frame loss, frame error rate, fer, residual error, residual error rate, undelivered, missed packets, packets lost, failed transmissions, drop ratio, packet loss, loss, losses, lost, per, plr, failure rate, packet drop, drop rate, error, error probability, error rate, packet error rate, bler, packet error, loss rate, block error rate, dropped",
  other:
    "jitter, cpu, load, utilisation, utilization, usage, battery, memory, disk, threshold, interval, window, every, timeout, carrier, band, channel, spectrum, frequency, " +
    "discount, cost, price, cheaper, growth, grew, complaint, churn, occupancy, full at, humidity, temperature, progress, complete, battery life, availability zone, maintenance, outage, buffer, retry, keepalive, heartbeat, handover, warranty,  radius, distance, full, coverage, margin, within the next, for the next, last, past, ago",
};

const OTHER_UNITS =
  "metre, square metre, cubic metre, cubic meter, litre, liter, tonne, yard, lap, hz, khz, mhz, ghz, thz, km, meter radius, kilometer, kilometre, mile, km h, kmh, kph, mph, dbm, db, dbi, kw, kwh, watt, volt, byte, gib, mib, tib, tb, " +
  "minute, min, mins, hour, hr, hrs, h, day, week, month, year, night, weekend, quarter, fps, sqm, square meter, m2, ft, foot, feet, inch, acre, hectare, kg, ton, people per, bar, v, a, mw, mah, mb of data,  core, vcpu, cpu, gpu, replica, pod, instance, usd, eur, ntd, dollar, euro, degree, am, pm, " +
  "o'clock, th, st, nd, rd, percentile, times, x, floor, building, rack, ticket, slice, site, edge, cell, gnb, antenna, beam, port, version, attempt, byte, bytes, packet, prb, slot, subcarrier, sector, gpu";

const PER_MILLE = "\u2030, per mille, permille, per mill, promille, per thousand";

function unit(phrase: string, of: Unit): Entry {
  return { phrase, sense: { kind: "unit", unit: of } };
}

const PREFIXES = { k: ["kilo"], m: ["mega"], g: ["giga"], t: ["tera"] } as const;
const PER_SECOND = ["/ s", "/ sec", "/ second", "per second", "per sec", "a second", "ps"];

/** Every spelling of bits and bytes per second. "mb/s" is bits here; the capital B is looked for in the text itself. */
function bandwidthEntries(): Entry[] {
  const entries: Entry[] = [];
  for (const prefix of ["k", "m", "g", "t"] as const) {
    const bits = bandwidthUnit(prefix, false);
    const bytes = bandwidthUnit(prefix, true);
    const long = PREFIXES[prefix][0];
    for (const phrase of [
      `${prefix}bps`,
      `${prefix}bp s`,
      `${prefix}bit`,
      `${prefix}bits`,
      `${prefix}b`,
      `${long}bit`,
      `${long}bits`,
      `${prefix}bitps`,
    ]) {
      entries.push(unit(phrase, bits));
    }
    for (const per of PER_SECOND) {
      for (const stem of [`${prefix}b`, `${prefix}bit`, `${prefix}bits`, `${long}bit`, `${long}bits`])
        entries.push(unit(`${stem} ${per}`, bits));
      for (const stem of [`${prefix}byte`, `${prefix}bytes`, `${long}byte`, `${long}bytes`]) entries.push(unit(`${stem} ${per}`, bytes));
    }
    for (const phrase of [`${long}byte`, `${long}bytes`, `${prefix}byte`, `${prefix}bytes`]) entries.push(unit(phrase, OTHER)); // a volume
  }
  for (const phrase of ["meg", "megs", "m"]) entries.push(unit(phrase, bandwidthUnit("m", false)));
  for (const phrase of ["gig", "gigs", "g"]) entries.push(unit(phrase, bandwidthUnit("g", false)));
  for (const phrase of ["bps", "bit / s", "bits per second"]) entries.push(unit(phrase, bandwidthUnit("", false)));
  return entries;
}

export function measureEntries(): Entry[] {
  const entries = bandwidthEntries();
  for (const [phrase, value] of Object.entries(NUMBERS)) entries.push({ phrase, sense: { kind: "number", value } });
  for (const [phrase, value] of Object.entries(MULTIPLIERS)) entries.push({ phrase, sense: { kind: "multiplier", value } });
  for (const [phrase, value] of Object.entries(SUFFIXES)) entries.push({ phrase, sense: { kind: "multiplier", value, suffix: true } });
  ORDINALS.forEach((words, i) => {
    for (const phrase of split(words)) entries.push({ phrase, sense: { kind: "ordinal", value: i + 1 } });
  });
  for (const [factor, words] of TIME) for (const phrase of split(words)) entries.push(unit(phrase, { dimension: "time", factor }));
  for (const phrase of ["%", "percent", "per cent", "pct", "percentage"]) entries.push(unit(phrase, PERCENT));
  for (const phrase of split(PER_MILLE)) entries.push(unit(phrase, { ...PERCENT, factor: 0.1 }));
  for (const phrase of split(OTHER_UNITS)) entries.push(unit(phrase, OTHER));
  for (const direction of ["downlink", "uplink", "both"] as const) {
    for (const phrase of split(DIRECTIONS[direction])) entries.push({ phrase, sense: { kind: "direction", direction } });
  }
  for (const measure of ["bandwidth", "latency", "reliability", "availability", "loss", "other"] as const) {
    for (const phrase of split(MEASURES[measure])) entries.push({ phrase, sense: { kind: "measure", measure } });
  }
  return entries;
}
