// Where a person can look at a repository and at a commit of it. Only http and https become links, and no credential of an address is shown. Pure.

export interface RepositoryLink {
  shown: string; // the address without a user, a password or a query
  href: string | null; // null: nothing that a browser should open
}

function parsed(address: string): URL | null {
  const url = URL.canParse(address) ? new URL(address) : null;
  return url !== null && (url.protocol === "https:" || url.protocol === "http:") ? url : null;
}

export function repositoryLink(address: string): RepositoryLink {
  const url = parsed(address);
  if (url === null) return { shown: address.replace(/^([a-z0-9+.-]+:\/\/)[^/@]*@/i, "$1"), href: null };
  const clean = `${url.origin}${url.pathname}`;
  return { shown: clean, href: clean };
}

/** The part of a host's address between the repository and the commit, by the forge that its name tells. */
const FORGES: readonly { name: RegExp; way: string }[] = [
  { name: /(^|\.)github\./, way: "/commit/" },
  { name: /(^|\.)gitlab\./, way: "/-/commit/" },
  { name: /(^|\.)(gitea|forgejo|codeberg)\./, way: "/commit/" },
];

/** Null where the host is none of the known forges: then there is no page of a commit to go to. */
export function commitLink(address: string | null, commit: string): string | null {
  const url = address === null ? null : parsed(address);
  const forge = url === null ? undefined : FORGES.find(({ name }) => name.test(url.hostname));
  if (url === null || forge === undefined) return null;
  return `${url.origin}${url.pathname.replace(/(\.git)?\/*$/, "")}${forge.way}${encodeURIComponent(commit)}`;
}
