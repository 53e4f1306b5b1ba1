// Signed out, checking, or signed in: which of the three is shown, and what happens to the token between them.
import CssBaseline from "@mui/material/CssBaseline";
import { ThemeProvider } from "@mui/material/styles";
import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from "react";
import type { Me } from "../../protocol/api.ts";
import { type Api, createApi, isUnauthenticated } from "../api.ts";
import { ErrorBoundary } from "../common/error-boundary.tsx";
import { forgetToken, keepToken, readToken, type TokenStores } from "../session.ts";
import { Session } from "./session.tsx";
import { theme } from "./theme.ts";

const SignIn = lazy(() => import("../areas/system/sign-in.tsx").then((module) => ({ default: module.SignIn })));
const Checking = lazy(() => import("../areas/system/checking.tsx").then((module) => ({ default: module.Checking })));

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

  const signOut = useCallback(
    (byServer: boolean) => {
      forgetToken(stores);
      setEnded(byServer);
      setToken(null);
    },
    [stores],
  );
  const api = useMemo(() => (token === null ? null : apiWith(token, () => signOut(true))), [token, signOut]);

  const signIn = async (entered: string, keepSignedIn: boolean) => {
    await apiWith(entered, () => undefined).me(); // throws when the token is not accepted
    keepToken(stores, entered, keepSignedIn);
    setEnded(false);
    setToken(entered);
  };

  if (api === null) return <SignIn ended={ended} onSignIn={signIn} />;
  return <SignedIn key={token} api={api} onSignOut={() => signOut(false)} />;
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
