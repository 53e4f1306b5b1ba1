// The sign-in form: one token, pasted. What is done with it is the caller's business.
import { type FormEvent, useState } from "react";
import { ProblemNotice } from "./bits.tsx";
import { useCommand } from "./use-command.ts";

export interface SignInProps {
  notice: string | null; // why one is here again
  onSignIn(token: string, keepSignedIn: boolean): Promise<void>;
}

export function SignIn({ notice, onSignIn }: SignInProps) {
  const [token, setToken] = useState("");
  const [keep, setKeep] = useState(false);
  const command = useCommand();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const pasted = token.trim();
    if (pasted !== "") command.run(() => onSignIn(pasted, keep));
  };
  return (
    <main className="sign-in">
      <form className="card" data-testid="sign-in-form" onSubmit={submit}>
        <img src="/favicon.svg" alt="" width="40" height="40" />
        <h1>Intent-to-O2 Control Center</h1>
        <p className="faint">Say what the network should do. See it happen at the edge, proved or taken back.</p>
        {notice !== null && command.error === undefined && (
          <p className="notice" data-tone="wait" role="status">
            {notice}
          </p>
        )}
        <label htmlFor="token">Access token</label>
        <input
          id="token"
          data-testid="token-input"
          type="password"
          autoComplete="current-password"
          spellCheck={false}
          value={token}
          onChange={(event) => setToken(event.target.value)}
          aria-describedby="token-help"
          required
        />
        <p id="token-help" className="faint">
          <code>npm start</code> prints a sign-in link and the token; an administrator can give you one of your own.
        </p>
        <label className="check">
          <input type="checkbox" checked={keep} onChange={(event) => setKeep(event.target.checked)} />
          Keep me signed in on this browser
        </label>
        <button type="submit" className="primary" disabled={command.pending || token.trim() === ""}>
          {command.pending ? "Signing in…" : "Sign in"}
        </button>
        {command.error !== undefined && <ProblemNotice problem={command.error} />}
      </form>
    </main>
  );
}
