// The version of the wire: sockets, agent routes and event shapes. tests/protocol/version.test.ts hashes the schemas,
// so the shape cannot move without a new number here.
//
// History
//  1  first wire: claim/extend/report, room up/down unions, durable events with seq
//  2  actions beside deploy, waves, freeze windows, site tasks, watchlist and measurements, metrics lane
//  3  calls to language models through the room, integrations and routing, corrections
//  4  log lines of running jobs: a lane of their own, for those who ask for it
export const PROTOCOL_VERSION = 4;

/** The oldest agent protocol the worker still serves; an older agent gets PROTOCOL_TOO_OLD and stops. */
export const MIN_PROTOCOL_VERSION = 3;
