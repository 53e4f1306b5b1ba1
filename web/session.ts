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

export function forgetToken(stores: TokenStores): void {
  stores.tab.removeItem(KEY);
  stores.browser.removeItem(KEY);
}

/** The token of a sign-in link `/#token=…`; undefined when the fragment is something else or is not decodable. */
export function tokenOfFragment(hash: string): string | undefined {
  const found = TOKEN_IN_FRAGMENT.exec(hash)?.[1];
  if (found === undefined) return undefined;
  try {
    return decodeURIComponent(found);
  } catch {
    return undefined;
  }
}
