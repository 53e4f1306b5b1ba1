// The main path with kpt instead of the embedded runner, where kpt is on PATH.
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { expect, test } from "vitest";
import { eventData } from "../../protocol/event.ts";
import { startStack } from "../helpers/stack.ts";
import { commitsOf } from "./support/expectations.ts";

function onPath(name: string): boolean {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

test.skipIf(!onPath("kpt"))("a sentence is rendered by kpt, pushed, followed by both sites and completed", async () => {
  const stack = await startStack({ sites: 2, kpt: true });
  try {
    const intentId = await stack.deploy("Deploy eMBB slice on edge1 and edge2 with 200Mbps and 20ms latency");
    const intent = await stack.settled(intentId);
    expect(intent).toMatchObject({ status: "completed", failure: null, deployment: { status: "live" } });
    const rendered = (await stack.events(intentId)).map((event) => eventData(event, "krm.generated")).find((data) => data !== undefined);
    expect(rendered).toMatchObject({ runner: "kpt", digest: intent.digest });
    expect(await commitsOf(stack, intentId)).toEqual(["push edge1,edge2"]);
    const { commit } = intent.deployment ?? {};
    expect((await stack.labSites()).map((site) => site.commit)).toEqual([commit, commit]);
  } finally {
    await stack.stop();
  }
});
