// The wire cannot move unnoticed: the schemas that cross it are hashed, and the hash belongs to a version.
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import * as z from "zod";
import {
  ClaimRequest,
  ClaimResponse,
  EnrolRequest,
  EnrolResponse,
  ExtendRequest,
  ExtendResponse,
  HeartbeatRequest,
  HeartbeatResponse,
  MeasurementsRequest,
  MeasurementsResponse,
  TaskReportRequest,
  TaskReportResponse,
  WatchlistRequest,
  WatchlistResponse,
} from "../../protocol/agent.ts";
import { ErrorBody } from "../../protocol/errors.ts";
import { DurableEvent, EVENT_DATA } from "../../protocol/event.ts";
import { ReportRequest, ReportResponse } from "../../protocol/report.ts";
import { CloseCode, DownMessage, UpMessage } from "../../protocol/room.ts";
import { MIN_PROTOCOL_VERSION, PROTOCOL_VERSION } from "../../protocol/version.ts";

/** Everything that agents and sockets speak. The public HTTP API has its own document and is not versioned by this number. */
const WIRE = {
  up: UpMessage,
  down: DownMessage,
  enrol: z.tuple([EnrolRequest, EnrolResponse]),
  heartbeat: z.tuple([HeartbeatRequest, HeartbeatResponse]),
  claim: z.tuple([ClaimRequest, ClaimResponse]),
  extend: z.tuple([ExtendRequest, ExtendResponse]),
  report: z.tuple([ReportRequest, ReportResponse]),
  watchlist: z.tuple([WatchlistRequest, WatchlistResponse]),
  measurements: z.tuple([MeasurementsRequest, MeasurementsResponse]),
  taskReports: z.tuple([TaskReportRequest, TaskReportResponse]),
  error: ErrorBody,
  event: DurableEvent,
  eventData: z.object(EVENT_DATA),
};

function wireHash(): string {
  const schemas = Object.entries(WIRE).map(([name, schema]) => [name, z.toJSONSchema(schema, { io: "input" })]);
  return createHash("sha256")
    .update(JSON.stringify([schemas, CloseCode]))
    .digest("hex");
}

/** Versions that were released keep their line; the last one is the current wire. */
const HASHES: Record<number, string> = {
  1: "98c2ddf22afe32b667439f64ec8dc735355a9034d7c104d4f3d9a5a2474a963b",
  2: "4807e9e22c6134b7e1f08ea85becb470f9afeb291a264bbc405634688d197286",
  3: "11fda06634d1edca2bb313acc5a27f4800ea5ef812071c271b6956bafe7240f4",
  4: "54f39b1c5121ad9abcc0baae76ae4353a281ff542019825d10de383b2e58b121",
};

test("the wire is the one of its version", () => {
  expect(
    wireHash(),
    `the wire has changed: raise PROTOCOL_VERSION in protocol/version.ts, write a line of history there, and add ${PROTOCOL_VERSION + 1}: "${wireHash()}" here ` +
      `(before the first release of version ${PROTOCOL_VERSION} its own hash may be replaced)`,
  ).toBe(HASHES[PROTOCOL_VERSION]);
});

test("the version has a line of history, and the oldest one served is not newer", () => {
  expect(Object.keys(HASHES).map(Number)).toEqual(Array.from({ length: PROTOCOL_VERSION }, (_, index) => index + 1));
  expect(MIN_PROTOCOL_VERSION).toBeLessThanOrEqual(PROTOCOL_VERSION);
});

test("the hash sees a field that is added, removed, renamed or made optional", () => {
  const hash = (schema: z.ZodType) => JSON.stringify(z.toJSONSchema(schema, { io: "input" }));
  const base = z.object({ seq: z.number(), type: z.enum(["a", "b"]) });
  const changed = [
    base.extend({ more: z.string() }),
    base.omit({ seq: true }),
    base.partial({ seq: true }),
    base.extend({ seq: z.number().int() }),
    base.extend({ type: z.enum(["a", "c"]) }),
  ];
  expect(new Set([base, ...changed].map(hash)).size).toBe(changed.length + 1);
});
