// The address of every object: what a deep link is made of. Ids and names are encoded, so that no name can reach another page.

const encoded = encodeURIComponent;

export const paths = {
  home: "/",
  approvals: "/approvals",
  deployments: "/deployments",
  monitoring: "/monitoring",
  sites: "/sites",
  activity: "/activity",
  integrations: "/integrations",
  more: "/more",
  intent: (id: string, tab?: string) => `/intents/${encoded(id)}${tab === undefined ? "" : `?tab=${encoded(tab)}`}`,
  deployment: (id: string) => `/deployments/${encoded(id)}`,
  slice: (name: string) => `/slices/${encoded(name)}`,
  site: (id: string) => `/sites/${encoded(id)}`,
  agent: (id: string) => `/agents/${encoded(id)}`,
  alert: (id: string) => `/alerts/${encoded(id)}`,
  /** The first page with this sentence in the box, ready to be changed; nothing is sent. */
  compose: (text: string) => `/?text=${encoded(text)}`,
} as const;
