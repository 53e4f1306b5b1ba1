// A diff with its own chunk of code: loaded when it is first looked at, of about its height until then.
import { lazy, Suspense } from "react";
import type { FileDiff } from "../../../protocol/stage.ts";
import { Loading } from "../../common/empty.tsx";

const CodeDiff = lazy(() => import("../approval/code-diff.tsx").then((module) => ({ default: module.CodeDiff })));

export function LazyDiff({ files }: { files: readonly FileDiff[] }) {
  return (
    <Suspense fallback={<DiffLoading />}>
      <CodeDiff files={files} />
    </Suspense>
  );
}

export function DiffLoading() {
  return <Loading rows={4} height={56} />;
}
