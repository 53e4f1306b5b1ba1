// The order in which sites follow a change: waves, made from what was asked for and where the slice goes.
import type { Rollout } from "../protocol/intent.ts";
import { err, ok, type Result } from "../protocol/result.ts";

/** Every site in exactly one wave; sites that no wave names come last. Fails with what is wrong with the waves. */
export function wavesOf(sites: readonly string[], rollout: Rollout | null): Result<string[][], string> {
  if (rollout === null) return ok([[...sites]]);
  const asked = rollout.canary === undefined ? (rollout.waves ?? []) : [[rollout.canary]];
  const named = asked.flat();
  const twice = named.find((site, index) => named.indexOf(site) !== index);
  if (twice !== undefined) return err(`rollout: ${twice} is in more than one wave`);
  const stranger = named.find((site) => !sites.includes(site));
  if (stranger !== undefined) return err(`rollout: ${stranger} is not one of the sites of the request (${sites.join(", ")})`);
  const rest = sites.filter((site) => !named.includes(site));
  return ok([...asked.map((wave) => [...wave]), rest].filter((wave) => wave.length > 0));
}
