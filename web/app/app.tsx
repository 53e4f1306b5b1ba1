// Signed out, checking, or signed in: which of the three is shown, and what happens to the token between them.
import CssBaseline from "@mui/material/CssBaseline";
import { ThemeProvider } from "@mui/material/styles";
import { Suspense, useCallback, useEffect, useMemo, useState } from "react";
import type { Me } from "../../protocol/api.ts";
import { type Api, createApi, isUnauthenticated } from "../api.ts";
import { ErrorBoundary } from "../common/error-boundary.tsx";
import { part } from "../common/part.tsx";
import { forgetToken, keepToken, readToken, type TokenStores } from "../session.ts";
import { Session } from "./session.tsx";
import { theme } from "./theme.ts";

const SignIn = part(
  () => import("../areas/system/sign-in.tsx"),
  (module) => module.SignIn,
);
const Checking = part(
  () => import("../areas/system/checking.tsx"),
  (module) => module.Checking,
);

export function App({ stores }: { stores: TokenStores }) {
  return (
    <ThemeProvider theme={theme} defaultMode="system">
      <CssBaseline enableColorScheme />
      <ErrorBoundary>
        <Suspense fallback={null}>
          <Door stores={stores} />
        </Suspense>
      </ErrorBoundary>
    </ThemeProvider>
  );
}

function Door({ stores }: { stores: TokenStores }) {
  const [token, setToken] = useState(() => readToken(stores));
  const [ended, setEnded] = useState(false); // by the server, not by the person

  const signOut = () => {
    forgetToken(stores);
    setEnded(false);
    setToken(null);
  };
  // A late answer to an old token must not end the session of the new one.
  const refuse = useCallback(
    (refused: string) => {
      forgetToken(stores, refused);
      setEnded(true);
      setToken((now) => (now === refused ? null : now));
    },
    [stores],
  );
  const api = useMemo(() => (token === null ? null : apiWith(token, () => refuse(token))), [token, refuse]);

  const signIn = async (entered: string, keepSignedIn: boolean) => {
    await apiWith(entered, () => undefined).me(); // throws when the token is not accepted
    keepToken(stores, entered, keepSignedIn);
    setEnded(false);
    setToken(entered);
  };

  if (api === null) return <SignIn ended={ended} onSignIn={signIn} />;
  return <SignedIn key={token} api={api} onSignOut={signOut} />;
}

function apiWith(token: string, onUnauthenticated: () => void): Api {
  return createApi({ fetch: (input, init) => window.fetch(input, init), token, onUnauthenticated });
}

function SignedIn({ api, onSignOut }: { api: Api; onSignOut(): void }) {
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

  if (me !== null) return <Session api={api} me={me} onSignOut={onSignOut} />;
  if (problem === undefined) return null; // it takes a moment only
  return <Checking problem={problem} onRetry={() => setRound(round + 1)} onSignOut={onSignOut} />;
}
