// Whether a box has come near the screen. Once it has, it stays so: what was shown is not taken away again.
import { type RefObject, useEffect, useRef, useState } from "react";

const MARGIN = "1200px 0px"; // a screen ahead, so that nobody sees an empty box

export function useNear(atOnce: boolean): { ref: RefObject<HTMLDivElement | null>; near: boolean } {
  const ref = useRef<HTMLDivElement>(null);
  const [near, setNear] = useState(atOnce);
  useEffect(() => {
    const box = ref.current;
    if (near || box === null) return;
    const observer = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && setNear(true), {
      rootMargin: MARGIN,
    });
    observer.observe(box);
    return () => observer.disconnect();
  }, [near]);
  return { ref, near };
}
