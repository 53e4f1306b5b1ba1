// What an O2 IMS inventory says of a site.
import { expect, test } from "vitest";
import { DeploymentManager, readInventory } from "../../../agent/edge/o2ims.ts";

const manager = (name: string, extensions: Record<string, unknown> = {}) =>
  DeploymentManager.parse({ deploymentManagerId: "65221564-8b05-416a-bfc3-c250bc64e1aa", name, oCloudId: "x", extensions });

test.each([
  ["by its id", [manager("hub"), manager("edge1")], { present: true, healthy: true, message: "deployment manager edge1 is present" }],
  ["by an alias, in any case", [manager("vm-2")], { present: true, healthy: true, message: "deployment manager vm-2 is present" }],
  [
    "among others only",
    [manager("edge10"), manager("edge2")],
    { present: false, healthy: false, message: "the inventory has no deployment manager of this site" },
  ],
  ["in no inventory", [], { present: false, healthy: false, message: "the inventory has no deployment manager of this site" }],
])("the deployment manager is found %s", (_title, managers, expected) => {
  expect(readInventory(managers, ["edge1", "VM-2"])).toEqual(expected);
});

test.each([
  [{ status: "available", country: "DE" }, true],
  [{ healthy: true }, true],
  [{ description: "failed over once" }, true],
  [{ status: "Degraded" }, false],
  [{ operationalState: "disabled" }, false],
  [{ state: "error" }, false],
  [{ healthy: false }, false],
  [{ ready: "false" }, false],
])("with the extensions %j it is healthy: %s", (extensions, healthy) => {
  expect(readInventory([manager("edge1", extensions)], ["edge1"])).toMatchObject({ present: true, healthy });
});
