// What the check of a site that is added through the API must not do: send secrets to strangers, and show what this machine alone can read.
import { expect, test } from "vitest";
import { createEdgePort } from "../../../agent/edge/edge.ts";
import { createSecretScope } from "../../../agent/secret-scope.ts";
import { SiteConfig } from "../../../protocol/site.ts";
import { never, serve } from "./support.ts";

const TOKEN = "tok-very-secret-0123456789";
const PAGE = "the body of a page that only this machine can read";

function configOf(id: string, url: string, tokenRef?: { env: string }): SiteConfig {
  const place = (path: string) => ({ url: `${url}/${path}`, ...(tokenRef === undefined ? {} : { tokenRef }) });
  return SiteConfig.parse({
    ...{ id, kube: place("kube"), o2ims: place("o2ims"), prometheus: place("prometheus") },
    capacity: { downlinkMbps: 1, uplinkMbps: 1, maxDevices: 1 },
  });
}

/** As the agent builds it. */
function portOf(declared: SiteConfig[]) {
  const scope = createSecretScope({ sites: declared, secretsDir: "/var/lib/agent/secrets" });
  const secret = async (...asked: Parameters<typeof scope.permitted>) => ((await scope.permitted(...asked)) === null ? null : TOKEN);
  return createEdgePort({ sites: declared, secret, declares: scope.declares, timeoutMs: 2_000 });
}

/** A far end that keeps what it was sent, and answers 404 with a text. */
async function listening() {
  const sent = new Set<string | undefined>();
  const url = await serve((req, res) => {
    sent.add(req.headers.authorization);
    res.writeHead(404).end(JSON.stringify({ message: PAGE }));
  });
  return { url, sent };
}

test("a secret of a declared site is not sent to an address of somebody's own, and the check says so", async () => {
  const { url, sent } = await listening();
  const port = portOf([configOf("edge1", "http://127.0.0.1:1", { env: "EDGE1_TOKEN" })]);
  const checks = await port.probe(configOf("edge7", url, { env: "EDGE1_TOKEN" })).check(never());
  expect([...sent]).toEqual([undefined]);
  expect(checks.filter(({ name }) => name === "prometheus.credential")).toEqual([
    {
      name: "prometheus.credential",
      ok: false,
      message: "Prometheus of edge7: environment variable EDGE1_TOKEN is not allowed for a site added through the API",
    },
  ]);
});

test("a variable that is open to added sites is sent, and so is a declared site's own to its own address", async () => {
  const { url, sent } = await listening();
  await portOf([])
    .probe(configOf("edge7", url, { env: "SITE_EDGE7" }))
    .check(never());
  expect([...sent]).toEqual([`Bearer ${TOKEN}`]);
  const edge1 = configOf("edge1", url, { env: "EDGE1_TOKEN" });
  await portOf([edge1])
    .probe({ ...edge1, labels: { environment: "production" } })
    .check(never());
  expect([...sent]).toEqual([`Bearer ${TOKEN}`]);
});

test("what an address of an added site answers is not shown; a declared one's is", async () => {
  const { url } = await listening();
  const [kube] = await portOf([]).probe(configOf("edge7", url)).check(never());
  const message = "Config Sync of edge7 answered 404 (its text is not shown for a site added through the API)";
  expect(kube).toEqual({ name: "kube", ok: false, message });
  const edge1 = configOf("edge1", url);
  expect((await portOf([edge1]).probe(edge1).check(never()))[0]?.message).toBe(`Config Sync of edge1 answered 404: ${PAGE}`);
});

test.each(["169.254.169.254", "[fe80::1]", "[::ffff:169.254.169.254]"])("%s is not called for an added site", async (host) => {
  const checks = await portOf([])
    .probe(configOf("edge7", `http://${host}`))
    .check(never());
  expect(checks).toEqual([
    { name: "kube", ok: false, message: "Config Sync of edge7: link-local addresses are not allowed" },
    { name: "o2ims", ok: false, message: "O2 IMS of edge7: link-local addresses are not allowed" },
    { name: "prometheus", ok: false, message: "Prometheus of edge7: link-local addresses are not allowed" },
  ]);
});
