// The token of this browser: taken from the sign-in link or typed in, kept per tab or, on request, per browser. Never logged.

const KEY = "control-center.token";
const TOKEN_IN_FRAGMENT = /^#token=([^&]+)$/;

export interface TokenStores {
  tab: Storage; // sessionStorage: forgotten when the tab closes
  browser: Storage; // localStorage: "keep me signed in"
}

export function readToken(stores: TokenStores): string | null {
  return stores.tab.getItem(KEY) ?? stores.browser.getItem(KEY);
}

export function keepToken(stores: TokenStores, token: string, keepSignedIn: boolean): void {
  forgetToken(stores);
  (keepSignedIn ? stores.browser : stores.tab).setItem(KEY, token);
}

/** `only`: nothing else is forgotten, as another token may have been kept since this one was refused. */
export function forgetToken({ tab, browser }: TokenStores, only?: string): void {
  for (const store of [tab, browser]) {
    if (only === undefined || store.getItem(KEY) === only) store.removeItem(KEY);
  }
}

/** Whether a header can carry it (RFC 6750): with anything else `fetch` throws before it asks. */
export function isSendable(token: string): boolean {
  return /^[\x21-\x7e]+$/.test(token);
}

/** The token of a sign-in link `/#token=…`; undefined when the fragment is something else, is not decodable or can be no token. */
export function tokenOfFragment(hash: string): string | undefined {
  const found = TOKEN_IN_FRAGMENT.exec(hash)?.[1];
  if (found === undefined) return undefined;
  try {
    const token = decodeURIComponent(found);
    return isSendable(token) ? token : undefined;
  } catch {
    return undefined;
  }
}
