// What a person is told who adds a site: each address and each credential, tried once. Messages carry references, never secrets.
import type { Result } from "../../protocol/result.ts";
import type { SecretRef, SiteCheck } from "../../protocol/site.ts";
import type { EdgeFailure } from "../ports.ts";
import { type EdgeApi, tokenOf } from "./http.ts";
import { isLinkLocal } from "./link-local.ts";
import { describeSecretRef } from "./secret.ts";

const MAX_MESSAGE = 500;

export interface Probe {
  name: "kube" | "o2ims" | "prometheus";
  api: EdgeApi;
  /** Asks what an adapter asks, and says in a few words what was answered. */
  ask(api: EdgeApi): Promise<Result<string, EdgeFailure>>;
}

/** One line for the address, and one for the credential when the site's configuration names one. */
export async function checkProbe({ name, api, ask }: Probe): Promise<SiteCheck[]> {
  const line = (part: SiteCheck["name"], ok: boolean, message: string) => ({ name: part, ok, message: message.slice(0, MAX_MESSAGE) });
  if (api.added === true && (await isLinkLocal(api.baseUrl, api.timeoutMs)))
    return [line(name, false, `${api.name}: link-local addresses are not allowed`)];
  const statuses: number[] = [];
  const answered = (status: number) => void statuses.push(status);
  const token = await tokenOf(api);
  // Without a usable token the address is tried all the same: it may be the only thing that is right.
  const answer = await ask({ ...api, answered, quiet: api.added === true, tokenRef: token.ok ? api.tokenRef : undefined });
  const refused = statuses.find((status) => status === 401 || status === 403);

  if (api.tokenRef === undefined) {
    if (refused !== undefined) return [line(name, false, `${api.name} wants a credential (${refused}), and none is configured`)];
    return [line(name, answer.ok, answer.ok ? answer.value : answer.error.message)];
  }
  const credential = (ok: boolean, message: string) => line(`${name}.credential`, ok, message);
  const address =
    refused === undefined ? line(name, answer.ok, answer.ok ? answer.value : answer.error.message) : line(name, true, "it answers");
  if (!token.ok) return [address, credential(false, token.error.message)];
  return [address, credentialOf(api.tokenRef)];

  function credentialOf(ref: SecretRef): SiteCheck {
    const where = `the token in ${describeSecretRef(ref)}`;
    if (refused !== undefined) return credential(false, `${where} is refused (${refused})`);
    if (statuses.length === 0) return credential(false, `${where} could not be tried: no answer`);
    return credential(true, `${where} is accepted`);
  }
}
