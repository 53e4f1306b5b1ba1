// A far end that can refuse, hang and lie, and a site configuration that points to it.
import { createServer, type RequestListener } from "node:http";
import { onTestFinished } from "vitest";
import { createEdgePort } from "../../../agent/edge/edge.ts";
import type { EdgeSite } from "../../../agent/ports.ts";
import { SiteConfig } from "../../../protocol/site.ts";

export async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return `http://127.0.0.1:${address.port}`;
}

export interface SiteOptions {
  url: string;
  timeoutMs?: number;
  token?: string | undefined; // what the secret resolves to
  aliases?: string[];
  kube?: object;
  o2ims?: object;
}

/** The adapters of one site all of whose APIs are under `url`. */
export function edgeSite(options: SiteOptions): EdgeSite {
  const { url, timeoutMs = 2_000, token } = options;
  const ref = "token" in options ? { tokenRef: { env: "EDGE_TOKEN" } } : {};
  const config = SiteConfig.parse({
    id: "edge1",
    aliases: options.aliases ?? [],
    kube: { url: `${url}/kube`, ...ref, ...options.kube },
    o2ims: { url: `${url}/o2ims/`, ...ref, ...options.o2ims },
    prometheus: { url: `${url}/prometheus`, ...ref },
    capacity: { downlinkMbps: 1, uplinkMbps: 1, maxDevices: 1 },
  });
  const site = createEdgePort({ sites: [config], secret: async () => token, timeoutMs }).site("edge1");
  if (site === undefined) throw new Error("no such site");
  return site;
}

export const never = (): AbortSignal => new AbortController().signal;
