// login: tries an address and a token, and keeps them for this user. The token comes from a prompt or from stdin.
import { Me } from "../../../protocol/api.ts";
import { createApi } from "../client.ts";
import type { Command, Context, Input } from "../command.ts";
import { EXIT, type ExitCode, usage } from "../failure.ts";
import { readSecret } from "../prompt.ts";
import { parseUrl, storeConnection } from "../settings.ts";
import { oneLine } from "../text.ts";

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

async function login(context: Context, input: Input): Promise<ExitCode> {
  const { out, env, version } = context;
  const address = input.words[0] ?? env.O2_URL;
  if (address === undefined) throw usage("o2 login needs the address of the control centre");
  const url = parseUrl(address);
  if (url.protocol === "http:" && !LOOPBACK.test(url.hostname))
    out.note(`warning: ${url.origin} is not encrypted; everybody on the way can read the token`);
  const token = await readSecret(context, `API token for ${url.origin} (not shown): `);
  if (!/^[\x21-\x7e]+$/.test(token)) throw usage("that is not a token");
  const me = await createApi({ url, token, version, newKey: () => crypto.randomUUID() }).get("api/v1/me", Me, context.signal);
  const file = await storeConnection(env, { url, token });
  if (out.json) out.document({ url: url.href, name: me.name, scopes: me.scopes, file });
  out.text(`Signed in at ${url.origin} as ${oneLine(me.name)} (${me.scopes.join(", ")}); kept in ${file}`);
  return EXIT.ok;
}

export const LOGIN_COMMANDS: readonly Command[] = [
  {
    ...{ name: "login", takes: "[URL]", min: 0, max: 1, about: "sign in; the token is asked for, or read from stdin", run: login },
    options: {},
  },
];
