// Who is asked, and in which order: from the routing, a model's name and the shares of an A/B comparison. Pure.
import { createHash } from "node:crypto";
import { type Capability, LAST_RESORT, type Routing } from "../../protocol/llm.ts";
import type { Member } from "./member.ts";

export interface Candidate {
  member: Member;
  model: string | null; // null: its own choice
}

export interface Wanted {
  capability: Capability;
  model: string | null; // null or "auto": nobody in particular
  only: string | null;
}

export interface Choice {
  candidates: Candidate[];
  known: boolean; // false: no connected backend goes by this name, or has this model
}

const AUTO = "auto";

export function isConnected(id: string, routing: Routing): boolean {
  return !routing.disconnected.includes(id);
}

/** As the routing says; who is not named there comes after them. The rules are not among them: they answer when nobody else does. */
export function inOrder(members: readonly Member[], routing: Routing): Member[] {
  const rank = (id: string) => (routing.order.includes(id) ? routing.order.indexOf(id) : routing.order.length);
  return members.filter(({ id }) => id !== LAST_RESORT && isConnected(id, routing)).toSorted((a, b) => rank(a.id) - rank(b.id));
}

/** "llama3" is "llama3:latest" to Ollama. */
function lists(member: Member, model: string): boolean {
  return member.models().some((one) => one === model || one === `${model}:latest`);
}

function prefixed(name: string, ids: readonly string[]): { id: string; model: string | null } | undefined {
  if (ids.includes(name)) return { id: name, model: null };
  const slash = name.indexOf("/");
  const id = name.slice(0, slash);
  return slash > 0 && ids.includes(id) ? { id, model: name.slice(slash + 1) || null } : undefined;
}

export function choose(members: readonly Member[], routing: Routing, { capability, model, only }: Wanted): Choice {
  const able = (list: readonly Member[]) => list.filter((member) => member.can(capability));
  const name = model === null || model === AUTO ? null : model;
  if (only !== null) {
    const candidates = able(members.filter(({ id }) => id === only));
    const own = name === null || name === only ? null : name.startsWith(`${only}/`) ? name.slice(only.length + 1) : name;
    return { candidates: candidates.map((member) => ({ member, model: own })), known: members.some(({ id }) => id === only) };
  }
  const connected = inOrder(members, routing);
  if (name === null) return { candidates: able(connected).map((member) => ({ member, model: null })), known: true };
  const picked = prefixed(
    name,
    connected.map(({ id }) => id),
  );
  if (picked !== undefined) {
    return {
      candidates: able(connected.filter(({ id }) => id === picked.id)).map((member) => ({ member, model: picked.model })),
      known: true,
    };
  }
  const having = connected.filter((member) => lists(member, name));
  return { candidates: able(having).map((member) => ({ member, model: name })), known: having.length > 0 };
}

const BUCKETS = 2 ** 32;

/** The same intent always draws the same arm. Null: the usual order. */
export function drawArm(key: string, { shares }: Routing): string | null {
  const point = (createHash("sha256").update(key).digest().readUInt32BE(0) / BUCKETS) * 100;
  let upTo = 0;
  for (const { provider, percent } of shares) {
    upTo += percent;
    if (point < upTo) return provider;
  }
  return null;
}

/** The drawn one goes first; the others follow as they were. */
export function withArmFirst(candidates: readonly Candidate[], arm: string | null): Candidate[] {
  return [...candidates.filter(({ member }) => member.id === arm), ...candidates.filter(({ member }) => member.id !== arm)];
}
