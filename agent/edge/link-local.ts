// Whether an address leads to the link-local range, where clouds keep the metadata and credentials of this very machine.
import { lookup } from "node:dns/promises";
import { BlockList, isIP } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

const LINK_LOCAL = new BlockList();
LINK_LOCAL.addSubnet("169.254.0.0", 16, "ipv4");
LINK_LOCAL.addSubnet("fe80::", 10, "ipv6");

/** By itself or by its name. A name that is not found in time is none: to call it fails as well. */
export async function isLinkLocal(url: string, timeoutMs: number): Promise<boolean> {
  if (!URL.canParse(url)) return false;
  const host = new URL(url).hostname.replace(/^\[|\]$/g, "");
  if (isIP(host) !== 0) return isBlocked(host);
  const found = await Promise.race([lookup(host, { all: true }).catch(() => []), sleep(timeoutMs, [], { ref: false })]);
  return found.some(({ address }) => isBlocked(address));
}

function isBlocked(address: string): boolean {
  return LINK_LOCAL.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
}
