// Which secrets of this machine are sent to which address. The agent's own file may name any; whoever adds a site through the API is not
// its administrator, and must not have any file or variable of it sent to an address of their own.
import { realpath } from "node:fs/promises";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { SecretRef, SiteConfig } from "../protocol/site.ts";

const OPEN_VARIABLE = /^SITE_[A-Z0-9_]+$/;

/** One address of a site, with the credential that its configuration names for it. */
interface Place {
  url: string;
  tokenRef?: SecretRef | undefined;
}

export interface SecretScope {
  /** Whether the agent's file has this very address with this very reference. */
  declares(place: Place): boolean;
  /** What is to be read when the reference is used for the address, links followed; null: it must not be. */
  permitted(ref: SecretRef, url: string): Promise<SecretRef | null>;
}

/** `secretsDir`: absolute; files beneath it are for sites that are added through the API, as are variables `SITE_*`. */
export function createSecretScope({ sites, secretsDir }: { sites: readonly SiteConfig[]; secretsDir: string }): SecretScope {
  const places: Place[] = sites.flatMap(({ kube, o2ims, prometheus }) => [kube, o2ims, prometheus]);
  const declares = ({ url, tokenRef }: Place) => places.some((place) => place.url === url && isDeepStrictEqual(place.tokenRef, tokenRef));
  return {
    declares,
    async permitted(ref, url) {
      if (declares({ url, tokenRef: ref })) return ref;
      if ("env" in ref) return OPEN_VARIABLE.test(ref.env) ? ref : null;
      return fileWithin(ref.file, secretsDir);
    },
  };
}

/** A link that leads out of the folder is not in it. A file that is not there is told apart: to look for it does no harm. */
async function fileWithin(file: string, dir: string): Promise<SecretRef | null> {
  const isWithin = (inner: string, outer: string) => inner.startsWith(`${outer}${path.sep}`);
  const [realFile, realDir] = await Promise.all([file, dir].map((name) => realpath(name).catch(() => null)));
  if (realFile && realDir) return isWithin(realFile, realDir) ? { file: realFile } : null;
  return isWithin(path.resolve(file), dir) ? { file } : null;
}
