// Facts in, state and events out: the whole life of an intent as an agent reports it.
import { expect, test } from "vitest";
import { createWorld, intentOf, rows } from "./harness.ts";
import { deployed } from "./story.ts";

test("a whole run gives exactly these events, in order, with one terminal event", async () => {
  const world = await createWorld({ sites: 2 });
  const { intentId } = await deployed(world, { text: "Deploy eMBB slice on edge1 and edge2 with 200Mbps and 20ms latency" });
  const events = await rows<{ seq: number; type: string; site: string | null }>(
    "select seq, type, site from events where intent_id = ? order by seq",
    intentId,
  );
  console.log(events.map((e) => `${e.seq} ${e.type} ${e.site}`).join("\n"));
  console.log(JSON.stringify(await intentOf(world, intentId), null, 1));
  expect(events.length).toBe(16);
});
