// Where model servers are found when nobody configured them: the addresses they take by default. Whether one answers is its probe's to say.

export interface Discoverable {
  id: string;
  kind: "ollama" | "llamafarm";
  url: string;
}

const LLAMAFARM = "http://127.0.0.1:14345";
const OLLAMA_PORT = "11434";
const OLLAMA = `http://127.0.0.1:${OLLAMA_PORT}`;
const ANY_ADDRESS = new Set(["0.0.0.0", "[::]"]); // where it listens; it is reached through the loopback

export function discoverable(env: { ollamaHost?: string | undefined }): Discoverable[] {
  return [
    { id: "llamafarm", kind: "llamafarm", url: LLAMAFARM },
    { id: "ollama", kind: "ollama", url: ollamaUrl(env.ollamaHost ?? "") ?? OLLAMA },
  ];
}

/** OLLAMA_HOST as Ollama itself reads it: [scheme://][host][:port]. Null when it is none, or carries credentials. */
function ollamaUrl(text: string): string | null {
  const value = text.trim();
  if (value === "") return null;
  const [, scheme = "", rest = ""] = /^(?:(https?):\/\/)?(.*)$/i.exec(value) ?? [];
  const written = `${scheme === "" ? "http" : scheme}://${rest.startsWith(":") ? `127.0.0.1${rest}` : rest}`;
  if (!URL.canParse(written)) return null;
  const url = new URL(written);
  if (url.username !== "" || url.password !== "") return null;
  // A port that is the scheme's own is written without one in a URL; without a scheme it is Ollama's.
  if (url.port === "" && scheme === "" && !/:80$/.test(rest.replace(/\/.*$/, ""))) url.port = OLLAMA_PORT;
  if (ANY_ADDRESS.has(url.hostname)) url.hostname = "127.0.0.1";
  return `${url.origin}${url.pathname}`.replace(/\/$/, "");
}
