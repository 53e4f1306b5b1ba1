// Signed out, checking, or signed in: which of the pages is shown, and what happens to the token between them.
import { useCallback, useEffect, useMemo, useState } from "react";
import type { Me } from "../protocol/api.ts";
import { type Api, createApi, isUnauthenticated } from "./api.ts";
import { ProblemNotice } from "./components/bits.tsx";
import { SignIn } from "./components/sign-in.tsx";
import { ControlCenter } from "./control-center.tsx";
import { forgetToken, keepToken, readToken, type TokenStores } from "./session.ts";

const ENDED = "Your token is no longer valid. Sign in again.";

export function App({ stores }: { stores: TokenStores }) {
  const [token, setToken] = useState(() => readToken(stores));
  const [notice, setNotice] = useState<string | null>(null);

  const signOut = useCallback(
    (why: string | null) => {
      forgetToken(stores);
      setNotice(why);
      setToken(null);
    },
    [stores],
  );
  const api = useMemo(() => (token === null ? null : apiWith(token, () => signOut(ENDED))), [token, signOut]);

  const signIn = async (entered: string, keepSignedIn: boolean) => {
    await apiWith(entered, () => undefined).me(); // throws when the token is not accepted
    keepToken(stores, entered, keepSignedIn);
    setNotice(null);
    setToken(entered);
  };

  if (api === null) return <SignIn notice={notice} onSignIn={signIn} />;
  return <Session key={token} api={api} onSignOut={() => signOut(null)} />;
}

function apiWith(token: string, onUnauthenticated: () => void): Api {
  return createApi({ fetch: (input, init) => window.fetch(input, init), token, onUnauthenticated });
}

function Session({ api, onSignOut }: { api: Api; onSignOut(): void }) {
  const [me, setMe] = useState<Me | null>(null);
  const [problem, setProblem] = useState<unknown>(undefined);
  const [round, setRound] = useState(0);

  useEffect(() => {
    let gone = false;
    setProblem(undefined);
    api.me().then(
      (found) => gone || setMe(found),
      (error: unknown) => gone || isUnauthenticated(error) || setProblem(error),
    );
    return () => {
      gone = true;
    };
  }, [api, round]);

  if (me !== null) return <ControlCenter api={api} me={me} onSignOut={onSignOut} />;
  return (
    <main className="sign-in">
      <div className="card">
        {problem === undefined ? (
          <p className="faint">Signing in…</p>
        ) : (
          <>
            <ProblemNotice problem={problem} retry={() => setRound(round + 1)} />
            <button type="button" className="quiet" onClick={onSignOut}>
              Sign out
            </button>
          </>
        )}
      </div>
    </main>
  );
}
