// Something that is loaded at once and again whenever the feed says that it has changed. A slow answer never replaces a newer one.
import { useEffect, useRef, useState } from "react";

export interface Loaded<T> {
  value: T | null;
  error: unknown; // of the last try; undefined when it went well
  reload(): void;
}

export function useLoaded<T>(load: () => Promise<T>, changed: unknown): Loaded<T> {
  const [value, setValue] = useState<T | null>(null);
  const [error, setError] = useState<unknown>(undefined);
  const [round, setRound] = useState(0);
  const newest = useRef(0);
  const latestLoad = useRef(load);
  latestLoad.current = load;
  useEffect(() => {
    newest.current += 1;
    const mine = newest.current;
    const current = () => mine === newest.current;
    latestLoad.current().then(
      (answer) => {
        if (!current()) return;
        setValue(answer);
        setError(undefined);
      },
      (cause: unknown) => current() && setError(cause),
    );
  }, [changed, round]);
  return { value, error, reload: () => setRound((before) => before + 1) };
}
