// English words for service types, for what a slice is used for, and for the devices on it.
import type { ServiceType } from "../../../protocol/intent.ts";
import { type Entry, split } from "../senses.ts";

const TYPES: Record<ServiceType, string> = {
  eMBB: "embb, e mbb, enhanced mobile broadband, enhanced mbb, mobile broadband, extreme mobile broadband",
  URLLC:
    "urllc, urllcs, ur llc, ultra reliable low latency communication, ultra reliable low latency, ultra reliable and low latency, " +
    "ultra reliable and low latency communication, ultra reliable",
  mMTC:
    "mmtc, m mtc, massive machine type communication, massive machine type comms, massive mtc, massive iot, miot, massive internet of things, " +
    "machine type communication",
};

/** Weight 2: the use alone tells the type. Weight 1: it leans that way, and a stronger word of another type beats it. */
const USE_CASES: readonly [ServiceType, 1 | 2, string][] = [
  [
    "eMBB",
    2,
    "4k, 8k, uhd, video streaming, live streaming, live stream, livestream, streaming, video call, video conferencing, video conference, video upload, broadcast, " +
      "broadcasting, fixed wireless access, fwa, mobile internet, internet access, home broadband, broadband, web browsing, hotspot, cloud gaming, gaming, " +
      "virtual reality, augmented reality, mixed reality, extended reality, vr, xr, metaverse, movie, ott, iptv, hd video, ultra hd, file download, " +
      "video surveillance, cctv, high speed internet, public wifi, media production, outside broadcast, telepresence, holographic",
  ],
  ["eMBB", 1, "video, stadium, concert, ar, media, camera, internet, wifi, streaming service, spectator, fan, download"],
  [
    "URLLC",
    2,
    "remote surgery, telesurgery, surgery, surgical, robot, robotic, robot arm, robotic arm, cobot, industrial control, industrial automation, factory automation, " +
      "motion control, process control, autonomous vehicle, autonomous driving, autonomous car, autonomous truck, self driving, driverless, v2x, c v2x, vehicle to everything, " +
      "remote control, remote driving, remote operation, teleoperation, teleoperated, tele operated, tactile, haptic, grid protection, teleprotection, substation protection, " +
      "mission critical, real time control, closed loop control, agv, automated guided vehicle, drone control, drone flight control, train control, crane control, remote crane, " +
      "exoskeleton, plc, safety control, emergency stop, collision avoidance, platooning, control loop, assembly line control, smart factory, production line",
  ],
  [
    "URLLC",
    1,
    "ultra low latency, ultra low delay, extremely low latency, control cell, factory, autonomous, drone, emergency, ambulance, crane, uav, safety, automation, vehicle, hospital",
  ],
  [
    "mMTC",
    2,
    "smart meter, smart metering, water meter, gas meter, electricity meter, power meter, energy meter, meter reading, metering, meter, sensor, sensor network, iot, " +
      "internet of things, asset tracker, asset tracking, tracker, smart city, smart agriculture, smart farming, precision farming, livestock, " +
      "parking sensor, smart parking, environmental monitoring, environment monitoring, telemetry, waste bin, smart bin, smart lighting, street light, streetlight, " +
      "logistics tracking, nb iot, lpwa, beacon, soil, weather station, air quality, cold chain, smart home, machine to machine, m2m, wearable, rfid",
  ],
  ["mMTC", 1, "agriculture, farm, farming, tag, monitoring, logistics, warehouse"],
];

const DEVICES =
  "device, sensor, meter, tracker, ue, user, subscriber, terminal, camera, handset, robot, vehicle, drone, tag, node, endpoint, end point, machine, phone, " +
  "smartphone, client, thing, connection, session, subscription, people, person, fan, spectator, attendee, customer, visitor, viewer, pc, laptop, tablet, headset, gadget, gauge, " +
  "probe, beacon, actuator, controller, plc, agv, lamp, streetlight, street light, light, collar, car, truck, bus, bike, scooter, parking space, parking spot, locker, " +
  "thermostat, detector, monitor, module, modem, wearable, bin, valve, pump, wristband, watch, unit, station, player, worker, passenger, container, pallet, animal, cow, " +
  "participant, student, employee, guest, resident, household, seat, of them, of those, of these, turbine, inverter, robot arm, arm, forklift, crane, truck, ambulance, simultaneous user, concurrent user, sim, sim card";

export function serviceEntries(): Entry[] {
  const entries: Entry[] = [];
  for (const type of ["eMBB", "URLLC", "mMTC"] as const) {
    for (const phrase of split(TYPES[type])) entries.push({ phrase, sense: { kind: "type", type } });
  }
  for (const [type, weight, phrases] of USE_CASES) {
    for (const phrase of split(phrases)) entries.push({ phrase, sense: { kind: "useCase", type, weight } });
  }
  for (const phrase of split(DEVICES)) entries.push({ phrase, sense: { kind: "flag", flag: "device" } });
  return entries;
}
